"""The HTTP side: routes, authentication, limits, and the way of an answer to the client. An ASGI application."""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any

from orchestration.stack.clickhouse import codecs, results
from orchestration.stack.clickhouse.engine import Engine
from orchestration.stack.clickhouse.errors import ClickHouseError
from orchestration.stack.clickhouse.execution import Answer, Execution, Worker, read_statement
from orchestration.stack.clickhouse.request import Request
from orchestration.stack.clickhouse.sessions import Context, Sessions
from orchestration.stack.clickhouse.settings import MIB, FrontSettings

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

logger = logging.getLogger(__name__)
_LIVE = {"/ping", "/replicas_status"}
_SWEEP_S = 5.0


class ClientGone(Exception):
    """The client closed the connection: nobody waits for an answer."""


class Front:
    """ClickHouse's HTTP interface over one engine."""

    def __init__(self, engine: Engine, settings: FrontSettings) -> None:
        self._engine, self._settings = engine, settings
        self._executor = ThreadPoolExecutor(settings.max_concurrent_queries + 2, thread_name_prefix="query")
        self._worker = Worker(self._executor)
        self._sessions = Sessions(settings.max_sessions)
        self._sweeper: asyncio.Task[None] | None = None
        self._running: set[str] = set()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if scope["path"] in _LIVE or (
            scope["path"] == "/" and scope["method"] == "GET" and not scope["query_string"]
        ):
            await _send_whole(send, 200, [], b"Ok.\n")
            return
        try:
            await self._serve(scope, receive, send)
        except ClientGone:
            logger.debug("client gone before the end of its request")

    async def close(self) -> None:
        """After the last request: close what is open. Statements still running are cancelled."""
        if self._sweeper is not None:
            self._sweeper.cancel()
        if self._running:
            await self._worker(self._engine.kill, "1")
        self._executor.shutdown(wait=True)
        for context in self._sessions.all():
            context.close()
        self._engine.close()

    async def _serve(self, scope: Message, receive: Receive, send: Send) -> None:
        headers: Headers = [(b"x-clickhouse-timezone", self._engine.time_zone.encode())]
        body: Body | None = None
        try:
            if scope["path"] not in ("/", "/query"):
                raise ClickHouseError(
                    60,
                    "UNKNOWN_TABLE",
                    f"There is no handle {scope['path']}; use / for queries, /ping for health checks",
                )
            if scope["method"] not in ("GET", "POST", "PUT"):
                raise ClickHouseError(
                    48, "NOT_IMPLEMENTED", f"HTTP method {scope['method']} is not supported"
                )
            request = Request.read(scope["method"], scope["query_string"], scope["headers"])
            headers.append((b"x-clickhouse-query-id", request.query_id.encode("latin-1", "replace")))
            body = Body(receive, request.content_coding, self._settings)
            self._authenticate(request)
            with self._admitted(request.query_id):
                head, statement = await read_statement(
                    request.query, body, self._settings.max_statement_mib * MIB
                )
                async with self._context(request) as context:
                    execution = Execution(self._worker, context, request, self._settings.max_result_mib * MIB)
                    answer = await self._while_connected(
                        request, statement.is_reading, body, execution.run(head, statement, body)
                    )
                    await self._answer(send, request, answer, headers)
        except ClickHouseError as error:
            if body is not None:
                await body.drain()  # a client that is still sending would see a broken pipe, not the error
            await self._refuse(send, error, headers)

    def _authenticate(self, request: Request) -> None:
        user = hmac.compare_digest(request.user.encode(), self._settings.user.encode())
        password = hmac.compare_digest(
            request.password.encode("utf-8", "surrogateescape"),
            self._settings.password.get_secret_value().encode(),
        )
        if not (user and password):
            raise ClickHouseError(
                516, "AUTHENTICATION_FAILED",
                f"{request.user}: Authentication failed: password is incorrect, or there is no user with such name.",
            )  # fmt: skip

    @contextmanager
    def _admitted(self, query_id: str) -> Iterator[None]:
        if query_id in self._running:
            raise ClickHouseError(
                216,
                "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING",
                f"Query with id = {query_id} is already running.",
            )
        if len(self._running) >= self._settings.max_concurrent_queries:
            raise ClickHouseError(
                202, "TOO_MANY_SIMULTANEOUS_QUERIES",
                f"Too many simultaneous queries. Maximum: {self._settings.max_concurrent_queries}; try again",
            )  # fmt: skip
        self._running.add(query_id)
        try:
            yield
        finally:
            self._running.discard(query_id)

    @asynccontextmanager
    async def _context(self, request: Request) -> AsyncIterator[Context]:
        if request.session_id is None:
            context = await self._worker(partial(Context, self._engine, is_session=False))
            try:
                yield context
            finally:
                await self._worker(context.close)
            return
        self._sweeper = self._sweeper or asyncio.create_task(self._sweep())
        held = self._sessions.acquire(request.session_id, must_exist=request.must_have_session)
        try:
            if held is None:
                held = await self._worker(partial(Context, self._engine, is_session=True))
                self._sessions.put(request.session_id, held)
            yield held
        finally:
            if request.closes_session and held is not None:
                self._sessions.discard(request.session_id)
                await self._worker(held.close)
            else:
                self._sessions.release(request.session_id, timeout_s=request.session_timeout_s)

    async def _sweep(self) -> None:
        while len(self._sessions):
            await asyncio.sleep(_SWEEP_S)
            for context in self._sessions.expired():
                await self._worker(context.close)
        self._sweeper = None

    async def _while_connected(
        self, request: Request, is_reading: bool, body: Body, run: Coroutine[Any, Any, Answer]
    ) -> Answer:
        """Run a statement; if its client leaves and asked for that, cancel it."""
        if not (is_reading and request.is_cancelled_on_close):
            return await run
        running, leaving = asyncio.ensure_future(run), asyncio.ensure_future(body.client_leaves())
        try:
            await asyncio.wait((running, leaving), return_when=asyncio.FIRST_COMPLETED)
            if not running.done():
                tag = request.query_id.replace("\\", "\\\\").replace("'", "\\'")
                await self._worker(self._engine.kill, f"Settings['log_comment'] = '{tag}'")
                await asyncio.wait((running,))
                raise ClientGone
            return running.result()
        finally:
            leaving.cancel()

    async def _answer(self, send: Send, request: Request, answer: Answer, headers: Headers) -> None:
        headers += [
            (b"x-clickhouse-format", answer.output_format.encode("latin-1", "replace")),
            (b"content-type", results.content_type(answer.output_format).encode()),
            (b"x-clickhouse-summary", answer.counters.summary()),
        ]
        coding = codecs.encoding(request.accepted_codings)
        encoder = codecs.encoder(coding) if coding and (answer.first or answer.rest) else None
        if encoder is not None and coding is not None:
            headers.append((b"content-encoding", coding.encode()))
        if answer.rest is None:
            content = answer.first
            if encoder is not None:
                content = await self._worker(_encode_whole, encoder, content)
            await _send_whole(send, 200, headers, content)
            return
        tag = secrets.token_hex(8)
        headers += [(b"x-clickhouse-exception-tag", tag.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        encode = encoder.compress if encoder is not None else bytes
        try:
            await send(
                {
                    "type": "http.response.body",
                    "body": await self._worker(encode, answer.first),
                    "more_body": True,
                }
            )
            async for piece in answer.rest:
                await send(
                    {
                        "type": "http.response.body",
                        "body": await self._worker(encode, piece),
                        "more_body": True,
                    }
                )
        except ClickHouseError as error:
            # The status is gone, so the text follows the data in ClickHouse's own marker, and the body is left
            # without its end: no client may take it for whole.
            text = (error.text + self._version).encode()
            block = b"__exception__\r\n%b\r\n%b\n%d %b\r\n__exception__\r\n" % (
                tag.encode(),
                text,
                len(text) + 1,
                tag.encode(),
            )
            tail = encode(block) + (encoder.flush() if encoder is not None else b"")
            await send({"type": "http.response.body", "body": tail, "more_body": True})
            return
        tail = encoder.flush() if encoder is not None else b""
        await send({"type": "http.response.body", "body": tail, "more_body": False})

    @property
    def _version(self) -> str:
        return f" (version {self._engine.version} (chDB))\n"

    async def _refuse(self, send: Send, error: ClickHouseError, headers: Headers) -> None:
        headers += [
            (b"x-clickhouse-exception-code", str(error.code).encode()),
            (b"content-type", b"text/plain; charset=UTF-8"),
        ]
        if error.code == 516:
            headers.append((b"www-authenticate", b'Basic realm="ClickHouse"'))
        await _send_whole(
            send, error.status, headers, (error.text + self._version).encode("utf-8", "replace")
        )


class Body:
    """A request's body, decompressed piece by piece; also tells whether the client is still there."""

    def __init__(self, receive: Receive, coding: str, settings: FrontSettings) -> None:
        self._receive, self._settings = receive, settings
        self._decoder = codecs.decoder(coding)
        self._is_complete = False
        self._size = 0

    def __aiter__(self) -> Body:
        return self

    async def __anext__(self) -> bytes:
        while not self._is_complete:
            raw = await self._next()
            try:
                data = self._decoder.decompress(raw) if self._decoder is not None and raw else raw
            except Exception as error:  # each codec has an exception class of its own
                raise ClickHouseError(
                    432, "CANNOT_DECOMPRESS", f"the body is damaged: {error}", status=400
                ) from error
            self._size += len(data)
            if self._size > self._settings.max_request_mib * MIB:
                raise ClickHouseError(
                    229, "QUERY_IS_TOO_LARGE",
                    f"the request is larger than {self._settings.max_request_mib} MiB; send it in several",
                )  # fmt: skip
            if data:
                return data
        raise StopAsyncIteration

    async def drain(self) -> None:
        """Read what is still coming, so that the client can read the answer; up to the size limit."""
        drained = 0
        while not self._is_complete and drained <= self._settings.max_request_mib * MIB:
            drained += len(await self._next())

    async def client_leaves(self) -> None:
        """Returns when the client closes its connection. Only once the body is complete."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def _next(self) -> bytes:
        try:
            message = await asyncio.wait_for(self._receive(), self._settings.max_body_wait_s)
        except TimeoutError:
            self._is_complete = True
            raise ClickHouseError(
                209,
                "SOCKET_TIMEOUT",
                f"no data for {self._settings.max_body_wait_s} s in the middle of a request",
                status=408,
            ) from None
        if message["type"] == "http.disconnect":
            raise ClientGone
        self._is_complete = not message.get("more_body", False)
        return bytes(message.get("body", b""))


def _encode_whole(encoder: codecs.Encoder, content: bytes) -> bytes:
    return encoder.compress(content) + encoder.flush()


async def _send_whole(send: Send, status: int, headers: Headers, content: bytes) -> None:
    length = (b"content-length", str(len(content)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": content})
