"""The API starts, says what is missing, and recovers by itself while its stores come and go."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from orchestration.stack.layout import HOST, Layout
from tests.serving.running import OURS, Api, assert_problem, poll, running_api

GLANCE = f"/v1/companies/{OURS}/at-a-glance?period=2026-09"


class Link:
    """A TCP forwarder to a store: `cut` breaks every connection and refuses new ones, `mend` ends that."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._loop = asyncio.new_event_loop()
        self._open: set[asyncio.StreamWriter] = set()
        self._is_cut = True
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        server = self._on_loop(asyncio.start_server(self._forward, HOST, 0))
        self.port: int = server.sockets[0].getsockname()[1]

    def cut(self) -> None:
        self._on_loop(self._break())

    def mend(self) -> None:
        self._is_cut = False

    def _on_loop(self, coroutine):  # type: ignore[no-untyped-def]
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(5)

    async def _break(self) -> None:
        self._is_cut = True
        for writer in self._open:
            writer.transport.abort()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        store_reader, store_writer = await asyncio.open_connection(HOST, self._target_port)
        self._open |= {writer, store_writer}
        await asyncio.gather(_pump(reader, store_writer), _pump(store_reader, writer))
        self._open -= {writer, store_writer}


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.transport.abort()


@pytest.fixture(scope="module")
def postgres_link(embedded_stores: Layout) -> Link:
    return Link(embedded_stores.ports.postgres)


@pytest.fixture(scope="module")
def nats_link(embedded_stores: Layout) -> Link:
    return Link(embedded_stores.ports.nats)


@pytest.fixture(scope="module")
def shaky_api(
    embedded_stores: Layout,
    postgres_link: Link,
    nats_link: Link,
    figures: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Api]:
    """Started with both stores away."""
    ports = embedded_stores.ports
    with running_api(
        embedded_stores,
        tmp_path_factory.mktemp("api") / "api.log",
        POSTGRES_URL=embedded_stores.postgres_url.replace(f":{ports.postgres}/", f":{postgres_link.port}/"),
        NATS_URL=embedded_stores.nats_url.replace(f":{ports.nats}", f":{nats_link.port}"),
    ) as api:
        yield api


def test_postgres_comes_goes_and_comes_back(shaky_api: Api, postgres_link: Link, our_key: str) -> None:
    assert shaky_api.get("/healthz").status_code == 200
    for _ in range(2):
        postgres_link.cut()
        not_ready = shaky_api.get("/readyz")
        assert assert_problem(not_ready, "unavailable", 503)["checks"]["postgres"] == "unreachable"
        # The caller is unknown without Postgres; that is our trouble, not a wrong credential.
        refused = shaky_api.get(GLANCE, our_key)
        assert_problem(refused, "unavailable", 503)
        assert int(refused.headers["retry-after"]) > 0
        postgres_link.mend()
        poll(lambda: shaky_api.get(GLANCE, our_key).status_code == 200, what="the return of Postgres")


def test_nats_comes_goes_and_comes_back(
    shaky_api: Api, postgres_link: Link, nats_link: Link, admin_key: str
) -> None:
    postgres_link.mend()
    stream = f"/v1/stream/updates?companyId={OURS}"
    for _ in range(2):
        nats_link.cut()
        poll(
            lambda: shaky_api.get("/readyz").json().get("checks", {}).get("nats") == "unreachable",
            what="the loss",
        )
        answer = shaky_api.get(stream, admin_key)
        assert_problem(answer, "unavailable", 503)
        assert int(answer.headers["retry-after"]) > 0
        nats_link.mend()
        poll(lambda: shaky_api.get("/readyz").status_code == 200, what="the return of NATS")
