"""A headless Chromium for tests, spoken to over its DevTools socket. Debian's is enough, without a driver."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import signal
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))), None
)


class Page:
    """One tab."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, session: str) -> None:
        self._socket = socket
        self._session = session
        self._numbers = itertools.count(100)

    async def command(self, method: str, **parameters: object) -> dict[str, Any]:
        return await _command(self._socket, next(self._numbers), method, parameters, self._session)

    async def open(self, url: str) -> None:
        await self.command("Page.navigate", url=url)

    async def ask(self, expression: str) -> Any:
        """The value of an expression in the page."""
        answer = await self.command(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        # A page that is not there yet has nothing to say.
        return None if "exceptionDetails" in answer else answer["result"].get("value")

    async def until(self, expression: str, within_s: float = 40) -> Any:
        """The expression's value as soon as it is true."""
        last = None
        try:
            async with asyncio.timeout(within_s):
                while not (last := await self.ask(expression)):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        except TimeoutError:
            text = await self.ask("document.body.innerText")
            raise AssertionError(f"{expression} stayed {last!r}; the page says:\n{text}") from None
        return last


@asynccontextmanager
async def open_page(folder: Path) -> AsyncIterator[Page]:
    """A tab of a browser of its own, which ends with it."""
    assert CHROMIUM is not None
    process = await asyncio.create_subprocess_exec(
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--no-first-run", "--disable-background-networking", "--remote-debugging-port=0",
        f"--user-data-dir={folder}", "about:blank", stderr=PIPE, start_new_session=True,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        async with asyncio.timeout(60):
            while b"DevTools listening on " not in (line := await process.stderr.readline()):
                assert line, "the browser ended at once"
        address = line.decode().rpartition(" on ")[2].strip()
        async with aiohttp.ClientSession() as http, http.ws_connect(address, max_msg_size=0) as socket:
            target = await _command(socket, 1, "Target.createTarget", {"url": "about:blank"})
            attached = await _command(
                socket, 2, "Target.attachToTarget", {"targetId": target["targetId"], "flatten": True}
            )
            yield Page(socket, attached["sessionId"])
            await _command(socket, 3, "Browser.close", {})
    finally:
        # Its children hold its pipe: waiting for the browser alone would wait for them.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def _command(
    socket: aiohttp.ClientWebSocketResponse,
    number: int,
    method: str,
    parameters: dict[str, Any],
    session: str | None = None,
) -> dict[str, Any]:
    message = {"id": number, "method": method, "params": parameters}
    await socket.send_json(message | ({"sessionId": session} if session else {}))
    async with asyncio.timeout(60):
        while True:
            answer = await socket.receive_json()
            if answer.get("id") == number:
                assert "error" not in answer, answer["error"]
                return dict(answer["result"])
