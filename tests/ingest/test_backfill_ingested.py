"""Hours, donations and placements from files: known by their ids, and each for one company."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.backfill import BatchResult
from ingest.people import resolve_people_blocking
from tests.ingest.arrangements import email, employ, enrol, new_company, programme, unique
from tests.ingest.backfill_files import write, written

HOURS = "source_system,source_id,employee_email,company,activity_name,hours,activity_date,verified"
GIFTS = (
    "source_system,source_id,employee_email,company,amount,currency,match_amount,match_ratio,donation_date"
)
PLACES = (
    "source_system,source_id,participant_email,company,program_slug,placement_type,placement_date,status,"
    "mentor_email,successful,rating"
)
NIL = UUID(int=0)


def person(postgres: psycopg.Connection) -> tuple[str, UUID]:
    address = email()
    return address, resolve_people_blocking(postgres, "email", [address])[address]


def name_of(postgres: psycopg.Connection, company_id: UUID) -> str:
    [name] = postgres.execute(
        "select name from ingest.companies where company_id = %s", (company_id,)
    ).fetchone()
    return str(name)


def only(clickhouse: ClickHouseClient, result: BatchResult) -> tuple[dict[str, Any], dict[str, Any]]:
    """The one event that a file became, and its data."""
    assert (result.success_rows, result.error_rows, result.event_count) == (1, 0, 1), result
    [row] = written(clickhouse, result.batch_id)
    return row, json.loads(row["data"])


def test_hours_count_for_the_employer_of_the_day_or_the_company_that_is_named(
    run: Callable[..., BatchResult],
    postgres: psycopg.Connection,
    clickhouse: ClickHouseClient,
    tmp_path: Path,
) -> None:
    address, person_id = person(postgres)
    employer, other = employ(postgres, person_id, date(2025, 3, 1)), new_company(postgres)
    said = {"": employer, name_of(postgres, other).upper(): other, str(other): other}
    for number, (company, expected) in enumerate(said.items()):
        record = f"manual,{unique('V')},{address.upper()},{company},Homework help,3,2025-03-01,no"
        row, data = only(clickhouse, run(write(tmp_path / f"hours-{number}.csv", HOURS, record)))
        assert (row["event_type"], row["company_id"]) == ("ingest.volunteer.logged", expected)
        assert (row["person_id"], data["userId"]) == (person_id, str(person_id))
        assert data["companyId"] == str(expected)
        assert (data["hoursLogged"], data["activityType"]) == (3, "other")
        assert "verified" not in data
        assert address not in row["data"]


def test_hours_of_nobodys_employee_and_of_an_unknown_company_are_rejected(
    run: Callable[..., BatchResult], postgres: psycopg.Connection, tmp_path: Path
) -> None:
    address, person_id = person(postgres)
    employ(postgres, person_id, date(2025, 3, 1))
    result = run(
        write(
            tmp_path / "hours.csv",
            HOURS,
            f"manual,{unique('V')},{address},,Before the first day,3,2025-02-28,",
            f"manual,{unique('V')},{address},No such company,Park,3,2025-03-01,",
            f"manual,{unique('V')},{address},,Park,3,2025-03-01,",
        )
    )
    assert (result.success_rows, result.errors) == (1, {"E015": 1, "E014": 1})
    assert result.error_file is not None
    assert "belonged to no company that day" in result.error_file.read_text("utf-8")


def test_a_record_is_known_by_system_and_id_and_a_later_file_corrects_it(
    run: Callable[..., BatchResult],
    postgres: psycopg.Connection,
    clickhouse: ClickHouseClient,
    tmp_path: Path,
) -> None:
    address, person_id = person(postgres)
    employ(postgres, person_id)
    record = unique("V")
    subjects = []
    for system, hours, exported in (("benevity", 3, "2025-06-01"), ("benevity", 2, "2025-07-01")):
        line = f"{system},{record},{address},,Park,{hours},2025-05-01,yes"
        path = write(tmp_path / f"hours-{exported}.csv", f"# Export Date: {exported}T06:00:00Z", HOURS, line)
        row, data = only(clickhouse, run(path))
        assert data["verified"] is True
        subjects.append((row["subject"], data["hoursLogged"], f"{row['source_time']:%Y-%m-%d}"))
    assert subjects == [
        (f"volunteering/benevity/{record}", 3, "2025-06-01"),
        (f"volunteering/benevity/{record}", 2, "2025-07-01"),
    ]
    again = run(write(tmp_path / "again.csv", HOURS, f"benevity,{record},{address},,Park,2,2025-05-01,true"))
    assert (again.success_rows, again.skipped_rows) == (0, 1)


@pytest.mark.parametrize(
    ("match_amount", "match_ratio", "expected"),
    [
        ("", "", None),
        ("0", "", None),
        ("50", "", {"matched": True, "matchAmount": 50}),
        ("", "0,5", {"matched": True, "matchRatio": 0.5}),
    ],
)
def test_a_donation_says_what_the_employer_added(
    run: Callable[..., BatchResult],
    postgres: psycopg.Connection,
    clickhouse: ClickHouseClient,
    tmp_path: Path,
    match_amount: str,
    match_ratio: str,
    expected: dict[str, Any] | None,
) -> None:
    address, person_id = person(postgres)
    company = employ(postgres, person_id)
    cells = [unique("D"), address, "", '"100,5"', "nok", match_amount, f'"{match_ratio}"', "2025-05-01"]
    row, data = only(clickhouse, run(write(tmp_path / "gifts.csv", GIFTS, f"goodera,{','.join(cells)}")))
    assert (row["event_type"], row["company_id"]) == ("ingest.donation.made", company)
    assert (data["amount"], data["currency"], data["donationType"]) == (100.5, "NOK", "other")
    assert data.get("companyMatch") == expected


def test_a_currency_is_three_letters(
    run: Callable[..., BatchResult], postgres: psycopg.Connection, tmp_path: Path
) -> None:
    address, person_id = person(postgres)
    employ(postgres, person_id)
    result = run(
        write(tmp_path / "gifts.csv", GIFTS, f"goodera,{unique('D')},{address},,100,kroner,,,2025-05-01")
    )
    assert (result.success_rows, result.errors) == (0, {"E008": 1})


def test_a_placement_counts_where_its_participant_does(
    run: Callable[..., BatchResult],
    postgres: psycopg.Connection,
    clickhouse: ClickHouseClient,
    tmp_path: Path,
) -> None:
    address, person_id = person(postgres)
    mentor_address, mentor_id = person(postgres)
    upskilling = enrol(postgres, person_id, "upskilling")
    employer = employ(postgres, mentor_id)
    named = new_company(postgres)
    ran_by = new_company(postgres)
    _, slug = programme(postgres, ran_by, "weei")
    cases = {
        ",,job_placement": upskilling,
        ",,mentorship_match": employer,
        f",{slug},mentorship_match": ran_by,
        f"{name_of(postgres, named)},{slug},job_placement": named,
    }
    for number, (cells, expected) in enumerate(cases.items()):
        line = f"job_board,{unique('P')},{address},{cells},2025-05-01,active,{mentor_address},true,4.5"
        row, data = only(clickhouse, run(write(tmp_path / f"placements-{number}.csv", PLACES, line)))
        assert (row["event_type"], row["company_id"]) == ("ingest.placement.created", expected), cells
        assert (data["mentorId"], data["outcome"]) == (
            str(mentor_id), {"successful": True, "rating": 4.5},
        )  # fmt: skip


def test_a_placement_of_nobodys_programme_belongs_to_no_company_and_an_unknown_programme_is_rejected(
    run: Callable[..., BatchResult],
    postgres: psycopg.Connection,
    clickhouse: ClickHouseClient,
    tmp_path: Path,
) -> None:
    address, _ = person(postgres)
    row, data = only(
        clickhouse,
        run(
            write(
                tmp_path / "placements.csv",
                PLACES,
                f"manual,{unique('P')},{address},,,internship,2025-05-01,on_hold,,,",
            )
        ),
    )
    assert row["company_id"] == NIL
    assert data.keys().isdisjoint({"companyId", "outcome", "mentorId"})
    result = run(
        write(
            tmp_path / "placements-2.csv",
            PLACES,
            f"manual,{unique('P')},{address},,no-such-slug,internship,2025-05-01,active,,no,",
        )
    )
    assert (result.success_rows, result.errors) == (0, {"E012": 1})
