"""The HTTP side, as an ASGI application: routes, who may come in and how many, and the answer's way out."""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import Any

from orchestration.stack.clickhouse import codecs, forms, results, sql
from orchestration.stack.clickhouse.body import Body, ClientGoneError, Receive
from orchestration.stack.clickhouse.context import Context
from orchestration.stack.clickhouse.engine import Engine
from orchestration.stack.clickhouse.errors import ClickHouseError
from orchestration.stack.clickhouse.execution import Answer, Execution, Worker, read_statement
from orchestration.stack.clickhouse.request import Request
from orchestration.stack.clickhouse.sessions import Sessions
from orchestration.stack.clickhouse.settings import MIB, FrontSettings
from orchestration.stack.clickhouse.spares import Spares
from orchestration.stack.clickhouse.sql import Statement

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

logger = logging.getLogger(__name__)
_ALIVE = {"/ping", "/replicas_status"}
_SWEEP_S = 5.0  # how late an expired session may go


class Front:
    """ClickHouse's HTTP interface over one engine."""

    def __init__(self, engine: Engine, settings: FrontSettings) -> None:
        self._engine, self._settings = engine, settings
        # A thread for each statement that may run and two for closing and killing: none waits for another.
        self._executor = ThreadPoolExecutor(settings.max_concurrent_queries + 2, thread_name_prefix="query")
        self._worker = Worker(self._executor)
        self._sessions = Sessions(lambda: Context(engine, is_session=True), settings.max_sessions)
        self._spares = Spares(lambda: Context(engine, is_session=False), settings.max_concurrent_queries)
        self._sweeper: asyncio.Task[None] | None = None
        self._running: dict[str, str] = {}  # tags of the contexts by query id
        self._version = f" (version {engine.version} (chDB))\n"

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        path, method = scope["path"], scope["method"]
        if path in _ALIVE or (path == "/" and method == "GET" and not scope["query_string"]):
            await _send_whole(send, 200, [], b"Ok.\n")
            return
        headers: Headers = [(b"x-clickhouse-timezone", self._engine.time_zone.encode())]
        body: Body | None = None
        try:
            request = _read(scope)
            headers.append((b"x-clickhouse-query-id", _header(request.query_id)))
            body = Body(receive, request.content_coding, self._settings)
            self._authenticate(request)
            await self._serve(request, body, send, headers)
        except ClientGoneError:
            logger.info("client left before its answer: query %s", request.query_id)
        except ClickHouseError as error:
            # The text stays with the client: it may quote data.
            logger.info("statement refused or failed with code %d (%s)", error.code, error.name)
            await self._refuse(error, body, send, headers)

    async def close(self) -> None:
        """After the last request: cancel what still runs, close the sessions and the engine."""
        if self._sweeper is not None:
            self._sweeper.cancel()
        if self._running:
            await self._worker(self._engine.kill, "1")
        self._executor.shutdown(wait=True)
        for context in [*self._sessions.all(), *self._spares.all()]:
            context.close()
        self._engine.close()

    async def _serve(self, request: Request, body: Body, send: Send, headers: Headers) -> None:
        if forms.is_form(request.content_type):
            request = request.with_form(forms.read_form(request.content_type, await body.whole()))
        limit = self._settings.max_statement_mib * MIB
        async with self._context(request) as context:
            with self._admitted(request, context):
                statement, data = await read_statement(request.query, body, limit)
                if statement.words[:2] == ("KILL", "QUERY"):
                    aimed = sql.kill_by_query_id(statement.sql(), self._running)
                    statement = replace(statement, text=aimed.encode())
                execution = Execution(self._worker, context, request, self._settings.max_result_mib * MIB)
                run = execution.run(statement, data, body)
                try:
                    answer = await self._while_wanted(request, statement, context, body, run)
                    if answer.rest is not None:
                        await self._answer(request, answer, body, send, headers)
                except BaseException:
                    self._engine.commits.note_failure()
                    raise
                finally:
                    await execution.close()
        if answer.rest is None:  # once its session is free: whoever has the answer may ask the next at once
            await self._answer(request, answer, body, send, headers)

    def _authenticate(self, request: Request) -> None:
        settings = self._settings
        is_user = hmac.compare_digest(request.user.encode("utf-8", "replace"), settings.user.encode())
        given, right = (
            request.password.encode("utf-8", "replace"),
            settings.password.get_secret_value().encode(),
        )
        if not (hmac.compare_digest(given, right) and is_user):
            raise ClickHouseError(
                516, "AUTHENTICATION_FAILED",
                f"{request.user}: Authentication failed: password is incorrect,"
                " or there is no user with such name.",
            )  # fmt: skip

    @contextmanager
    def _admitted(self, request: Request, context: Context) -> Iterator[None]:
        if request.query_id in self._running:
            raise ClickHouseError(
                216, "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING",
                f"Query with id = {request.query_id} is already running.",
            )  # fmt: skip
        if len(self._running) >= self._settings.max_concurrent_queries:
            raise ClickHouseError(
                202, "TOO_MANY_SIMULTANEOUS_QUERIES",
                f"Too many simultaneous queries. Maximum: {self._settings.max_concurrent_queries}; try again",
            )  # fmt: skip
        self._running[request.query_id] = context.tag
        try:
            yield
        finally:
            del self._running[request.query_id]

    @asynccontextmanager
    async def _context(self, request: Request) -> AsyncIterator[Context]:
        session_id = request.session_id
        if session_id is None:
            context = self._spares.take(request.settings, request.database)
            try:
                yield context
            finally:
                # Others left something behind, failed, or were not read to the end.
                done_with = self._spares.keep(context) if context.is_reusable else context
                if done_with is not None and done_with.is_open:
                    await self._worker(done_with.close)
            return
        self._sweeper = self._sweeper or asyncio.create_task(self._sweep())
        context = self._sessions.acquire(session_id, must_exist=request.must_have_session)
        try:
            yield context
        finally:
            if request.closes_session:
                self._sessions.end(session_id)
                await self._worker(context.close)
            else:
                self._sessions.release(session_id, timeout_s=request.session_timeout_s)

    async def _sweep(self) -> None:
        while len(self._sessions):
            await asyncio.sleep(_SWEEP_S)
            for context in self._sessions.expired():
                await self._worker(context.close)
        self._sweeper = None

    async def _while_wanted(
        self,
        request: Request,
        statement: Statement,
        context: Context,
        body: Body,
        run: Coroutine[Any, Any, Answer],
    ) -> Answer:
        """Run a statement; a reading one is cancelled when its client leaves and had asked for that."""
        if not (statement.is_reading and request.is_cancelled_on_close):
            return await run
        running = asyncio.ensure_future(run)
        leaving = asyncio.ensure_future(body.client_leaves())
        try:
            await asyncio.wait((running, leaving), return_when=asyncio.FIRST_COMPLETED)
            if not running.done():
                await self._worker(self._engine.kill, f"Settings['log_comment'] = {sql.quoted(context.tag)}")
                await asyncio.wait((running,))
                raise ClientGoneError
            return running.result()
        finally:
            leaving.cancel()

    async def _answer(
        self, request: Request, answer: Answer, body: Body, send: Send, headers: Headers
    ) -> None:
        headers += [
            (b"x-clickhouse-format", _header(answer.output_format)),
            (b"x-clickhouse-summary", answer.counters.summary()),
            (b"content-type", results.content_type(answer.output_format).encode()),
        ]
        coding = codecs.encoding(request.accepted_codings) if answer.first else None
        encoder = codecs.encoder(coding) if coding is not None else None
        if coding is not None:
            headers.append((b"content-encoding", coding.encode()))
        if answer.rest is not None:
            await self._stream(answer, encoder, body, send, headers)
        elif encoder is None:
            await _send_whole(send, 200, headers, answer.first)
        else:
            await _send_whole(
                send, 200, headers, await self._worker(codecs.encode_whole, encoder, answer.first)
            )

    async def _stream(
        self, answer: Answer, encoder: codecs.Encoder | None, body: Body, send: Send, headers: Headers
    ) -> None:
        tag = secrets.token_hex(8)
        headers.append((b"x-clickhouse-exception-tag", tag.encode()))
        leaving = asyncio.ensure_future(body.client_leaves())
        await send({"type": "http.response.start", "status": 200, "headers": headers})

        async def send_piece(piece: bytes | bytearray, *, is_last: bool = False) -> None:
            if leaving.done():
                raise ClientGoneError
            if encoder is not None:
                piece = await self._worker(encoder.compress, piece) + (encoder.flush() if is_last else b"")
            await send({"type": "http.response.body", "body": piece, "more_body": not is_last})

        assert answer.rest is not None  # noqa: S101  # for the type checker: the caller has looked
        try:
            await send_piece(answer.first)
            async for piece in answer.rest:
                await send_piece(piece)
            await send_piece(b"", is_last=True)
        except ClickHouseError as error:
            logger.info("statement failed in mid-answer with code %d (%s)", error.code, error.name)
            # The status is gone, so the error follows the data between ClickHouse's own markers.
            text = (error.text + self._version).encode()
            length, mark = len(text), tag.encode()
            block = b"\r\n__exception__\r\n%b\r\n%b%d %b\r\n__exception__\r\n" % (mark, text, length, mark)
            await send_piece(block)
        finally:
            leaving.cancel()
            await answer.rest.aclose()  # waits for its thread

    async def _refuse(self, error: ClickHouseError, body: Body | None, send: Send, headers: Headers) -> None:
        headers += [
            (b"x-clickhouse-exception-code", str(error.code).encode()),
            (b"content-type", b"text/plain; charset=UTF-8"),
        ]
        if error.code == 516:
            headers.append((b"www-authenticate", b'Basic realm="ClickHouse"'))
        try:
            if body is not None:
                await body.drain()
        except (ClientGoneError, ClickHouseError):
            return
        await _send_whole(
            send, error.status, headers, (error.text + self._version).encode("utf-8", "replace")
        )


def _read(scope: MutableMapping[str, Any]) -> Request:
    if scope["path"] not in ("/", "/query"):
        raise ClickHouseError(
            60,
            "UNKNOWN_TABLE",
            f"There is no handle {scope['path']}; use / for queries and /ping for health checks",
        )
    if scope["method"] not in ("GET", "POST", "PUT"):
        raise ClickHouseError(48, "NOT_IMPLEMENTED", f"HTTP method {scope['method']} is not supported")
    return Request.read(scope["method"], scope["query_string"], scope["headers"])


def _header(text: str) -> bytes:
    # A line break from the client's argument would end the header and begin one of its choice.
    return "".join(c if c.isprintable() else "?" for c in text).encode("latin-1", "replace")


async def _send_whole(send: Send, status: int, headers: Headers, content: bytes | bytearray) -> None:
    length = (b"content-length", str(len(content)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": content})
