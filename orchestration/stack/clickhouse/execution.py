"""Runs one statement: from the request's body to the pieces of its answer.

Every call of the engine blocks, so it happens on a worker thread, in as few hops as the work allows.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, TypeVar

from orchestration.stack.clickhouse import definitions, flow, niceness, results, sql
from orchestration.stack.clickhouse.context import Context
from orchestration.stack.clickhouse.errors import ClickHouseError
from orchestration.stack.clickhouse.request import Request
from orchestration.stack.clickhouse.results import Counters
from orchestration.stack.clickhouse.sql import Statement

PIECE = 512 << 10
"""Bytes of an answer handed over at once: the hop between threads is then negligible."""

T = TypeVar("T")


class Worker:
    """Calls blocking functions on threads, and turns the engine's errors into ours."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def __call__(self, function: Callable[..., T], *arguments: Any) -> T:
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(self._executor, niceness.kept, function, *arguments)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            # The thread goes on; nobody may close the connection under its feet.
            await asyncio.wait([future])
            raise
        except RuntimeError as error:
            raise ClickHouseError.from_engine(error) from error
        except OSError as error:
            raise ClickHouseError(243, "NOT_ENOUGH_SPACE", f"cannot keep the answer: {error}") from error


@dataclass(frozen=True)
class Answer:
    """The body is `first` and, where it did not fit, `rest`."""

    output_format: str
    counters: Counters
    first: bytes | bytearray = b""
    rest: AsyncGenerator[bytes | bytearray, None] | None = None


async def read_statement(query: bytes, body: AsyncIterator[bytes], limit: int) -> tuple[Statement, bytes]:
    """Read as much of the request as tells what to do: all of it, or an INSERT up to its data.

    Returns the statement and the INSERT's data read so far; the rest of them is still in `body`.
    """
    text = query + b"\n" if query else b""
    held, look_again_at = [text], 1
    size = len(text)
    async for chunk in body:
        held.append(chunk)
        size += len(chunk)
        if size > limit:
            raise ClickHouseError(
                229,
                "QUERY_IS_TOO_LARGE",
                f"the statement is longer than {limit} bytes; data belong after FORMAT",
            )
        if size >= look_again_at:  # at every doubling, so that a long statement is not read again and again
            held, look_again_at = [text := b"".join(held)], 2 * size
            if sql.is_insert(text) and (head := sql.insert_head(text, is_complete=False)) is not None:
                return head, text[head.data_offset :]
    text = b"".join(held)
    if sql.is_insert(text):
        head = sql.insert_head(text, is_complete=True)
        # Values that came whole are text like the rest: the engine fills parameters in there.
        if head is not None and head.data_format != "Values":
            return head, text[head.data_offset :]
    return sql.statement(text), b""


class Execution:
    """One statement on one context."""

    def __init__(self, worker: Worker, context: Context, request: Request, max_result: int) -> None:
        self._worker, self._context, self._request, self._max_result = worker, context, request, max_result
        self._counters = Counters()
        self._unsent: results.Parts | None = None

    async def run(self, statement: Statement, data: bytes, body: AsyncIterator[bytes]) -> Answer:
        output_format = statement.output_format or self._request.default_format
        if self._request.is_read_only and not statement.is_reading:
            raise ClickHouseError(
                164, "READONLY",
                "Cannot execute query in readonly mode. For queries over HTTP, method GET implies readonly."
                " You should use method POST for modifying queries",
            )  # fmt: skip
        if statement.data_format is not None:
            await self._insert(statement, data, body)
        elif statement.is_without_effect:
            pass
        elif self._can_stream(statement, output_format):
            return await self._stream(statement, output_format)
        else:
            first = await self._worker(self._whole, statement, output_format)
            return Answer(output_format, self._counters, first)
        return Answer(output_format, self._counters)

    def _can_stream(self, statement: Statement, output_format: str) -> bool:
        return (
            statement.is_streamable
            and results.can_stream(output_format)
            and not self._context.is_unchunked
            and not any(name.upper() in sql.UNCHUNKED for name in self._request.settings)
        )

    def _prepare(self, statement: Statement) -> None:
        # `SET` is about the session: this request's own settings must not be under it.
        settings = {} if statement.verb == "SET" else self._request.settings
        self._context.prepare(settings, self._request.database)
        for table in self._request.external_tables:
            self._context.add_external_table(table)

    def _whole(self, statement: Statement, output_format: str) -> bytes:
        if statement.is_defining:
            definitions.require_room(self._context.folder)
        self._prepare(statement)
        connection, parameters = self._context.connection, self._request.parameters
        body = results.whole(
            connection, statement.sql(), output_format, parameters, self._counters, self._max_result
        )
        self._context.settle(statement)
        self._context.finish()
        return body

    async def _stream(self, statement: Statement, output_format: str) -> Answer:
        first, self._unsent = await self._worker(self._start_stream, statement, output_format)
        rest = None
        if (pieces := self._unsent) is not None:
            rest = flow.read_ahead(self._worker, lambda: next(pieces, b""))
        return Answer(output_format, self._counters, first, rest)

    def _start_stream(
        self, statement: Statement, output_format: str
    ) -> tuple[bytes | bytearray, results.Parts | None]:
        self._prepare(statement)
        pieces = results.stream(
            self._context.connection, statement.sql(), output_format, self._request.parameters, self._counters
        )
        if not self._request.waits_for_end:
            parts = results.cut(pieces, PIECE)
            if len(first := next(parts, b"")) == PIECE:
                return first, parts
            self._context.finish()
            return first, None
        kept, rest = results.keep(pieces)
        self._context.finish()
        return kept, rest

    async def close(self) -> None:
        """After the answer, whole or not: an unfinished query ends now."""
        if self._unsent is not None:
            await self._worker(self._unsent.close)

    async def _insert(self, statement: Statement, first: bytes, body: AsyncIterator[bytes]) -> None:
        feed = flow.Feed()
        inserting = asyncio.ensure_future(self._worker(self._insert_all, statement, feed))
        try:
            await feed.put(first)
            async for piece in body:
                if inserting.done():
                    break  # it failed; who answers the client reads the rest
                await feed.put(piece)
        except BaseException:  # half an INSERT is none: its client left or was too slow
            feed.end(is_abandoned=True)
            await asyncio.gather(inserting, return_exceptions=True)
            raise
        feed.end()
        self._counters.add(await inserting)

    def _insert_all(self, statement: Statement, feed: flow.Feed) -> Any:
        try:
            self._prepare(statement)
            self._context.set_parameters(self._request.parameters)
            assert statement.data_format is not None  # noqa: S101  # for the type checker: the caller has looked
            with self._context.committing():
                result = self._context.insert(statement.sql(), statement.data_format, feed)
        finally:
            feed.close()
        self._context.finish()
        return result
