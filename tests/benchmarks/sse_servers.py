"""The servers whose live streams are measured: ours, any command that answers at an address, and nchan."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from orchestration.stack.layout import HOST
from tests.benchmarks.sse_bench import Bench
from tests.serving.running import free_port, running_api, wait_until_ready

SERVER_CORE = 0
NCHAN = Path("/usr/lib/nginx/modules/ngx_nchan_module.so")


@contextmanager
def api(bench: Bench, log: Path, **environment: str) -> Iterator[tuple[str, int]]:
    with running_api(bench.layout, log, STREAM_LIFETIME_S="3600", **environment) as running:
        wait_until_ready(running)
        bench.pin(running.process.pid, SERVER_CORE)
        yield f"{running.url}/v1/stream/updates", running.process.pid


@contextmanager
def process(bench: Bench, command: list[str], url: str) -> Iterator[int]:
    """A server that answers at `url` once it is up."""
    started = subprocess.Popen(command, env=bench.environment)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            address = httpx.URL(url)
            with socket.socket() as probe:
                if probe.connect_ex((address.host, address.port or 80)) == 0:
                    break
            if started.poll() is not None:
                raise RuntimeError(f"{command[0]} ended with {started.returncode}")
            time.sleep(0.05)
        bench.pin(started.pid, SERVER_CORE)
        yield started.pid
    finally:
        started.terminate()
        try:
            started.wait(30)
        except subprocess.TimeoutExpired:  # a peer that drowns in what it still has to send
            started.kill()
            started.wait(30)


@contextmanager
def nchan(bench: Bench, folder: Path) -> Iterator[tuple[str, str, int]]:
    """nginx with one nchan channel: the address to follow, the one to publish to, and its process."""
    port = free_port()
    (folder / "nginx.conf").write_text(
        f"load_module {NCHAN}; daemon off; worker_processes 1; pid {folder}/nginx.pid;"
        f" worker_rlimit_nofile 20000; error_log {folder}/error.log; user root;"
        " events { worker_connections 10000; }"
        f" http {{ access_log off; nchan_max_reserved_memory 512M;"
        f" client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;"
        f" fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;"
        f" server {{ listen {HOST}:{port};"
        " location /pub { nchan_publisher; nchan_channel_id live; nchan_message_buffer_length 4096; }"
        " location /sub { nchan_subscriber eventsource; nchan_channel_id live;"
        " nchan_subscriber_first_message newest; } } }"
    )
    url = f"http://{HOST}:{port}"
    with process(bench, ["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)], url) as pid:
        yield f"{url}/sub", f"{url}/pub", pid
