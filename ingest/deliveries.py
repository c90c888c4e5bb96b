"""The story of one delivery: when it came, how often, what became of it, and its event.

Nothing is written for it on the way in. It is read from rows that are there anyway: the delivery's own, its
conflicts, its event's claim, and the index of dead letters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import asyncpg

from ingest.dead_letters import letters
from ingest.dead_letters.letters import Executor, Letter

Outcome = Literal["accepted", "published", "known", "retrying", "dead", "refused", "erased"]

_DELIVERY = """
select delivery.*, event.event_type, event.origin, event.source_time, event.published_at,
    exists (select from ingest.inbox as inbox
            where inbox.source = delivery.source and inbox.delivery_id = delivery.delivery_id) as is_in_inbox
from ingest.deliveries as delivery
left join ingest.event_ids as event using (event_id)
where delivery.source = $1 and delivery.delivery_id = $2
"""

_CONFLICTS = """
select received_at from ingest.delivery_conflicts
where source = $1 and delivery_id = $2 order by conflict_id limit 100
"""


@dataclass(frozen=True)
class Step:
    """One thing that happened, in words; times are the database's and the broker's."""

    at: datetime
    what: str


@dataclass(frozen=True)
class Story:
    """`outcome`: accepted (under way), published, known (the event was there already), retrying, dead, erased
    (it names somebody who was erased), or refused (its body was refused, so its id was never taken)."""

    source: str
    delivery_id: str
    outcome: Outcome
    received_at: datetime | None
    event_id: UUID | None
    event_type: str | None
    duplicate_count: int
    conflict_count: int
    failure_count: int
    last_error: str | None
    retry_at: datetime | None
    steps: Sequence[Step]
    dead_letters: Sequence[Letter]


async def story(executor: Executor, source: str, delivery_id: str) -> Story | None:
    """What is known of a delivery; None if nothing ever came under this id."""
    delivery = await executor.fetchrow(_DELIVERY, source, delivery_id)
    dead = await letters.of_delivery(executor, source, delivery_id)
    if delivery is None and not dead:
        return None
    conflicts = [row["received_at"] for row in await executor.fetch(_CONFLICTS, source, delivery_id)]
    steps = sorted(_steps(delivery, conflicts, dead), key=lambda step: step.at)
    known = dict(delivery) if delivery is not None else {}
    return Story(
        source=source,
        delivery_id=delivery_id,
        outcome=(known.get("outcome") or "accepted") if known else "refused",
        received_at=known.get("received_at"),
        event_id=known.get("event_id"),
        event_type=known.get("event_type"),
        duplicate_count=known.get("duplicate_count") or 0,
        conflict_count=len(conflicts),
        failure_count=known.get("failure_count") or 0,
        last_error=known.get("last_error"),
        retry_at=known.get("retry_at"),
        steps=steps,
        dead_letters=dead,
    )


def _steps(
    delivery: asyncpg.Record | None, conflicts: Sequence[datetime], dead: Sequence[Letter]
) -> Iterator[Step]:
    if delivery is not None:
        yield from _own_steps(delivery)
    for at in conflicts:
        yield Step(at, "came with another body: refused with 409")
    for letter in dead:
        yield Step(
            letter.died_at,
            f"given up after {_times(letter.attempts, 'attempt')} ({letter.error_class}):"
            f" dead letter {letter.letter_id}, {letter.reason}",
        )
        if letter.settled_at is not None:
            by = f" by {letter.settled_by}" if letter.settled_by else ""
            yield Step(letter.settled_at, f"dead letter {letter.letter_id} {letter.state}{by}")


def _own_steps(row: asyncpg.Record) -> Iterator[Step]:
    yield Step(row["received_at"], "received and on disk" + _under_way(row))
    if row["last_repeated_at"] is not None:
        yield Step(
            row["last_repeated_at"],
            f"sent again by its sender, {_times(row['duplicate_count'], 'time')} in all",
        )
    if row["outcome"] == "retrying":
        yield Step(row["retry_at"], f"next try, after: {row['last_error']}")
    own = f"{row['source']}:{row['delivery_id']}"
    if row["outcome"] == "published":
        later = "" if row["origin"] == own else f"; a later version came with {row['origin']}"
        yield Step(row["settled_at"], f"published as event {row['event_id']}{later}")
    elif row["outcome"] == "known":
        yield Step(row["settled_at"], f"its event {row['event_id']} was known already, from {row['origin']}")


def _under_way(row: asyncpg.Record) -> str:
    if row["outcome"] is not None:
        return ""
    return "; waits for the relay" if row["is_in_inbox"] else "; on its way through the broker"


def _times(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
