"""Millions of events to measure the warehouse with: 50 companies, 100,000 people, three years.

Every event type that marts are built from, in the shares of a running programme (synthetic_events.sql). An
event follows from its number, so the same call makes the same rows. Texts are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from clickhouse_connect.driver.client import Client as ClickHouseClient

COMPANIES, PARTICIPANTS, VOLUNTEERS, INSTANCES = 50, 80_000, 20_000, 200
MATCHES_SHARE = 0.015
BLOCK = 1_000_000
FIRST_DAY, DAYS = "2023-09-01 00:00:00", 1095

_INSERT = """
insert into raw.events (
    event_id, event_type, source, subject, company_id, person_id, event_time, source_time, correlation_id,
    data, stream_seq, origin, loaded_at
)
with
    (what, number) -> reinterpretAsUUID(MD5(concat(what, '/', toString(number)))) as id_of,
    {{matches:UInt32}} as matches,
    {{instances:UInt32}} as instances,
    number as n,
    cityHash64(n) % {{participants:UInt32}} as participant,
    {{companies:UInt32}} as companies,
    participant % companies as company,
    -- A volunteer works with participants of the own company alone.
    (intDiv(cityHash64(n, 1) % {{volunteers:UInt32}}, companies) * companies + company) as volunteer,
    id_of('participant', participant) as participant_id,
    id_of('volunteer', volunteer) as volunteer_id,
    id_of('company', company) as company_id,
    addMinutes(toDateTime64('{first_day}', 3, 'UTC'), cityHash64(n, 2) % {minutes}) as at,
    {columns}
select
    id_of({{type:String}}, n), {{type:String}}, '/benchmark', subject, company_id, participant_id, at, at, '',
    toJSONString(data), 0, 'benchmark', if({{is_late:Bool}}, now64(6), addHours(at, 1))
from numbers({{start:UInt64}}, {{rows:UInt64}})
"""


class Kind(NamedTuple):
    event_type: str
    share: float
    columns: str


def kinds() -> Iterator[Kind]:
    """The entries of synthetic_events.sql."""
    text = Path(__file__).with_suffix(".sql").read_text("utf-8")
    for entry in re.finditer(r"^-- (\S+\.\S+) ([\d.]+)\n(.*?);$", text, re.MULTILINE | re.DOTALL):
        yield Kind(entry[1], float(entry[2]), entry[3])


def insert_events(
    client: ClickHouseClient, count: int, *, first: int = 0, last_days: int = DAYS, companies: int = COMPANIES
) -> None:
    """Insert `count` events (but for rounding) of so many companies, numbered from `first`.

    The first ones arrived an hour after they happened, over three years, and those that come on top arrive
    now, however old they are: over the `last_days` of the three years. Had all arrived in the last minutes,
    each build would do all of them again.
    """
    first_day = datetime.fromisoformat(FIRST_DAY) + timedelta(days=DAYS - last_days)
    for kind in kinds():
        begin, end = round(first * kind.share), round((first + count) * kind.share)
        for start in range(begin, end, BLOCK):
            client.command(
                _INSERT.format(columns=kind.columns, first_day=first_day, minutes=last_days * 1440),
                parameters={
                    "type": kind.event_type,
                    "start": start,
                    "rows": min(BLOCK, end - start),
                    "is_late": first > 0,
                    "companies": companies,
                    "participants": PARTICIPANTS,
                    "volunteers": VOLUNTEERS,
                    "instances": INSTANCES,
                    "matches": max(1, round((first + count) * MATCHES_SHARE)),
                },
                settings={"max_partitions_per_insert_block": 0, "date_time_output_format": "iso"},
            )


def insert_companies(client: ClickHouseClient, companies: int = COMPANIES) -> None:
    """Reference data of the companies that the events name."""
    client.command(
        "insert into raw.companies (company_id, name, industry, country, employee_size)"
        " select reinterpretAsUUID(MD5(concat('company/', toString(number)))),"
        " concat('Company ', toString(number)), ['technology', 'finance', 'energy'][number % 3 + 1],"
        " ['NO', 'SE', 'DK', 'GB'][number % 4 + 1],"
        " ['small', 'medium', 'large', 'enterprise'][number % 4 + 1] from numbers({companies:UInt32})",
        parameters={"companies": companies},
    )


def company_ids(client: ClickHouseClient, companies: int = COMPANIES) -> list[UUID]:
    """The companies that the events name."""
    rows = client.query(
        "select reinterpretAsUUID(MD5(concat('company/', toString(number))))"
        " from numbers({companies:UInt32})",
        parameters={"companies": companies},
    ).result_rows
    return [company for (company,) in rows]
