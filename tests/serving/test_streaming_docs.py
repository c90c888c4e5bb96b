"""The two clients in docs/streaming.md do what the page says: a restart of the server loses nothing."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from nats.js import JetStreamContext

from ingest.stores import StoreSettings, nats_client
from orchestration.stack.layout import HOST, Layout
from tests.serving.running import OURS, free_port, running_api, wait_until_ready
from tests.serving.sse import position, publish_update

PAGE = Path(__file__).parents[2] / "docs" / "streaming.md"

PYTHON = """
import sys
url, key, last_id, count = sys.argv[1:]
for number, (event_id, name, event) in enumerate(follow(url, key, last_id), 1):
    print(event_id, event["data"]["value"], flush=True)
    if number == int(count):
        break
"""
# The page's function starts live; the first id is given to it by the address.
JAVASCRIPT = """
const [url, key, lastId, count] = process.argv.slice(2);
let number = 0;
await follow(`${url}?lastEventId=${lastId}`, key, (name, event) => {
  console.log(event.data.value);
  return ++number === Number(count) ? "stop" : undefined;
});
"""


def example(language: str) -> str:
    (code,) = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return code


@pytest.fixture
async def js(store_settings: StoreSettings) -> AsyncIterator[JetStreamContext]:
    client = await nats_client(store_settings, name="publisher of the tests")
    yield client.jetstream()
    await client.close()


@pytest.mark.parametrize(
    "language",
    [
        "python",
        pytest.param(
            "js", marks=pytest.mark.skipif(not shutil.which("node"), reason="needs Node 18 or newer")
        ),
    ],
)
async def test_the_example_misses_nothing_over_a_restart(
    embedded_stores: Layout, our_key: str, js: JetStreamContext, tmp_path: Path, language: str
) -> None:
    if language == "python":
        program = tmp_path / "follow.py"
        program.write_text(example("python") + PYTHON)
        command = [sys.executable, str(program)]
    else:
        program = tmp_path / "follow.mjs"
        program.write_text(example("js") + JAVASCRIPT)
        command = ["node", str(program)]
    port = free_port()
    last_id = await position(js)
    url = f"http://{HOST}:{port}/v1/stream/updates"
    output = tmp_path / "output"
    environment = {"IMPACT_PORT_API": str(port), "STREAM_RETRY_MS": "100"}
    with output.open("wb") as file:
        follower = None
        try:
            for round_number in range(2):
                with running_api(embedded_stores, tmp_path / "api.log", **environment) as api:
                    wait_until_ready(api)
                    if follower is None:
                        follower = await asyncio.create_subprocess_exec(
                            *command, url, our_key, last_id, "6", stdout=file
                        )
                    for number in range(3):
                        await publish_update(js, OURS, 10 * round_number + number)
                    await _arrival(output, 3 * (round_number + 1))
            assert follower is not None
            async with asyncio.timeout(60):
                assert await follower.wait() == 0
        finally:
            if follower is not None and follower.returncode is None:
                follower.kill()
    values = [json.loads(line.split()[-1]) for line in _lines(output)]
    assert values == [0, 1, 2, 10, 11, 12]


async def _arrival(output: Path, count: int) -> None:
    async with asyncio.timeout(60):
        while True:
            if len(_lines(output)) >= count:
                return
            await asyncio.sleep(0.05)


def _lines(output: Path) -> list[str]:
    return output.read_text().splitlines()
