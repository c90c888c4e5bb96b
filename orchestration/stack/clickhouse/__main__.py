"""`python -m orchestration.stack.clickhouse --data DIR --port N`, with the password in CLICKHOUSE_PASSWORD.

Runs in the foreground. SIGTERM lets running statements finish and closes the engine. Killed in any other way,
it has lost no block it acknowledged, and starts again by itself on the same folder.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import uvicorn
from pydantic import ValidationError
from pydantic_settings import CliApp, SettingsConfigDict

from orchestration.stack.clickhouse.app import Front
from orchestration.stack.clickhouse.engine import DataFolderError, Engine
from orchestration.stack.clickhouse.niceness import kept
from orchestration.stack.clickhouse.settings import FrontSettings
from orchestration.stack.clickhouse.wire import HttpProtocol
from orchestration.stack.layout import HOST


class Settings(FrontSettings):
    """ClickHouse's HTTP interface over chDB, on the loopback interface."""

    model_config = SettingsConfigDict(
        cli_prog_name="python -m orchestration.stack.clickhouse", cli_kebab_case=True
    )


def main() -> None:
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s %(message)s")
    # A streamed answer that fails is left without its end on purpose, and logged where that happens.
    logging.getLogger("uvicorn.error").addFilter(
        lambda record: "without completing" not in record.getMessage()
    )
    try:
        settings = CliApp.run(Settings)
        engine = kept(Engine, settings)
    except ValidationError as error:
        sys.exit(f"clickhouse: wrong settings: {error.json(include_input=False, include_url=False)}")
    except DataFolderError as error:
        sys.exit(f"clickhouse: {error}")
    asyncio.run(_serve(engine, settings))


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop serving on a signal. uvicorn's own handler ends the process before the engine is closed."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


async def _serve(engine: Engine, settings: FrontSettings) -> None:
    front = Front(engine, settings)
    protocol = cast("type[asyncio.Protocol]", HttpProtocol)  # buffered: uvloop takes both, uvicorn names one
    config = uvicorn.Config(
        front, host=HOST, port=settings.port, http=protocol, loop="uvloop", lifespan="off", ws="none",
        access_log=False, log_config=None, server_header=False, proxy_headers=False,
        timeout_keep_alive=60, backlog=512, timeout_graceful_shutdown=settings.stop_s,
    )  # fmt: skip
    try:
        await _Server(config).serve()
    finally:
        await front.close()


if __name__ == "__main__":
    main()
