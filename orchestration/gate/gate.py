"""From a version of a text to its verdict, in an order that survives a crash at any moment.

First what people must see (the review item with its event), then what readers may see (cleared texts, and
those withdrawn), last the verdict. A version without a verdict is one whose way is not finished, and it is
gone again from the start; every step of it, done twice, is the same as done once. One process at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

import asyncpg

from ingest import leases
from ingest.metrics import LEFT_OUT_ERASED
from ingest.sealing.keys import TextKeys
from ingest.tombstones import Tombstones
from orchestration.gate import metrics, queue
from orchestration.gate.judging import PASSING, Judge, Judged
from orchestration.gate.queue import Decided, Item
from orchestration.gate.restrictions import restricted
from orchestration.gate.tables import Cleared, Clearing, Known, Tables
from orchestration.gate.texts import TextVersion, unsealed

_LOCK = 7_163_202_613  # any constant: one process at a time decides what may be read
Way = str  # stream, sweep, decision or rescreen


class _Newest(NamedTuple):
    event_id: UUID
    judged: Judged | None  # None: its verdict stands already


class Gate:
    """One gate. Its tables and its judge are used by one thread at a time.

    Texts are unsealed here on their way to a verdict; without `keys`, only those in the clear are judged.
    """

    def __init__(
        self,
        pool: asyncpg.Pool,
        tables: Tables,
        judge: Judge,
        keys: TextKeys | None = None,
        tombstones: Tombstones | None = None,
    ) -> None:
        self._pool = pool
        self._tables = tables
        self._judge = judge
        self._tombstones = Tombstones() if tombstones is None else tombstones
        self._keys = keys

    async def admit(
        self, versions: Sequence[TextVersion], *, way: Way, every: bool = False, again: bool = False
    ) -> int:
        """Give each version its verdict and what follows from it; returns how many were new.

        A version without words gets a verdict where it follows words, or always if `every` is set. `again`
        judges anew what has a verdict of other rules than those in force.
        """
        versions = await unsealed(versions, self._keys)
        async with self._turn():
            versions = self._of_the_living(versions)
            known = await asyncio.to_thread(self._tables.known, {one.text_id for one in versions})
            judged = await asyncio.to_thread(self._judge_new, _distinct(versions), known, every, again)
            if judged:
                await self._settle(judged, known)
        for one in judged:
            metrics.SCREENED.labels(way, one.action).inc()
        return len(judged)

    async def carry_out(self, version: TextVersion | None, decided: Decided) -> bool:
        """Let a text pass, or withdraw it, as the reviewers of this item have decided.

        Without a version there is nothing to let pass: its event has been erased meanwhile. False where the
        text could not be redacted: it stays back, and the decision waits for another try.
        """
        async with self._turn():
            if version is not None and self._of_the_living([version]):
                [version] = await unsealed([version], self._keys)
                known = await asyncio.to_thread(self._tables.known, {version.text_id})
                [judged] = await asyncio.to_thread(self._judge.judge, [version])
                if decided.item_id in await self._settle([judged], known):
                    return False
            async with self._pool.acquire() as connection:
                await queue.mark_applied(connection, [decided.item_id])
        return True

    async def reconsider(self, versions: Sequence[TextVersion]) -> None:
        """Settle texts anew that are as they were: their person was restricted, or no longer is."""
        async with self._turn():
            versions = await unsealed(versions, self._keys)
            known = await asyncio.to_thread(self._tables.known, {one.text_id for one in versions})
            judged = await asyncio.to_thread(self._judge.judge, versions)
            await self._settle(judged, known)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
            await leases.write_async(connection)
            await self._tombstones.refresh_async(connection)
            yield

    def _of_the_living(self, versions: Sequence[TextVersion]) -> Sequence[TextVersion]:
        """Without texts about people who were erased, which may have been on their way here."""
        erased = self._tombstones.among("person", {str(one.person_id) for one in versions})
        if not erased:
            return versions
        left = [one for one in versions if str(one.person_id) not in erased]
        LEFT_OUT_ERASED.labels("gate").inc(len(versions) - len(left))
        return left

    def _judge_new(
        self, versions: Sequence[TextVersion], known: Sequence[Known], every: bool, again: bool
    ) -> list[Judged]:
        settled: dict[UUID, Known] = {}
        for one in known:
            if one.event_id not in settled or settled[one.event_id].source_time < one.source_time:
                settled[one.event_id] = one
        texts = {one.text_id for one in known} | {one.text_id for one in versions if one.content is not None}
        new = [
            # Under the company it was first given, as in raw.events: two rows would never collapse else.
            replace(one, company_id=settled[one.event_id].company_id) if one.event_id in settled else one
            for one in versions
            # A version without words matters where it takes the place of words.
            if (every or one.text_id in texts) and (again or _is_later(one, settled))
        ]
        judged = self._judge.judge(new)
        if again:
            rules = {(one.event_id, one.safety_version) for one in known}
            judged = [
                one
                for one in judged
                if one.verdict is not None and (one.version.event_id, one.safety_version) not in rules
            ]
        return judged

    async def _settle(self, judged: Sequence[Judged], known: Sequence[Known]) -> set[UUID]:
        """Write what follows from the judgements; returns the items whose release failed."""
        newest = _newest(judged, known)
        items = await self._raise(judged, newest)
        released, passing, failed = await asyncio.to_thread(self._sort, newest, items)
        async with self._pool.acquire() as connection:
            kept = await restricted(connection, {one.version.person_id for one in judged})
        clearing = [one for one in (*released, *passing) if not kept.covers(one[0].version)]
        places = {(one.company_id, one.text_id) for one in known}
        places |= {(one.version.company_id, one.version.text_id) for one in judged}
        await asyncio.to_thread(self._write, judged, newest, clearing, places)
        if failed:
            async with self._pool.acquire() as connection:
                await queue.mark_failed(connection, sorted(failed))
        return failed

    async def _raise(self, judged: Sequence[Judged], newest: Mapping[UUID, _Newest]) -> dict[UUID, Item]:
        # An overtaken version needs nobody's decision; a cry for help in it still needs somebody.
        flagged = [
            one
            for one in judged
            if queue.needs_review(one)
            and (one.version.event_id == newest[one.version.text_id].event_id or queue.is_crisis(one))
        ]
        async with self._pool.acquire() as connection, connection.transaction():
            raised = await queue.raise_items(connection, flagged)
            await queue.follow(connection, {text: one.event_id for text, one in newest.items()})
            items = await queue.items_of(connection, [one.event_id for one in newest.values()])
        for labels in raised:
            metrics.FLAGGED.labels(*labels).inc()
        return items

    def _sort(
        self, newest: Mapping[UUID, _Newest], items: Mapping[UUID, Item]
    ) -> tuple[list[tuple[Judged, bool]], list[tuple[Judged, bool]], set[UUID]]:
        """What a person has released, what passes by its verdict, and the items that could not be released.

        All else is kept back.
        """
        released: list[tuple[Judged, bool]] = []
        passing: list[tuple[Judged, bool]] = []
        failed: set[UUID] = set()
        for event_id, judged in newest.values():
            if judged is None or judged.verdict is None:
                continue
            decision = items[event_id].passes if event_id in items else None
            if decision:
                whole = judged if judged.redaction else self._judge.redacted(judged)
                if whole.redaction is not None:
                    released.append((whole, True))
                else:
                    failed.add(items[event_id].item_id)
            elif decision is None and judged.action in PASSING and judged.redaction is not None:
                passing.append((judged, False))
        return released, passing, failed

    def _write(
        self,
        judged: Sequence[Judged],
        newest: Mapping[UUID, _Newest],
        clearing: Sequence[tuple[Judged, bool]],
        places: Iterable[tuple[UUID, UUID]],
    ) -> None:
        there = self._tables.cleared(places)
        target = {one.version.text_id: one for one, _ in clearing}
        gone = [row for row in there if not _stays(row, newest[row.text_id], target)]
        latest = max((row.cleared_at for row in there), default=None)
        self._tables.clear(Clearing(clearing, gone, after=latest))
        self._tables.write_verdicts(judged)


def _stays(row: Cleared, newest: _Newest, target: Mapping[UUID, Judged]) -> bool:
    """Whether a row needs no withdrawal: it is of the newest version, or the new row takes its place."""
    if newest.judged is None:
        return row.event_id == newest.event_id
    replacement = target.get(row.text_id)
    if replacement is None or replacement.version.company_id != row.company_id:
        return False
    # In another month's partition the two rows would never be merged, and the old words would stay on disk.
    return (replacement.version.written_at.year, replacement.version.written_at.month) == (
        row.written_at.year, row.written_at.month,
    )  # fmt: skip


def _newest(judged: Sequence[Judged], known: Sequence[Known]) -> dict[UUID, _Newest]:
    """The version of each text that counts, among those judged now and those that have a verdict."""
    heads: dict[UUID, tuple[tuple[object, bytes], _Newest]] = {}
    for one in known:
        if one.text_id not in heads or heads[one.text_id][0] < one.place:
            heads[one.text_id] = (one.place, _Newest(one.event_id, None))
    for new in judged:  # of the same version, what is judged now goes before what was
        place = new.version.place
        if new.version.text_id not in heads or heads[new.version.text_id][0] <= place:
            heads[new.version.text_id] = (place, _Newest(new.version.event_id, new))
    return {text: newest for text, (_, newest) in heads.items()}


def _is_later(version: TextVersion, settled: Mapping[UUID, Known]) -> bool:
    return version.event_id not in settled or settled[version.event_id].source_time < version.source_time


def _distinct(versions: Sequence[TextVersion]) -> list[TextVersion]:
    """Each version once: the stream and a repetition may bring the same one twice in a batch."""
    return list({(one.event_id, one.source_time): one for one in versions}.values())
