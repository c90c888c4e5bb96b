"""The states that contracts begin from, brought about in the stores of the running API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import psycopg

from ingest.api_keys import register_key
from tests.contracts.names import (
    COMPANY,
    HAS_BEGUN,
    HAS_FIGURES,
    HAS_MODEL,
    IS_KNOWN,
    KEY,
    PARTICIPANT,
    PERSON,
)

_MODEL = "q2q-local-v4"


class UnknownStateError(Exception):
    """A contract begins from a state that nobody here knows how to bring about."""


def bring_about(postgres: psycopg.Connection, state: str) -> None:
    """Make the state true, however often it is asked for."""
    known = _STATES.get(state)
    if known is None:
        raise UnknownStateError(
            f"no state is called {state!r}; tests/contracts/states.py has {sorted(_STATES)}"
        )
    known(postgres)


def remove(postgres: psycopg.Connection) -> None:
    """Take back what later tests would meet: what was told of the participant."""
    for table in ("people", "milestones", "flags"):
        postgres.execute(f"delete from journey.{table} where person_id = %s", (PARTICIPANT,))  # type: ignore[arg-type]


def _has_figures(postgres: psycopg.Connection) -> None:
    # The figures themselves are those that the fixture `marts` has published.
    register_key(postgres, KEY, COMPANY, "contracts", "company_admin", rate_limit_per_minute=100_000)


def _has_begun(postgres: psycopg.Connection) -> None:
    """A journey without flags or milestones."""
    postgres.execute("delete from journey.milestones where person_id = %s", (PARTICIPANT,))
    postgres.execute(
        "insert into journey.people (company_id, person_id, version, arrival_count, arrival_hash, rules_hash,"
        " evaluated_through, states) values (%s, %s, 1, 0, 0, '', %s, '') on conflict do nothing",
        (COMPANY, PARTICIPANT, datetime.now(UTC)),
    )


def _is_known(postgres: psycopg.Connection) -> None:
    postgres.execute(
        "insert into ingest.people (person_id, status, first_name) values (%s, 'known', 'Olena')"
        " on conflict do nothing",
        (PERSON,),
    )
    postgres.execute(
        "insert into ingest.company_members (company_id, person_id, joined_on) values (%s, %s, '2025-01-01')"
        " on conflict do nothing",
        (COMPANY, PERSON),
    )


def _has_model(postgres: psycopg.Connection) -> None:
    from tests.serving.test_classify import put_in_force

    in_force = postgres.execute(
        "select 1 from registry.serving_windows where model_id = %s and during @> now()", (_MODEL,)
    ).fetchone()
    if in_force is None:
        put_in_force(postgres, "local", _MODEL, model=_MODEL)


_STATES: Mapping[str, Callable[[psycopg.Connection], None]] = {
    HAS_FIGURES: _has_figures,
    HAS_BEGUN: _has_begun,
    HAS_MODEL: _has_model,
    IS_KNOWN: _is_known,
}
