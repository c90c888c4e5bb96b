"""Journeys: three sessions make a mentor, with the reasons, as an event and live."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from tests.acceptance.conftest import until
from tests.acceptance.programme import LEARNERS, SESSIONS_EACH, Programme, learner
from tests.ingest.arrangements import person_of


def test_three_sessions_make_a_mentor(programme: Programme, postgres: psycopg.Connection) -> None:
    people = [_person(postgres, number) for number in range(LEARNERS)]
    until(
        lambda: all(_flags(programme, who).get("mentor_ready", {}).get("is_set") for who in people),
        what="all who have had three sessions are ready to be mentors",
    )


def test_flags_say_why_and_why_not(
    programme: Programme, postgres: psycopg.Connection, clickhouse: ClickHouseClient
) -> None:
    who = _person(postgres, 0)
    until(lambda: _flags(programme, who).get("mentor_ready", {}).get("is_set"), what="the flag is set")
    flags = _flags(programme, who)
    [why] = flags["mentor_ready"]["why"]
    assert why["facts"]["language_sessions"] == SESSIONS_EACH
    stored = clickhouse.query(
        "select toString(event_id) from raw.events where person_id = {id:UUID}"
        " and event_type = 'kintell.session.completed'",
        {"id": str(who)},
    ).result_rows
    assert {one["event_id"] for one in why["evidence"]} == {event for (event,) in stored}
    not_set = [one for one in flags.values() if not one["is_set"]]
    assert not_set
    # Of each that is not set, a rule says what is missing and how far away it is.
    assert all(missing["distance"] for one in not_set for why in one["why"] for missing in why["missing"])


def test_a_milestone_is_an_event_and_a_live_update(
    programme: Programme, postgres: psycopg.Connection, clickhouse: ClickHouseClient
) -> None:
    who = _person(postgres, 0)
    update = programme.our_updates.wait_for(
        lambda event: (
            event.name == "journey.milestone.reached"
            and _data(event.data)["userId"] == str(who)
            and _data(event.data)["milestone"] == "mentor_ready"
        ),
        within_s=120,
        what="the milestone of the first learner",
    )
    assert update.data["companyId"]
    until(
        lambda: (
            clickhouse.query(
                "select count() from raw.events where person_id = {id:UUID}"
                " and event_type = 'orchestration.milestone.reached' and data ilike '%mentor_ready%'",
                {"id": str(who)},
            ).result_rows
            == [(1,)]
        ),
        what="the milestone is one event",
    )


def _person(postgres: psycopg.Connection, number: int) -> UUID:
    return person_of(postgres, "email", learner(number))[0]


def _flags(programme: Programme, who: UUID) -> dict[str, dict[str, Any]]:
    answer = programme.user.get(f"/v1/journey/participants/{who}/flags")
    return {one["flag"]: one for one in answer.json()["flags"]} if answer.status_code == 200 else {}


def _data(update: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = update["data"]
    return found
