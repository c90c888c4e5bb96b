"""`journey.person_arrivals` keeps the activity that happened last, whenever that was."""

from __future__ import annotations

from uuid import uuid4

from clickhouse_connect.driver.client import Client as ClickHouseClient

_INSERT = """
insert into journey.events
    (company_id, person_id, subject_key, source_time, event_id, event_type, subject, occurred_at, recorded_at)
select
    {company:UUID}, reinterpretAsUUID(toUInt128(1 + number % 40)), cityHash64(number), now64(3),
    generateUUIDv4(), ['kintell.session.completed', 'buddy.checkin.completed'][1 + number % 2], 'x',
    -- Before 1970, in it and after it, and several in the same instant.
    fromUnixTimestamp64Milli(toInt64(number % 7 - 3) * if(number % 40 < 20, 1000, 86400000), 'UTC'), now64(6)
from numbers(4000)
"""
_KEPT = """
select person_id, sum(arrival_count), groupBitXor(arrival_hash), toString(max(newest)), max(recorded_at)
from journey.person_arrivals where company_id = {company:UUID} group by person_id order by person_id
"""
_TOLD = """
select
    person_id, count(), groupBitXor(hash),
    toString(max((occurred_at, hash, subject_key, type_))), max(known_at)
from (
    select
        person_id, occurred_at, subject_key, toString(event_type) as type_, recorded_at as known_at,
        cityHash64(subject_key, source_time, event_id, is_deleted, recorded_at) as hash
    from journey.events where company_id = {company:UUID}
)
group by person_id order by person_id
"""


def test_what_is_kept_of_a_person_is_what_their_activities_say(engine_client: ClickHouseClient) -> None:
    company = {"company": str(uuid4())}
    for _ in range(2):
        engine_client.command(_INSERT, company)
    kept = engine_client.query(_KEPT, company).result_rows
    assert len(kept) == 40
    assert sum(row[1] for row in kept) == 8000
    assert kept == engine_client.query(_TOLD, company).result_rows
