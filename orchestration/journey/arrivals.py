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
max(newest) as last_one, last_one.occurred_at as last_at, reinterpretAsInt64(last_one.hash) as last_hash,
last_one.subject_key as last_key, last_one.event_type as last_type
"""
_OF_PEOPLE = f"""
select {_COLUMNS} from journey.person_arrivals
where (company_id, person_id) in (select company_id, person_id from touched)
group by company_id, person_id
"""  # noqa: S608 - the columns above
_OF_EACH = f"""
select company_id, person_id, row_count, all_hash, toString(last_at, 'UTC') as last_at, last_hash, last_key,
    last_type
from touched left join ({_OF_PEOPLE}) as arrived using (company_id, person_id)
"""  # noqa: S608
# How many versions there are of the activity that happened last: of a new one there is one.
_VERSIONS = """
select people.*, versions from people left join (
    select company_id, person_id, count() as versions from journey.events
    where (company_id, person_id, subject_key) in (select company_id, person_id, last_key from people)
    group by company_id, person_id
) as counted using (company_id, person_id)
"""
_AS_TEXT = (
    "company_id UUID", "person_id UUID", "row_count UInt64", "all_hash Int64", "last_at String",
    "last_hash Int64", "last_key UInt64", "last_type String",
)  # fmt: skip
_TSV = "TabSeparated"
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


def of_each(client: ClickHouseClient, keys: Sequence[Key]) -> list[bytes]:
    """A line of text for each of these people, for statements that go on from there (`lines_as_table`)."""
    return client.raw_query(_OF_EACH, external_data=as_table(keys), fmt=_TSV).splitlines()


def with_versions(client: ClickHouseClient, lines: Sequence[bytes]) -> list[bytes]:
    """The lines with one column more: how many versions there are of the activity that happened last."""
    return client.raw_query(_VERSIONS, external_data=lines_as_table(lines), fmt=_TSV).splitlines()


def lines_as_table(lines: Sequence[bytes]) -> ExternalData:
    """Lines of `of_each` as a table `people` of a query."""
    return ExternalData(file_name="people", data=b"\n".join(lines), fmt="TSV", structure=list(_AS_TEXT))


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
