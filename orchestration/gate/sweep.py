"""Texts that came by another way than the stream: files of history, and what the stream no longer holds.

It asks the warehouse which texts have no verdict on their newest version. Every few seconds it asks of the
parts of the table that were not there before, so that a look at a table at rest reads no row; everything is
asked for at the start and a few times a day, since a row may become visible long after the time it carries.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.events import UnreadableEvent
from ingest.sealing.tokens import ENDED
from ingest.stores import StoreSettings, clickhouse_client
from orchestration.gate.gate import Gate
from orchestration.gate.texts import TEXT_TYPES, TextVersion, stored_version

log = structlog.get_logger(__name__)

EVERY_S = 15.0
WHOLE_EVERY_S = 6 * 3600.0
LOOK_BACK = timedelta(minutes=10)  # a large insert becomes visible this long after its rows' times, at most
PER_QUERY = 5_000
BATCH = 200
BUCKETS = 16  # of a whole sweep: what a sixteenth of all subjects needs is held in memory
# Of these types one field holds the text, so the two together are it. One that retention has ended stays as
# it was judged: without words it would be taken for a version that withdraws them.
_WORDS = "concat(JSONExtractString(data, 'feedbackText'), JSONExtractString(data, 'notes'))"
_TYPES = ", ".join(f"'{event_type}'" for event_type in TEXT_TYPES)

# The newest version per subject, as everywhere in the warehouse; also without words, where another has some.
_UNSEEN = """
select
    newest.event_type, newest.event_id, subject, newest.company_id, newest.person_id,
    newest.event_time, newest.source_time, newest.data
from (
    select
        subject,
        argMax(
            tuple(event_type, event_id, company_id, person_id, event_time, source_time, data),
            tuple(source_time, event_id, loaded_at)
        )::Tuple(
            event_type String, event_id UUID, company_id UUID, person_id UUID,
            event_time DateTime64(3, 'UTC'), source_time DateTime64(3, 'UTC'), data String
        ) as newest,
        max(WORDS != '' and not startsWith(WORDS, 'ENDED')) as has_words
    from raw.events
    where event_type in (TYPES) and WHICH
    group by subject
)
where (has_words or subject in (select subject from nlp.verdicts where WHICH and action != 'none'))
    and (newest.event_id, newest.source_time) not in (
    select event_id, source_time from nlp.verdicts where WHICH RULES
)
limit {limit:UInt32}
""".replace("WORDS", _WORDS).replace("ENDED", ENDED)
_PARTS = "select name from system.parts where database = 'raw' and table = 'events' and active"
# A merge makes a new part of old rows: the time they were loaded tells them apart.
_NEW_SUBJECTS = """
select distinct subject from raw.events
where _part in {parts:Array(String)} and event_type in (TYPES) and loaded_at >= {since:DateTime64(6, 'UTC')}
    and (event_id, source_time) not in (
        select event_id, source_time from nlp.verdicts where screened_at >= {since:DateTime64(6, 'UTC')}
    )
"""
_LATELY = "subject in {subjects:Array(String)}"
_BUCKET = "cityHash64(subject) % {buckets:UInt32} = {bucket:UInt32}"
_OF_RULES = "and (action = 'none' or safety_version = {version:String})"


class Sweep:
    """Asks through a client of its own, and admits what it finds."""

    def __init__(self, settings: StoreSettings, gate: Gate, *, every_s: float = EVERY_S) -> None:
        self._settings = settings
        self._gate = gate
        self._every_s = every_s
        self._parts: frozenset[str] = frozenset()

    async def run(self) -> None:
        """Sweep until cancelled; raises when a store is away."""
        with closing(await asyncio.to_thread(clickhouse_client, self._settings)) as clickhouse:
            while True:
                await self.whole(clickhouse)
                until = time.monotonic() + WHOLE_EVERY_S
                while time.monotonic() < until:
                    await asyncio.sleep(self._every_s)
                    await self.lately(clickhouse)

    async def whole(self, clickhouse: ClickHouseClient, *, rules: str | None = None) -> int:
        """Admit every text that has no verdict; with `rules`, none under that version. Returns how many."""
        return sum([
            await self._sweep(clickhouse, _BUCKET, {"buckets": BUCKETS, "bucket": bucket}, rules)
            for bucket in range(BUCKETS)
        ])  # fmt: skip

    async def lately(self, clickhouse: ClickHouseClient) -> int:
        """Admit what was loaded lately, in parts not looked at before, and has no verdict."""
        parts = frozenset(await asyncio.to_thread(_names, clickhouse, _PARTS, {}))
        if not (new := parts - self._parts):
            return 0
        since = datetime.now(UTC) - LOOK_BACK
        subjects = await asyncio.to_thread(
            _names, clickhouse, _NEW_SUBJECTS, {"parts": sorted(new), "since": _time(since)}
        )
        admitted = 0
        for start in range(0, len(subjects), PER_QUERY):
            some = subjects[start : start + PER_QUERY]
            admitted += await self._sweep(clickhouse, _LATELY, {"subjects": some}, None)
        self._parts = parts  # only now: parts whose texts could not be admitted are looked at again
        return admitted

    async def _sweep(
        self, clickhouse: ClickHouseClient, which: str, parameters: dict[str, Any], rules: str | None
    ) -> int:
        total = 0
        while True:
            found = await asyncio.to_thread(_unseen, clickhouse, which, parameters, rules)
            admitted = 0
            for start in range(0, len(found), BATCH):
                admitted += await self._gate.admit(
                    found[start : start + BATCH],
                    way="rescreen" if rules else "sweep", every=True, again=rules is not None,
                )  # fmt: skip
            total += admitted
            # Another gate may have admitted the rest meanwhile; the next round finds what is left.
            if len(found) < PER_QUERY or not admitted:
                return total


def _names(clickhouse: ClickHouseClient, query: str, parameters: dict[str, Any]) -> list[str]:
    return [row[0] for row in clickhouse.query(query.replace("TYPES", _TYPES), parameters).result_rows]


def _unseen(
    clickhouse: ClickHouseClient, which: str, parameters: dict[str, Any], rules: str | None
) -> list[TextVersion]:
    query = (
        _UNSEEN.replace("WHICH", which).replace("RULES", _OF_RULES if rules else "").replace("TYPES", _TYPES)
    )
    rows = clickhouse.query(query, {**parameters, "limit": PER_QUERY, "version": rules or ""}).result_rows
    versions = []
    for event_type, event_id, subject, company_id, person_id, event_time, source_time, data in rows:
        try:
            versions.append(
                stored_version(
                    event_type, event_id, subject, company_id, person_id, event_time, source_time, data
                )
            )
        except UnreadableEvent as error:
            log.error("unreadable event in the warehouse", event_id=str(event_id), reason=str(error))
    return versions


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")
