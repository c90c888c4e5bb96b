"""The live page in a real browser, with its own EventSource: figures, events, a restart, a reset."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
from nats.js import JetStreamContext

from ingest.stores import StoreSettings, nats_client
from orchestration.stack.layout import HOST, Layout
from tests.serving.browser import CHROMIUM, Page, open_page
from tests.serving.running import OURS, THEIRS, Api, assert_problem, free_port, running_api, wait_until_ready
from tests.serving.sse import publish_update

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="needs Chromium: apt-get install chromium-headless-shell"
)
SESSION = "/v1/stream/session"


@pytest.fixture
async def js(store_settings: StoreSettings) -> AsyncIterator[JetStreamContext]:
    client = await nats_client(store_settings, name="publisher of the tests")
    yield client.jetstream()
    await client.close()


async def sessions_changed(js: JetStreamContext, value: int) -> int:
    return await publish_update(
        js, OURS, value, metric="sessions_count", periodGrain="quarter", period="2026-Q3"
    )


def figure(metric: str) -> str:
    return f'document.querySelector("#figures [data-metric={metric}] b")?.textContent'


async def feed(page: Page) -> list[str]:
    """The events the page shows, oldest first, by the sequence in their id."""
    ids = await page.ask('[...document.querySelectorAll("#feed li")].map(one => one.dataset.id).reverse()')
    return [one.rpartition("-")[2] for one in ids]


@needs_chromium
async def test_the_page_follows_over_a_restart_and_starts_anew_after_a_reset(
    embedded_stores: Layout, our_key: str, js: JetStreamContext, tmp_path: Path
) -> None:
    port = free_port()
    url = f"http://{HOST}:{port}/live"
    options = {"IMPACT_PORT_API": str(port), "STREAM_RETRY_MS": "100", "STREAM_HEARTBEAT_S": "0.5"}
    published: list[str] = []

    async def publish(value: int) -> None:
        published.append(str(await sessions_changed(js, value)))

    async with open_page(tmp_path / "browser") as page:
        with running_api(embedded_stores, tmp_path / "api.log", **options) as api:
            wait_until_ready(api)
            await page.open(f"{url}#token={our_key}")
            await page.until('document.body.dataset.state === "open"')
            assert await page.until(figure("sessions_count")) == "30"  # what the views have
            assert await page.until('document.getElementById("trend").getAttribute("points")')
            assert await page.ask("location.href") == url, "the token has left the address"
            await publish(31)
            await publish_update(js, THEIRS, 99)
            await page.until(f'{figure("sessions_count")} === "31"')
        # The server is gone; the browser notices and keeps trying.
        await page.until('document.body.dataset.state === "connecting"')
        for value in (32, 33):
            await publish(value)
        with running_api(embedded_stores, tmp_path / "api.log", **options) as api:
            wait_until_ready(api)
            await page.until(f'{figure("sessions_count")} === "33"')
            await publish(34)
            await page.until(f'{figure("sessions_count")} === "34"')
            assert await feed(page) == published, "each once and in order"
        for value in (35, 36):
            await publish(value)
        await js.purge_stream("UPDATES")  # what the page missed is gone from the log
        with running_api(embedded_stores, tmp_path / "api.log", **options) as api:
            wait_until_ready(api)
            await page.until('document.querySelector("#feed [data-name=reset]") !== null')
            # It has fetched the figures again, and goes on.
            await page.until(f'{figure("sessions_count")} === "30"')
            await publish(37)
            await page.until(f'{figure("sessions_count")} === "37"')
    log = (tmp_path / "api.log").read_text()
    assert our_key not in log
    assert "Traceback" not in log


@needs_chromium
async def test_a_pasted_token_that_is_not_good_says_so(api: Api, tmp_path: Path) -> None:
    async with open_page(tmp_path / "browser") as page:
        await page.open(f"{api.url}/live")
        await page.until('document.getElementById("token") !== null')
        await page.ask(
            'document.getElementById("token").value = "teei_live_nothing";'
            'document.querySelector("#sign-in button").click()'
        )
        text = await page.until('document.getElementById("problem").textContent')
        assert "API key is unknown" in text
        assert await page.ask("document.body.dataset.state") == "closed"


def test_the_page_allows_its_own_script_and_nothing_from_elsewhere(api: Api) -> None:
    answer = api.get("/live")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'sha256-" in policy
    assert "http:" not in answer.text.replace("http://www.w3.org", "")
    assert "https:" not in answer.text


class TestSession:
    def test_the_cookie_opens_the_stream_and_nothing_else(
        self, api: Api, our_key: str, new_key: Callable[..., str]
    ) -> None:

        with httpx.Client(base_url=api.url) as http:
            answer = http.post(SESSION, headers={"X-API-Key": our_key})
            assert answer.json()["company_id"] == str(OURS)
            assert answer.json()["topics"] == ["metrics", "journey", "deliveries", "reports", "scores"]
            cookie = answer.headers["set-cookie"]
            assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", "Path=/v1/stream/updates"))
            with http.stream("GET", "/v1/stream/updates") as stream:
                assert stream.status_code == 200
            value = http.cookies["impact_stream"]
        for path in ("/v1/stream/stats", f"/v1/companies/{OURS}/metrics"):
            assert_problem(
                httpx.get(api.url + path, cookies={"impact_stream": value}), "unauthenticated", 401
            )
            assert_problem(api.get(path, value), "unauthenticated", 401)  # nor is it an access token
        assert_problem(
            httpx.get(
                f"{api.url}/v1/stream/updates?companyId={THEIRS}", cookies={"impact_stream": value}
            ),
            "company-forbidden", 403,
        )  # fmt: skip

    def test_no_session_without_a_credential_or_after_its_key_was_revoked(
        self, api: Api, new_key: Callable[..., str], postgres: object
    ) -> None:

        assert_problem(httpx.post(api.url + SESSION), "unauthenticated", 401)
        key = new_key(OURS)
        value = httpx.post(api.url + SESSION, headers={"X-API-Key": key}).cookies["impact_stream"]
        postgres.execute(  # type: ignore[attr-defined]
            "update ingest.api_keys set revoked_at = now() where key_id ="
            " (select key_id from ingest.api_keys order by created_at desc limit 1)"
        )
        answer = httpx.get(f"{api.url}/v1/stream/updates", cookies={"impact_stream": value})
        assert_problem(answer, "unauthenticated", 401)
