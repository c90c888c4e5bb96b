"""The stream client in a real browser: by `fetch` from another origin, by EventSource on the API's own."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from nats.js import JetStreamContext

from ingest.stores import StoreSettings, nats_client
from orchestration.stack.layout import HOST, Layout
from tests.sdk.typescript.page import serving
from tests.serving.browser import CHROMIUM, open_page
from tests.serving.running import OURS, free_port, running_api, wait_until_ready
from tests.serving.sse import publish_update

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="needs Chromium: apt-get install chromium-headless-shell"
)


@pytest.fixture
async def js(store_settings: StoreSettings) -> AsyncIterator[JetStreamContext]:
    client = await nats_client(store_settings, name="publisher of the tests")
    yield client.jetstream()
    await client.close()


@needs_chromium
@pytest.mark.parametrize("transport", ["fetch", "eventsource"])
async def test_it_misses_nothing_over_a_restart_and_begins_anew_after_a_reset(
    embedded_stores: Layout, client: Path, figures: None, our_key: str, js: JetStreamContext, tmp_path: Path,
    transport: str,
) -> None:  # fmt: skip
    api_url = f"http://{HOST}:{(port := free_port())}"
    async with serving(api_url) as origin, open_page(tmp_path / "browser") as page:
        options = {
            "IMPACT_PORT_API": str(port), "STREAM_RETRY_MS": "100", "STREAM_HEARTBEAT_S": "0.5",
            "SERVING_CORS_ORIGINS": json.dumps([origin]),
        }  # fmt: skip
        asked = {"key": our_key, "transport": transport, **({"url": api_url} if transport == "fetch" else {})}
        with running_api(embedded_stores, tmp_path / "api.log", **options) as api:
            wait_until_ready(api)
            await page.open(f"{origin}/#{urlencode(asked)}")
            await page.until('window.failure ?? states.includes("open")')
            assert await page.ask("window.failure") is None
            await publish_update(js, OURS, 1)
            await page.until("told.length === 1")
        await page.until('states.at(-1) !== "open"')
        for value in (2, 3):
            await publish_update(js, OURS, value)
        with running_api(embedded_stores, tmp_path / "api.log", **options) as api:
            wait_until_ready(api)
            await publish_update(js, OURS, 4)
            await page.until("told.length === 4")
        await publish_update(js, OURS, 5)
        await js.purge_stream("UPDATES")  # what it missed is gone from the log
        with running_api(embedded_stores, tmp_path / "api.log", **options) as api:
            wait_until_ready(api)
            await page.until("told.length === 5")
            await publish_update(js, OURS, 6)
            await page.until("told.length === 6")
        assert await page.ask("told") == [1, 2, 3, 4, "expired", 6]
    assert our_key not in (tmp_path / "api.log").read_text()


@needs_chromium
async def test_a_page_on_another_origin_is_told_to_use_fetch(client: Path, tmp_path: Path) -> None:
    async with serving("http://127.0.0.1:1") as origin, open_page(tmp_path / "browser") as page:
        asked = urlencode({"key": "k", "transport": "eventsource", "url": "http://127.0.0.1:1"})
        await page.open(f"{origin}/#{asked}")
        failure = await page.until("window.failure")
        assert 'use transport: "fetch"' in failure
