"""Runs one statement on a worker thread at a time, from the request's body to the pieces of its answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, TypeVar

from orchestration.stack.clickhouse import results, sql
from orchestration.stack.clickhouse.errors import ClickHouseError, SyntaxRefused
from orchestration.stack.clickhouse.request import Request
from orchestration.stack.clickhouse.results import Counters
from orchestration.stack.clickhouse.sessions import Context
from orchestration.stack.clickhouse.sql import Statement

PIECE = 1 << 20
"""Bytes handed over at once, to the engine or to the client: enough to make the hop between threads negligible."""

T = TypeVar("T")


class Worker:
    """Calls blocking functions on threads and turns the engine's errors into ours."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def __call__(self, function: Callable[..., T], *arguments: Any) -> T:
        future = asyncio.get_running_loop().run_in_executor(self._executor, function, *arguments)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            # The thread goes on; whoever owns the connection must not close it under its feet.
            await asyncio.wait([future])
            raise
        except RuntimeError as error:
            raise ClickHouseError.from_engine(error) from error


@dataclass(frozen=True)
class Answer:
    """What to send: `pieces` yields the body; one `whole` piece has a known length."""

    output_format: str
    counters: Counters
    first: bytes
    rest: AsyncIterator[bytes] | None = None


class Execution:
    """One statement on one context."""

    def __init__(self, worker: Worker, context: Context, request: Request, max_result: int) -> None:
        self._worker, self._context, self._request, self._max_result = worker, context, request, max_result
        self._counters = Counters()

    async def run(self, head: bytes, statement: Statement, body: AsyncIterator[bytes]) -> Answer:
        if statement.data_format is not None:
            await self._insert(statement, head[statement.data_offset :], body)
            return self._answer(b"")
        if statement.is_without_effect:
            return self._answer(b"")
        if self._request.is_read_only and not statement.is_reading:
            raise ClickHouseError(
                164, "READONLY",
                "Cannot execute query in readonly mode. For queries over HTTP, method GET implies readonly."
                " You should use method POST for modifying queries",
            )  # fmt: skip
        output_format = statement.output_format or self._request.default_format
        if statement.is_streamable and results.can_stream(output_format) and not statement.has_extras:
            if not self._context.writes_formats_its_own_way:
                return await self._stream(statement, output_format)
        return await self._whole(statement, output_format)

    async def _insert(self, statement: Statement, first: bytes, body: AsyncIterator[bytes]) -> None:
        if self._request.is_read_only:
            raise ClickHouseError(164, "READONLY", "Cannot execute INSERT in readonly mode; use method POST")
        connection = self._context.connection
        insert: Any = None
        try:
            async for piece in _pieces(first, body):
                if insert is None:
                    insert = await self._worker(self._begin_insert, statement)
                await self._worker(connection.insert_append, insert, piece)
            if insert is None:
                insert = await self._worker(self._begin_insert, statement)
            done, insert = insert, None
            self._counters.add(await self._worker(connection.insert_done, done))
        finally:
            if insert is not None:
                await self._worker(connection.insert_cancel, insert)

    def _begin_insert(self, statement: Statement) -> Any:
        self._prepare()
        self._context.set_parameters(self._request.parameters)
        return self._context.connection.send_insert(_text(statement.sql), statement.data_format)

    async def _whole(self, statement: Statement, output_format: str) -> Answer:
        def run() -> bytes:
            self._prepare(statement.verb)
            text = _text(statement.sql)
            connection, parameters = self._context.connection, self._request.parameters
            body = results.whole(
                connection, text, output_format, parameters, self._counters, self._max_result
            )
            self._context.settle(statement.verb, statement.sql)
            return body

        return self._answer(await self._worker(run), output_format)

    async def _stream(self, statement: Statement, output_format: str) -> Answer:
        def start() -> tuple[Iterator[bytes], bytes]:
            self._prepare()
            text = _text(statement.sql)
            pieces = results.stream(
                self._context.connection, text, output_format, self._request.parameters, self._counters
            )
            return pieces, _take(pieces, self._max_result if self._request.waits_for_end else PIECE)

        pieces, first = await self._worker(start)
        if len(first) < PIECE or self._request.waits_for_end:
            return self._answer(first, output_format)
        return Answer(output_format, self._counters, first, self._rest(pieces))

    async def _rest(self, pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
        try:
            # The engine works on the next piece while this one is on its way to the client.
            following = asyncio.ensure_future(self._worker(_take, pieces, PIECE))
            while piece := await following:
                following = asyncio.ensure_future(self._worker(_take, pieces, PIECE))
                yield piece
        finally:
            await asyncio.wait([following])
            await self._worker(pieces.close)  # type: ignore[attr-defined]  # a generator: cancels an unfinished query

    def _prepare(self, verb: str = "") -> None:
        # `SET` belongs to the session: it must not meet this request's own settings.
        settings: Mapping[str, str] = (
            {} if verb == "SET" else {"log_comment": self._request.query_id, **self._request.settings}
        )
        self._context.prepare(settings, self._request.database)

    def _answer(self, body: bytes, output_format: str | None = None) -> Answer:
        return Answer(output_format or self._request.default_format, self._counters, body)


def _text(statement: bytes) -> str:
    try:
        return statement.decode()
    except UnicodeDecodeError as error:
        raise SyntaxRefused(f"the statement is not UTF-8 at byte {error.start}") from None


def _take(pieces: Iterator[bytes], size: int) -> bytes:
    taken, total = [], 0
    for piece in pieces:
        taken.append(piece)
        total += len(piece)
        if total >= size:
            break
    return taken[0] if len(taken) == 1 else b"".join(taken)


async def _pieces(first: bytes, body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    held, total = [first], len(first)
    async for chunk in body:
        held.append(chunk)
        total += len(chunk)
        if total >= PIECE:
            yield b"".join(held)
            held, total = [], 0
    if total:
        yield b"".join(held)


async def read_statement(query: bytes, body: AsyncIterator[bytes], limit: int) -> tuple[bytes, Statement]:
    """Read as much of the request as tells what to do: all of it, or an INSERT up to its data.

    Returns the text read and its statement; the rest of an INSERT's data is still in `body`.
    """
    text = bytearray(query + b"\n") if query else bytearray()
    look_again_at = 1
    async for chunk in body:
        text += chunk
        if (
            len(text) >= look_again_at
            and sql.is_insert(text)
            and (head := sql.insert_head(text, is_complete=False))
        ):
            return bytes(text), head
        look_again_at = 2 * len(text)
        if len(text) > limit:
            raise ClickHouseError(
                229,
                "QUERY_IS_TOO_LARGE",
                f"the statement is longer than {limit} bytes; data belong after FORMAT",
            )
    if (
        sql.is_insert(text)
        and (head := sql.insert_head(text, is_complete=True))
        and head.data_format != "Values"
    ):
        return bytes(text), head
    return bytes(text), sql.statement(bytes(text))
