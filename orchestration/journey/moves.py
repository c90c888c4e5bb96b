"""Activities that a source has moved to another person or company: whoever had one before loses it.

An activity belongs to whom its newest version names. The versions before lie with somebody else, where no new
row arrives; so a row is added there that takes the activity back, from now on: what was believed before can
still be asked. It is an arrival like others, and has that person evaluated again.
"""

from __future__ import annotations

from datetime import datetime

from clickhouse_connect.driver.client import Client as ClickHouseClient

from orchestration.journey import arrivals

# Of those who have an activity, all but whom its newest version names. The row that takes it back counts
# right after that version, so one that is newer still gives it to them again.
_TAKE_BACK = """
insert into journey.events (
    company_id, person_id, subject_key, source_time, event_id, is_deleted, event_type, subject, occurred_at,
    recorded_at
)
select company_id, person_id, subject_key, owner.1, owner.2, true, event_type, subject, occurred_at, now64(6)
from (
    select
        *, tuple(newest.1, newest.2, newest.3) as said, newest.5 as occurred_at,
        max(said) over (partition by subject_key, event_type, subject) as owner
    from (
        select
            company_id, person_id, subject_key, event_type, subject,
            argMax(
                tuple(source_time, event_id, recorded_at, is_deleted, occurred_at),
                (source_time, event_id, is_deleted, recorded_at)
            ) as newest
        from journey.events where subject_key in ({moved})
        group by company_id, person_id, subject_key, event_type, subject
    )
    where not newest.4
)
where said < owner
"""
_SEVERAL = """
select subject_key from journey.events where {some}
group by subject_key having min(tuple(company_id, person_id)) != max(tuple(company_id, person_id))
"""
_LATELY = _TAKE_BACK.format(
    moved=_SEVERAL.format(
        some="subject_key in (select subject_key from journey.events"
        " where recorded_at >= {since:DateTime64(6, 'UTC')})"
    )
)
_OF_BUCKET = _TAKE_BACK.format(moved=_SEVERAL.format(some="subject_key % {buckets:UInt32} = {bucket:UInt32}"))


def take_back_lately(client: ClickHouseClient, since: datetime) -> None:
    """Take back activities of which a version was recorded since then."""
    client.command(_LATELY, {"since": since.strftime("%Y-%m-%d %H:%M:%S.%f")})


def take_back_all(client: ClickHouseClient) -> None:
    """Take back whatever has another owner by now, a part of all activities in memory at a time."""
    for bucket in arrivals.buckets(client):
        client.command(_OF_BUCKET, bucket)
