"""People with everything that goes wrong in histories, and rules of every shape, both made from a seed."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from clickhouse_connect.driver.client import Client as ClickHouseClient

from orchestration.journey.interpreter import Activity
from orchestration.journey.rules.model import Rule
from orchestration.journey.rules.vocabulary import ENTITIES, NUMBER_FIELDS, TEXT_FIELDS

Histories = dict[tuple[UUID, UUID], list[Activity]]
# An hour after Oslo's clocks went back: windows of days cross the night that has 25 hours.
AS_OF = datetime(2026, 10, 25, 3, 0, tzinfo=ZoneInfo("Europe/Oslo")).astimezone(UTC)
KNOWN_AT = AS_OF - timedelta(days=2)
WINDOWS = ("1 hour", "25 hours", "1 day", "14 days", "1 month")
KINDS = ("language", "mentorship", "lang_level_proxy", "job_readiness", "")
STATUSES = ("enrolled", "in_progress", "completed", "")
NUMBERS = (
    None, math.nan, math.inf, -math.inf, 0.0, -0.0, 0.1, 0.2, 0.3, 0.1 + 0.2, 0.5, 0.7, 0.75, 0.7500004,
    1.0, 3.0,
    1e6, 1e6 + 1, 5e-7, -0.25,
)  # fmt: skip
THRESHOLDS = (0.0, 0.1, 0.3, 0.5, 0.75, 1.0, 2.0, 3.0)
_TYPES = sorted({event_type for entity in ENTITIES.values() for event_type in entity.event_types})
_COLUMNS = (
    "company_id", "person_id", "subject_key", "source_time", "event_id", "is_deleted", "event_type",
    "subject", "occurred_at", "recorded_at", "kind", "status",
    "role", "language", "label", "provider", "level", "score",
    "minutes", "progress",
)  # fmt: skip


def histories(random: Random, company_id: UUID, count: int) -> Histories:
    """Some people of one company: half with few types of activity, so that rules find something."""
    found = {}
    for _ in range(count):
        types = random.sample(_TYPES, random.choice((1, 2, len(_TYPES))))
        activities: list[Activity] = []
        for _ in range(random.choice((0, 1, 2, 4, 8))):
            activities += _versions(random, random.choice(types), f"subject/{random.randrange(6)}")
        random.shuffle(activities)
        found[company_id, UUID(int=random.getrandbits(128))] = activities
    return found


def _versions(random: Random, event_type: str, subject: str) -> list[Activity]:
    first = _activity(random, event_type, subject)
    versions = [first]
    match random.randrange(6):
        case 0:  # the same version again, known later or earlier
            versions.append(_changed(first, recorded_at=_recorded(random)))
        case 1:  # a correction, perhaps overtaken on its way
            versions.append(_activity(random, event_type, subject))
        case 2:  # taken back, in the same instant or another
            deleted = _activity(random, event_type, subject)
            source_time = random.choice((first.source_time, deleted.source_time))
            versions.append(_changed(deleted, is_deleted=True, source_time=source_time))
        case 3:  # the same version taken back
            versions.append(_changed(first, is_deleted=True, recorded_at=_recorded(random)))
    return versions


def _activity(random: Random, event_type: str, subject: str) -> Activity:
    numbers = {name: random.choice(NUMBERS) for name in NUMBER_FIELDS}
    return Activity(
        event_id=UUID(int=random.getrandbits(128)), event_type=event_type, subject=subject,
        occurred_at=_occurred(random), source_time=AS_OF - timedelta(days=random.randrange(3)),
        recorded_at=_recorded(random), kind=random.choice(KINDS), status=random.choice(STATUSES),
        role=random.choice(("participant", "volunteer", "")), language=random.choice(("en", "uk", "")),
        label=random.choice(("a", "b", "c", "")), provider=random.choice(("ecornell", "")), **numbers,
    )  # fmt: skip


def _occurred(random: Random) -> datetime:
    """Often on the edge of a window, to the millisecond; sometimes still to come."""
    edge = random.choice((0, 1, 25, 24, 24 * 14, 24 * 30))
    off = random.choice((-1, 0, 1, 0, random.randrange(-(10**9), 10**8)))
    return AS_OF - timedelta(hours=edge) + timedelta(milliseconds=off)


def _recorded(random: Random) -> datetime:
    return KNOWN_AT + timedelta(microseconds=random.choice((-(10**6), -1, 0, 1, 10**6, -(10**11))))


def _changed(activity: Activity, **changes: Any) -> Activity:
    fields = {name: getattr(activity, name) for name in Activity.__slots__}
    return Activity(**{**fields, **changes})


def store(client: ClickHouseClient, found: Mapping[tuple[UUID, UUID], Sequence[Activity]]) -> None:
    lines = [
        "\t".join(map(_cell, _row(company_id, person_id, one)))
        for (company_id, person_id), activities in found.items()
        for one in activities
    ]
    if lines:
        client.raw_insert("journey.events", _COLUMNS, "\n".join(lines).encode(), fmt="TSV")


def _row(company_id: UUID, person_id: UUID, one: Activity) -> tuple[object, ...]:
    said = f"{one.event_type}\n{one.subject}".encode()
    subject_key = int.from_bytes(hashlib.blake2b(said, digest_size=8).digest())
    values = (getattr(one, name) for name in _COLUMNS[3:])
    return company_id, person_id, subject_key, *values


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
    return r"\N" if value is None else str(int(value)) if isinstance(value, bool) else str(value)


def rules(random: Random, count: int) -> list[Rule]:
    return [Rule.model_validate(_rule(random, number)) for number in range(count)]


def _rule(random: Random, number: int) -> dict[str, Any]:
    facts = {f"fact_{place}": _fact(random) for place in range(random.randint(1, 4))}
    conditions = [_comparison(random, name, facts) for name in facts]
    conditions += [{"known": name} for name in facts if random.random() < 0.2]
    while len(conditions) > 1:
        some = [conditions.pop(random.randrange(len(conditions))) for _ in range(2)]
        conditions.append({random.choice(("all", "any", "none")): some})
    return {
        "id": f"rule_{number}", "name": "A rule", "description": "Made of chance.", "owner": "tests",
        "state": "draft", "facts": facts, "when": conditions[0],
        "then": {"set_flag": {"flag": f"flag_{number}"}},
    }  # fmt: skip


def _fact(random: Random) -> dict[str, Any]:
    aggregate = random.choice(
        ("count", "exists", "avg", "sum", "min", "max", "first", "last", "distinct", "time_since")
    )
    entity = random.choice(list(ENTITIES))
    fact: dict[str, Any] = {}
    if aggregate == "distinct":
        fact[aggregate] = f"{entity}.{random.choice((*TEXT_FIELDS, *NUMBER_FIELDS))}"
    elif aggregate in ("count", "exists", "time_since"):
        fact[aggregate] = random.choice((entity, [entity, random.choice(_TYPES)]))
    else:
        fact[aggregate] = f"{entity}.{random.choice(NUMBER_FIELDS)}"
        if random.random() < 0.3:
            fact["at_least"] = 2
    if random.random() < 0.5:
        fact["within"] = random.choice(WINDOWS)
    where = {
        "kind": random.choice(("language", ["language", "mentorship"], {"op": "!=", "value": "language"})),
        "score": random.choice((0.75, {"op": ">=", "value": 0.3}, {"op": "!=", "value": 0.0})),
        "role": "participant",
    }
    fact["where"] = {name: wanted for name, wanted in where.items() if random.random() < 0.2}
    return fact


def _comparison(random: Random, name: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    condition: dict[str, Any] = {"fact": name}
    others = [other for other, fact in facts.items() if "time_since" not in fact and other != name]
    if "time_since" in facts[name]:
        condition |= {"op": random.choice((">=", ">", "<=", "<")), "value": random.choice(WINDOWS)}
    else:
        condition["op"] = random.choice((">=", ">", "<=", "<", "=", "!="))
        is_other = others and random.random() < 0.2
        condition["value"] = {"fact": random.choice(others)} if is_other else random.choice(THRESHOLDS)
    if random.random() < 0.3:
        condition["unknown"] = random.choice((True, False))
    return condition
