"""The least a live stream can cost here: `python -m tests.benchmarks.bare_sse PORT EVENTS_PER_S`.

A thread accepts; a loop writes every ten milliseconds what is due, with the time inside, to each connection
by one system call. No broker, no HTTP beyond the head of the answer, no resume, no care for who is slow.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import time

TICK_S = 0.01
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"


def main() -> None:
    port, rate = int(sys.argv[1]), float(sys.argv[2])
    connections: list[socket.socket] = []
    descriptors: list[int] = []
    with socket.create_server(("127.0.0.1", port), backlog=4096) as server:
        threading.Thread(target=_accept, args=(server, connections, descriptors), daemon=True).start()
        started = time.monotonic()
        sent = 0
        while True:
            due = int((time.monotonic() - started) * rate) - sent
            data = b"".join(_event(sent + number) for number in range(due))
            for descriptor in descriptors if data else ():
                try:
                    os.write(descriptor, data)
                except OSError:  # gone, or full: nobody cares here
                    continue
            sent += due
            time.sleep(max(0.0, started + (sent + TICK_S * rate) / rate - time.monotonic()))


def _accept(server: socket.socket, connections: list[socket.socket], descriptors: list[int]) -> None:
    while True:
        connection, _ = server.accept()
        connection.recv(65_536)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(HEAD)
        connection.setblocking(False)
        connections.append(connection)
        descriptors.append(connection.fileno())


def _event(number: int) -> bytes:
    """About as long as a changed figure with its frame."""
    return b'id: 1-%d\nevent: metric.updated\ndata: {"t":%d,"filler":"%b"}\n\n' % (
        number, time.time_ns(), b"x" * 230,
    )  # fmt: skip


if __name__ == "__main__":
    main()
