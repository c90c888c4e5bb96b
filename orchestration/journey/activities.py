"""Activities of some people as plain values, read for those whose flags change or whose past has changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC
from typing import Any

from clickhouse_connect.driver.client import Client as ClickHouseClient

from orchestration.journey.arrivals import as_table
from orchestration.journey.interpreter import Activity, newest_versions
from orchestration.journey.people import Key

_FIELDS = (
    "event_id", "event_type", "subject", "occurred_at", "source_time", "recorded_at", "is_deleted", "kind",
    "status", "role", "language", "label", "provider", "level", "score", "minutes", "progress",
)  # fmt: skip
_TIMES = slice(3, 6)
_OF_PEOPLE = f"""
select company_id, person_id, {", ".join(_FIELDS)} from journey.events
where (company_id, person_id) in (select company_id, person_id from touched)
"""  # noqa: S608 - the names above
_OF_TYPES = f"{_OF_PEOPLE} and event_type in {{types:Array(String)}}"


def of_people(
    client: ClickHouseClient, keys: Sequence[Key], event_types: Collection[str] | None = None
) -> dict[Key, list[Activity]]:
    """What is known now of what these people did, in the order in which it happened; of some types alone."""
    versions: dict[Key, list[Activity]] = {key: [] for key in keys}
    if keys:
        query, bound = (_OF_TYPES, {"types": sorted(event_types)}) if event_types else (_OF_PEOPLE, None)
        for row in client.query(query, bound, external_data=as_table(keys)).result_rows:
            versions[Key(row[0], row[1])].append(_activity(row[2:]))
    return {
        key: sorted(newest_versions(some), key=lambda one: one.occurred_at) for key, some in versions.items()
    }


def _activity(row: Sequence[Any]) -> Activity:
    return Activity(
        *row[: _TIMES.start], *(one.replace(tzinfo=UTC) for one in row[_TIMES]), *row[_TIMES.stop :]
    )
