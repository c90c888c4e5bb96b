"""Stands between applications and one store: passes everything on, slowly or not at all when told to."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from orchestration.stack.layout import HOST

PIECE = 64 << 10


class Proxy:
    """`delay_s` holds back each piece, each way. What is cut loses its connections and gets no new ones."""

    def __init__(self, port: int) -> None:
        self._behind = port
        self.delay_s = 0.0
        self._is_cut = False
        self._open: set[asyncio.StreamWriter] = set()
        self.port = 0

    async def start(self) -> asyncio.Server:
        server = await asyncio.start_server(self._serve, HOST, 0, limit=PIECE)
        self.port = server.sockets[0].getsockname()[1]
        return server

    def cut(self) -> None:
        self._is_cut = True
        for writer in tuple(self._open):
            writer.transport.abort()

    def mend(self) -> None:
        self._is_cut, self.delay_s = False, 0.0

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind: asyncio.StreamWriter | None = None
        self._open.add(writer)
        try:
            if self._is_cut:
                return
            back, behind = await asyncio.open_connection(HOST, self._behind, limit=PIECE)
            self._open.add(behind)
            # Whichever side ends first, the other one is ended with it.
            pumps = [asyncio.create_task(self._pump(reader, behind)),
                     asyncio.create_task(self._pump(back, writer))]  # fmt: skip
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            for pump in pumps:
                pump.cancel()
        except OSError:
            pass  # the store is down
        finally:
            for side in (writer, behind):
                if side is not None:
                    self._open.discard(side)
                    side.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(PIECE):
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                writer.write(piece)
                await writer.drain()


class Proxies:
    """A proxy per store, all served by one thread, so that whoever starts them may block."""

    def __init__(self, ports: Mapping[str, int]) -> None:
        self.by_store = {store: Proxy(port) for store, port in ports.items()}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="proxies")

    def port(self, store: str) -> int:
        return self.by_store[store].port

    def slow(self, store: str, delay_s: float) -> None:
        self.by_store[store].delay_s = delay_s

    def cut(self, store: str) -> None:
        self._loop.call_soon_threadsafe(self.by_store[store].cut)

    def mend(self, store: str) -> None:
        self._loop.call_soon_threadsafe(self.by_store[store].mend)

    async def _start(self) -> list[asyncio.Server]:
        return [await proxy.start() for proxy in self.by_store.values()]

    async def _stop(self, servers: list[asyncio.Server]) -> None:
        for server in servers:
            server.close()
        for proxy in self.by_store.values():
            proxy.cut()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    @contextmanager
    def serving(self) -> Iterator[Proxies]:
        self._thread.start()
        servers = asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)
        try:
            yield self
        finally:
            asyncio.run_coroutine_threadsafe(self._stop(servers), self._loop).result(10)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
