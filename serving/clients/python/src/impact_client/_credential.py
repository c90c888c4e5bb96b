"""The credential of each request: a key, or a function that knows the token of the moment."""

from __future__ import annotations

from collections.abc import Callable, Generator

import httpx


class Credential(httpx.Auth):
    """Sends the key. A function is asked at first, and once more when the API says that its token is over."""

    def __init__(self, key: str | Callable[[], str]) -> None:
        self._ask = None if isinstance(key, str) else key
        self._key = key if isinstance(key, str) else None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._key is None and self._ask is not None:
            self._key = self._ask()
        sent = self._key
        request.headers["Authorization"] = f"Bearer {sent}"
        response = yield request
        if response.status_code == 401 and self._ask is not None:
            if self._key == sent:  # else another request has asked meanwhile
                self._key = self._ask()
            request.headers["Authorization"] = f"Bearer {self._key}"
            yield request
