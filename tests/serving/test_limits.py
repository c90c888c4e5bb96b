"""A request brings no more than it may, and not for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel
from starlette.types import Message

from serving import problems
from serving.limits import BodyLimits
from tests.serving.running import Api, assert_problem

MOST = 1 << 20


def test_a_large_body_is_refused_before_it_is_read(api: Api, our_key: str) -> None:
    answer = httpx.post(
        f"{api.url}/v1/q2q/classify", content=b"x" * (MOST + 1), headers={"X-API-Key": our_key}
    )
    assert_problem(answer, "body-too-large", 413)
    assert str(MOST) in answer.json()["detail"]


def test_a_large_body_that_does_not_say_so_is_refused(api: Api, our_key: str) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(17):
            yield b" " * (MOST // 16)

    answer = httpx.post(f"{api.url}/v1/q2q/classify", content=chunks(), headers={"X-API-Key": our_key})
    assert_problem(answer, "body-too-large", 413)


def test_every_route_with_a_body_says_so(api: Api) -> None:
    for path, methods in api.get("/openapi.json").json()["paths"].items():
        for operation in methods.values():
            assert ("requestBody" in operation) == ({"408", "413"} <= set(operation["responses"])), path


class Order(BaseModel):
    text: str


@pytest.mark.parametrize(("arrives", "status"), [(True, 200), (False, 408)])
async def test_a_body_has_to_arrive_in_time(arrives: bool, status: int) -> None:
    app = FastAPI()
    problems.install(app)

    @app.post("/")
    async def take(order: Order) -> str:
        return order.text

    sent: list[Message] = []
    parts = [{"type": "http.request", "body": b'{"text": ', "more_body": True}]
    if arrives:
        parts.append({"type": "http.request", "body": b'"in time"}', "more_body": False})

    async def receive() -> Message:
        return parts.pop(0) if parts else await asyncio.Event().wait()  # type: ignore[return-value]

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/", "raw_path": b"/", "query_string": b"", "root_path": "",
        "headers": [(b"content-type", b"application/json")], "http_version": "1.1", "scheme": "http",
        "server": ("test", 80), "client": ("test", 1), "app": app,
    }  # fmt: skip
    await BodyLimits(app, most_bytes=100, within_s=0.05)(scope, receive, send)
    assert sent[0]["status"] == status
