"""The client against the running API: every method, every example of its README, a stream over a restart."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from nats.js import JetStreamContext

from ingest.stores import StoreSettings, nats_client
from orchestration.stack.layout import HOST, Layout
from tests.sdk.typescript import node
from tests.sdk.typescript.test_package import assert_all_passed
from tests.serving.running import OURS, free_port, running_api, wait_until_ready
from tests.serving.sse import position, publish_update

# These are for administrators of a company; the others for anybody who reads its figures.
ADMINISTRATIVE = {"privacy", "deliveries", "journey"}
EXAMPLES = sorted(path.stem for path in (node.CLIENT / "examples").glob("*.ts") if path.stem != "live")


@pytest.fixture
async def js(store_settings: StoreSettings) -> AsyncIterator[JetStreamContext]:
    client = await nats_client(store_settings, name="publisher of the tests")
    yield client.jetstream()
    await client.close()


def test_every_method_does_what_it_says(client: Path, surroundings: dict[str, str]) -> None:
    said = node.node("--test", "--test-reporter=tap", "build-test/test/live.test.js", **surroundings)
    assert_all_passed(said)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_runs_and_prints_what_the_readme_says(
    consumer: Path, surroundings: dict[str, str], name: str
) -> None:
    if name in ADMINISTRATIVE:
        surroundings["IMPACT_API_KEY"] = surroundings["ADMIN_KEY"]
    said = node.node(f"{name}.js", folder=consumer, **surroundings)
    page = (node.CLIENT / "README.md").read_text()
    shown = re.search(rf"```text examples/{name}.ts\n(.*?)```", page, re.DOTALL)
    if shown is not None:
        assert said == shown[1]


async def test_the_live_example_misses_nothing_over_a_restart_and_loads_again_after_a_reset(
    embedded_stores: Layout, figures: None, our_key: str, js: JetStreamContext, consumer: Path, tmp_path: Path
) -> None:
    port, output = free_port(), tmp_path / "output"
    options = {"IMPACT_PORT_API": str(port), "STREAM_RETRY_MS": "100"}
    environment = node.environment(
        IMPACT_API_URL=f"http://{HOST}:{port}", IMPACT_API_KEY=our_key, IMPACT_COMPANY_ID=str(OURS),
        LAST_EVENT_ID=await position(js),
    )  # fmt: skip
    follower = None

    async def publish(*values: int) -> None:
        for value in values:
            await publish_update(js, OURS, value, period="2026-Q3")

    async def said(count: int) -> list[str]:
        async with asyncio.timeout(60):
            while len(lines := output.read_text().splitlines()) < count:
                assert follower is None or follower.returncode is None, lines
                await asyncio.sleep(0.05)
        return [line.split(" ", 1)[1] if "-" in line.split(" ")[0] else line for line in lines]

    with output.open("wb") as file:
        try:
            with running_api(embedded_stores, tmp_path / "api.log", **options) as api:
                wait_until_ready(api)
                follower = await asyncio.create_subprocess_exec(
                    *node.NODE, "live.js", cwd=consumer, env=environment, stdout=file, stderr=file
                )
                await publish(1, 2)
                await said(3)
            await publish(3, 4)  # while nobody serves
            with running_api(embedded_stores, tmp_path / "api.log", **options) as api:
                wait_until_ready(api)
                await publish(5)
                await said(6)
            await publish(6)
            await js.purge_stream("UPDATES")  # what it missed is gone from the log
            with running_api(embedded_stores, tmp_path / "api.log", **options) as api:
                wait_until_ready(api)
                await said(7)
                await publish(7)
                lines = await said(8)
        finally:
            if follower is not None and follower.returncode is None:
                follower.kill()
                await follower.wait()
    told = [f"sessions_count 2026-Q3 {value}" for value in (1, 2, 3, 4, 5, 7)]
    assert lines == ["loaded 4", *told[:5], "loaded 4", told[5]]
    assert our_key not in (tmp_path / "api.log").read_text()
