"""What has arrived of whom, as the warehouse counts it: enough to see whether flags are of today."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from clickhouse_connect.driver.client import Client as ClickHouseClient
from clickhouse_connect.driver.external import ExternalData

from orchestration.journey.people import Arrivals, Key

# A look at everybody holds a part of all people in memory at a time: a million activities, or a sixteenth
# of all where there are more. Each part is some statements, so few activities are one part.
_MOST_BUCKETS, _BUCKET_SIZE = 16, 1_000_000
Bucket = dict[str, int]
_COLUMNS = """
company_id, person_id, sum(arrival_count) as row_count,
reinterpretAsInt64(groupBitXor(arrival_hash)) as all_hash,
max(newest) as last_one, last_one.occurred_at as last_at, reinterpretAsInt64(last_one.hash) as last_hash
"""
_OF_PEOPLE = f"""
select {_COLUMNS} from journey.person_arrivals
where (company_id, person_id) in (select company_id, person_id from touched)
group by company_id, person_id
"""  # noqa: S608 - the columns above
OF_EACH = f"""
select company_id, person_id, row_count, all_hash, toString(last_at, 'UTC') as last_at, last_hash
from touched left join ({_OF_PEOPLE}) as arrived using (company_id, person_id)
"""  # noqa: S608
_LATELY = f"""
select {_COLUMNS} from journey.person_arrivals
where (company_id, person_id) in (
    select company_id, person_id from journey.person_arrivals
    where recorded_at >= {{since:DateTime64(6, 'UTC')}}
)
group by company_id, person_id
"""  # noqa: S608
_OF_BUCKET = f"""
select {_COLUMNS} from journey.person_arrivals
where cityHash64(person_id) % {{buckets:UInt32}} = {{bucket:UInt32}}
group by company_id, person_id
"""  # noqa: S608


def of_people(client: ClickHouseClient, keys: Sequence[Key]) -> dict[Key, Arrivals]:
    """What has arrived of these people; who is not in the answer has nothing."""
    return _by_key(client.query(_OF_PEOPLE, external_data=as_table(keys)).result_rows) if keys else {}


def lately(client: ClickHouseClient, since: datetime) -> dict[Key, Arrivals]:
    """What has arrived of those of whom something was recorded since then."""
    return _by_key(client.query(_LATELY, {"since": since.strftime("%Y-%m-%d %H:%M:%S.%f")}).result_rows)


def buckets(client: ClickHouseClient) -> list[Bucket]:
    """The parts of a look at everybody, as parameters of its statements."""
    count = int(client.query("select count() from journey.events").result_rows[0][0])
    total = min(_MOST_BUCKETS, 1 + count // _BUCKET_SIZE)
    return [{"buckets": total, "bucket": bucket} for bucket in range(total)]


def of_bucket(client: ClickHouseClient, bucket: Bucket) -> dict[Key, Arrivals]:
    """What has arrived of a part of all people."""
    return _by_key(client.query(_OF_BUCKET, bucket).result_rows)


def as_table(keys: Sequence[Key], name: str = "touched") -> ExternalData:
    """People as a table of a query: a thousand ids do not fit in its address."""
    lines = "\n".join(f"{one.company_id}\t{one.person_id}" for one in keys)
    return ExternalData(
        file_name=name, data=lines.encode(), fmt="TSV", structure=["company_id UUID", "person_id UUID"]
    )


def _by_key(rows: Iterable[Sequence[Any]]) -> dict[Key, Arrivals]:
    return {
        Key(row[0], row[1]): Arrivals(int(row[2]), row[3], row[5].replace(tzinfo=UTC), row[6]) for row in rows
    }
