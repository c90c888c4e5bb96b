"""The review queue in Postgres: what the gate raises, and what people decided.

No text is written here. An item, its event and its live message are one transaction, and an item follows from
the version of the text it is about: raising it again after a crash changes and sends nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID, uuid5

import asyncpg

from ingest.contracts.safety import FlagReason, SafetyFlagRaised, Severity
from ingest.events import NAMESPACE, NIL, new_event
from ingest.outbox import emit_async
from nlp.safety.verdicts import SEVERITIES, Finding
from orchestration.gate.judging import Judged
from orchestration.gate.texts import CONTENT_TYPES

Connection = asyncpg.pool.PoolConnectionProxy
State = Literal["pending", "escalated", "approved", "rejected"]
OPEN: tuple[State, ...] = ("pending", "escalated")
CRISIS = "self_harm"
SOURCE = "/safety/gate"

# How long a person has to look at it. A cry for help does not wait for the next working day.
DUE_IN: Mapping[str, timedelta] = {
    "critical": timedelta(hours=1),
    "high": timedelta(hours=4),
    "medium": timedelta(hours=24),
    "low": timedelta(hours=72),
}
_REASONS: Mapping[str, FlagReason] = {
    "profanity": "profanity",
    "harassment": "hate_speech",
    "sexual": "sexual",
    "violence": "violence",
    "self_harm": "self_harm",
    "spam": "spam",
    "gibberish": "gibberish",
    "prompt_injection": "prompt_injection",
}

_RAISE = """
insert into safety.review_items (
    item_id, text_id, event_id, text_type, company_id, person_id, written_at, language, action, category,
    categories, rules, severity, confidence, safety_version, is_crisis, state, raised_at, due_at, escalated_at
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
on conflict do nothing
returning item_id
"""

# The newest version of a text is the one to decide about. A cry for help stays, whatever was written after.
_FOLLOW = """
update safety.review_items as item
set superseded_at = case when item.event_id = newest.event_id then null else now() end
from unnest($1::uuid[], $2::uuid[]) as newest (text_id, event_id)
where item.text_id = newest.text_id and item.state in ('pending', 'escalated')
    and (item.superseded_at is null) <> (item.event_id = newest.event_id)
    and not (item.is_crisis and item.event_id <> newest.event_id)
"""
_OF_EVENTS = (
    "select event_id, item_id, state, action from safety.review_items where event_id = any($1::uuid[])"
)
_UNAPPLIED = """
select item_id, event_id, written_at, state from safety.review_items
where decided_at is not null and applied_at is null
    and (apply_again_at is null or apply_again_at <= now())
order by decided_at limit $1
"""
_APPLIED = """
update safety.review_items set applied_at = now(), apply_failures = 0, apply_again_at = null
where item_id = any($1::uuid[])
"""
# A minute later, then two, four … an hour at most: a broken detector may be mended by the next release.
_FAILED = """
update safety.review_items
set applied_at = null, apply_failures = apply_failures + 1,
    apply_again_at = now()
        + least(interval '1 hour', interval '1 minute' * power(2, least(apply_failures, 6)))
where item_id = any($1::uuid[])
"""
_WAITING = """
select count(*) as waiting_count, count(*) filter (where apply_failures > 0) as failing_count
from safety.review_items where decided_at is not null and applied_at is null
"""


@dataclass(frozen=True, slots=True)
class Item:
    """What the queue says of a version of a text."""

    item_id: UUID
    state: State
    action: str

    @property
    def passes(self) -> bool | None:
        """Whether the text may pass, as far as people decide it; None leaves it to the verdict."""
        if self.state in OPEN:
            return None if self.action == "warn" else False
        return self.state == "approved"


@dataclass(frozen=True, slots=True)
class Decided:
    """An item that a person has decided and the gate has not carried out."""

    item_id: UUID
    event_id: UUID
    written_at: datetime
    state: State


def item_id(event_id: UUID) -> UUID:
    """The id of the item, and of the flag, about a version of a text."""
    return uuid5(NAMESPACE, f"safety-flag/{event_id}")


def is_crisis(judged: Judged) -> bool:
    """Whether somebody may be in danger: by the action, or by a finding under another action."""
    return judged.verdict is not None and (
        judged.action == "escalate" or CRISIS in {one.category for one in judged.verdict.findings}
    )


def needs_review(judged: Judged) -> bool:
    """Whether a person has to look: at all that is kept back, and at warnings that are more than a word."""
    if judged.verdict is None or judged.action == "allow":
        return is_crisis(judged)
    return judged.action != "warn" or gravest(judged.verdict.findings).severity != "low" or is_crisis(judged)


def gravest(findings: Sequence[Finding]) -> Finding:
    """The finding that names the item; a cry for help goes before all others."""
    return max(
        findings,
        key=lambda one: (one.category == CRISIS, SEVERITIES.index(one.severity), one.confidence),
    )


async def raise_items(connection: Connection, judged: Sequence[Judged]) -> list[tuple[str, Severity]]:
    """Put these texts into the queue, each with its event and live message, in the caller's transaction.

    Returns category and severity of those that were not there yet.
    """
    raised = [await _raise(connection, one, datetime.now(UTC)) for one in judged]
    return [one for one in raised if one is not None]


async def follow(connection: Connection, newest: Mapping[UUID, UUID]) -> None:
    """Close the open items about versions that others have replaced; `newest` is text id to event id."""
    await connection.execute(_FOLLOW, list(newest), list(newest.values()))


async def items_of(connection: Connection, event_ids: Sequence[UUID]) -> dict[UUID, Item]:
    """The items about these versions of texts, by event id."""
    rows = await connection.fetch(_OF_EVENTS, event_ids)
    return {row["event_id"]: Item(row["item_id"], row["state"], row["action"]) for row in rows}


async def unapplied(connection: Connection, limit: int) -> list[Decided]:
    """Decisions that wait to be carried out, the oldest first."""
    rows = await connection.fetch(_UNAPPLIED, limit)
    return [Decided(*row) for row in rows]


async def mark_applied(connection: Connection, item_ids: Sequence[UUID]) -> None:
    await connection.execute(_APPLIED, item_ids)


async def mark_failed(connection: Connection, item_ids: Sequence[UUID]) -> None:
    """These decisions could not be carried out, or no longer hold: they are tried again, later each time."""
    await connection.execute(_FAILED, item_ids)


async def unapplied_counts(connection: Connection) -> tuple[int, int]:
    """How many decisions wait to be carried out, and how many of them have failed before."""
    row = await connection.fetchrow(_WAITING)
    return (0, 0) if row is None else (row["waiting_count"], row["failing_count"])


async def _raise(connection: Connection, judged: Judged, now: datetime) -> tuple[str, Severity] | None:
    if judged.verdict is None or not judged.verdict.findings:
        raise ValueError(f"text {judged.version.text_id} has no finding to review")
    version, findings, lead = judged.version, judged.verdict.findings, gravest(judged.verdict.findings)
    crisis = is_crisis(judged)
    severity: Severity = "critical" if crisis else lead.severity
    due_at = now + DUE_IN[severity]
    company_id = None if version.company_id == NIL else version.company_id
    flag_id = item_id(version.event_id)
    state = "escalated" if crisis else "pending"
    action = "escalate" if crisis else judged.action
    is_new = await connection.fetchval(
        _RAISE, flag_id, version.text_id, version.event_id, version.text_type, company_id,
        None if version.person_id == NIL else version.person_id, version.written_at, judged.language,
        action, lead.category, list(judged.verdict.categories) or [lead.category],
        sorted({one.rule for one in findings}), severity, judged.verdict.confidence, judged.safety_version,
        crisis, state, now, due_at, now if crisis else None,
    )  # fmt: skip
    if not is_new:
        return None
    event = new_event(
        SafetyFlagRaised(
            flag_id=flag_id,
            content_id=version.text_id,
            content_type=CONTENT_TYPES[version.text_type],
            user_id=None if version.person_id == NIL else version.person_id,
            flag_reason=_REASONS.get(lead.category, "other"),
            severity=severity,
            confidence=judged.verdict.confidence,
            requires_human_review=True,
            raised_at=now,
        ),
        subject=f"safety-flag/{flag_id}",
        company_id=company_id,
        source=SOURCE,
        source_time=now,
        origin=f"safety:{version.event_id}",
        causation_id=str(version.event_id),
    )
    await emit_async(connection, event)
    return lead.category, severity
