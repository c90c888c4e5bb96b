"""The HTTP client below everything: sends a request until it is answered or trying again does not help."""

from __future__ import annotations

import time
from typing import Any

import httpx

from impact_client._answers import problem_of
from impact_client._retries import Retries
from impact_client.errors import ApiUnreachable


class ApiClient(httpx.Client):
    """Gives successes; a problem or no answer at all is raised, after the tries that `retries` allows."""

    def __init__(self, retries: Retries, **options: Any) -> None:
        super().__init__(**options)
        self._retries = retries

    def send(self, request: httpx.Request, *args: Any, **kwargs: Any) -> httpx.Response:
        attempt = 0
        while True:
            attempt += 1
            try:
                response = super().send(request, *args, **kwargs)
                if response.status_code < 400:
                    return response
                response.read()
            except httpx.TransportError as error:
                wait_s = self._retries.after_error(request, error, attempt)
                if wait_s is None:
                    raise ApiUnreachable(
                        f"{request.method} {request.url.copy_with(query=None)}: {type(error).__name__}"
                        f" at try {attempt} of {self._retries.attempts}"
                    ) from error
            else:
                wait_s = self._retries.after_answer(request, response, attempt)
                if wait_s is None:
                    raise problem_of(response)
            time.sleep(wait_s)
