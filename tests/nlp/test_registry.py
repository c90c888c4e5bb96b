"""One model at most is in force at an instant, its evaluation has passed, and the past stays as it was."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from ingest.stores import StoreSettings, postgres_connection
from nlp.registry.promotion import activate, deactivate, sync
from nlp.registry.store import (
    ActiveModel,
    GateError,
    RegistryError,
    UnknownModelError,
    active_model,
    mark_used,
    shadow_models,
    store_evaluation,
)
from tests.nlp.registries import LONG_AGO, entry, evaluated, file_of, perfect_figures, shadow, soon


@pytest.fixture
def postgres(store_settings: StoreSettings) -> Iterator[psycopg.Connection]:
    with closing(postgres_connection(store_settings, autocommit=True)) as connection:
        yield connection


@pytest.fixture
def lane() -> str:
    return f"lane{uuid.uuid4().hex[:12]}"


def now() -> datetime:
    return datetime.now(UTC)


def states(postgres: psycopg.Connection, *entries, **policy: object) -> dict[str, str]:
    outcomes = sync(postgres, file_of(*entries, **policy), actor="test")
    return {outcome.model_id.rpartition("-")[2]: outcome.state for outcome in outcomes}


def serving(postgres: psycopg.Connection, lane: str, at: datetime | None = None) -> str | None:
    found = active_model(postgres, lane, at or now())
    return found.model_id.rpartition("-")[2] if found else None


def test_a_version_without_a_passed_evaluation_does_not_serve_and_the_reason_is_said(
    postgres: psycopg.Connection, lane: str
) -> None:
    v1 = entry(lane, "v1")
    [outcome] = sync(postgres, file_of(v1), actor="test")
    assert (outcome.state, serving(postgres, lane)) == ("refused", None)
    assert "no evaluation" in outcome.why
    evaluated(postgres, v1, passing=False)
    [outcome] = sync(postgres, file_of(v1), actor="test")
    assert outcome.why.startswith("confidence_decrease is not proven: 61 of 70 claims are right")
    assert outcome.why.endswith("uk: confidence_decrease precision 0.500 of 18 claims is below 0.80")
    with pytest.raises(GateError, match="is below 0"):
        activate(postgres, v1.model_id, file_of(v1).policy, actor="test")
    assert serving(postgres, lane) is None
    evaluated(postgres, v1)
    assert states(postgres, v1) == {"v1": "serving"}
    assert serving(postgres, lane) == "v1"


def test_an_entry_of_the_future_serves_from_its_time_on_and_not_before(
    postgres: psycopg.Connection, lane: str
) -> None:
    start = soon()
    v1, v2 = entry(lane, "v1"), entry(lane, "v2", start)
    sync(postgres, file_of(v1, v2), actor="test")
    evaluated(postgres, v1, v2)
    assert states(postgres, v1, v2) == {"v1": "serving", "v2": "scheduled"}
    instant = timedelta(microseconds=1)
    assert [serving(postgres, lane, at) for at in (now(), start - instant, start)] == ["v1", "v1", "v2"]
    assert serving(postgres, lane, LONG_AGO + timedelta(days=1)) is None  # it was not registered then
    later = replace(v2, effective_from=start + timedelta(hours=1))
    assert states(postgres, v1, later) == {"v1": "serving", "v2": "scheduled"}
    assert serving(postgres, lane, start) == "v1"
    assert serving(postgres, lane, later.effective_from) == "v2"


def test_the_newest_entry_that_has_begun_serves_and_the_switch_is_on_record(
    postgres: psycopg.Connection, lane: str
) -> None:
    v1, v2 = entry(lane, "v1"), entry(lane, "v2", LONG_AGO + timedelta(days=1))
    sync(postgres, file_of(v1), actor="test")
    evaluated(postgres, v1)
    sync(postgres, file_of(v1), actor="test")
    while_v1 = now()
    sync(postgres, file_of(v1, v2), actor="test")
    evaluated(postgres, v2)
    assert states(postgres, v1, v2) == {"v1": "superseded", "v2": "serving"}
    assert (serving(postgres, lane, while_v1), serving(postgres, lane)) == ("v1", "v2")


def test_syncing_twice_changes_nothing_the_second_time(postgres: psycopg.Connection, lane: str) -> None:
    entries = entry(lane, "v1"), entry(lane, "v2", soon()), shadow(lane, "v3")
    sync(postgres, file_of(*entries), actor="test")
    evaluated(postgres, *entries[:2])
    sync(postgres, file_of(*entries), actor="test")
    count = "select count(*) from registry.audit where row_after::text like %s or row_before::text like %s"
    before = postgres.execute(count, (f"%{lane}%", f"%{lane}%")).fetchone()
    assert states(postgres, *entries) == {"v1": "serving", "v2": "scheduled", "v3": "shadow"}
    assert postgres.execute(count, (f"%{lane}%", f"%{lane}%")).fetchone() == before


def test_what_an_operator_activated_survives_a_sync_and_what_one_deactivated_stays_off(
    postgres: psycopg.Connection, lane: str
) -> None:
    v1, v2 = entry(lane, "v1"), entry(lane, "v2", LONG_AGO + timedelta(days=1))
    policy = file_of(v1).policy
    sync(postgres, file_of(v1, v2), actor="test")
    evaluated(postgres, v1, v2)
    assert states(postgres, v1, v2) == {"v1": "superseded", "v2": "serving"}
    activate(postgres, v1.model_id, policy, actor="ada")
    assert states(postgres, v1, v2) == {"v1": "serving", "v2": "held"}
    assert states(postgres, v1, v2, entry(lane, "v3", soon()))["v1"] == "serving"
    assert serving(postgres, lane) == "v1"
    with pytest.raises(RegistryError, match="in force already"):
        activate(postgres, v1.model_id, policy, actor="ada")
    deactivate(postgres, v1.model_id, actor="ada")
    assert serving(postgres, lane) is None
    with pytest.raises(RegistryError, match="off already"):
        deactivate(postgres, v1.model_id, actor="ada")
    assert states(postgres, v1, v2) == {"v1": "deactivated", "v2": "serving"}
    deactivate(postgres, v2.model_id, actor="ada")
    assert states(postgres, v1, v2) == {"v1": "deactivated", "v2": "deactivated"}
    assert serving(postgres, lane) is None
    activate(postgres, v1.model_id, policy, actor="ada")
    assert serving(postgres, lane) == "v1"


def test_an_operator_can_activate_from_a_later_instant_but_not_an_earlier_one(
    postgres: psycopg.Connection, lane: str
) -> None:
    v1, v2 = entry(lane, "v1"), entry(lane, "v2", soon(7200))
    sync(postgres, file_of(v1, v2), actor="test")
    evaluated(postgres, v1, v2)
    sync(postgres, file_of(v1, v2), actor="test")
    start = soon(600)
    activate(postgres, v2.model_id, file_of(v1).policy, actor="ada", at=start)
    assert [serving(postgres, lane, at) for at in (now(), start, soon(8000))] == ["v1", "v2", "v2"]
    with pytest.raises(RegistryError, match="stays"):
        activate(postgres, v1.model_id, file_of(v1).policy, actor="ada", at=now() - timedelta(hours=1))
    deactivate(postgres, v2.model_id, actor="ada")  # taken back before its time: v1 goes on
    assert [serving(postgres, lane, at) for at in (now(), start, soon(8000))] == ["v1", "v1", "v1"]


def test_a_version_in_use_is_final_and_one_that_never_was_may_change(
    postgres: psycopg.Connection, lane: str
) -> None:
    v1 = entry(lane, "v1", thresholds={})
    sync(postgres, file_of(v1), actor="test")
    changed = entry(lane, "v1", thresholds={"en": {"confidence_increase": 0.9}})
    sync(postgres, file_of(changed), actor="test")  # nothing has used it
    evaluated(postgres, changed)
    assert states(postgres, changed) == {"v1": "serving"}
    with pytest.raises(RegistryError, match="a version in use is final"):
        sync(postgres, file_of(v1), actor="test")
    assert states(postgres, replace(changed, description="better words")) == {"v1": "serving"}
    for statement in (
        "update registry.models set definition = '{}' where model_id = %s",
        "update registry.models set first_used_at = null where model_id = %s",
        "delete from registry.models where model_id = %s",
    ):
        with pytest.raises(psycopg.errors.RaiseException, match="is final"):
            postgres.execute(statement, (v1.model_id,))


def test_scoring_alone_makes_a_version_final(postgres: psycopg.Connection, lane: str) -> None:
    one = shadow(lane, "v1")
    sync(postgres, file_of(one), actor="test")
    mark_used(postgres, one.model_id)
    with pytest.raises(RegistryError, match="final"):
        sync(postgres, file_of(replace(one, definition={**one.definition, "model": "other"})), actor="test")


def test_an_evaluation_of_an_older_definition_does_not_count(postgres: psycopg.Connection, lane: str) -> None:
    v1 = entry(lane, "v1")
    sync(postgres, file_of(v1), actor="test")
    evaluated(postgres, v1)
    changed = entry(lane, "v1", artifact_sha256="0" * 64)
    assert states(postgres, changed) == {"v1": "refused"}
    with pytest.raises(RegistryError, match="sync the file of models first"):
        store_evaluation(postgres, v1.model_id, v1.content_sha256, perfect_figures(), actor="test")


def test_a_stricter_policy_judges_stored_evaluations_anew_and_leaves_what_serves(
    postgres: psycopg.Connection, lane: str
) -> None:
    v1, v2 = entry(lane, "v1"), entry(lane, "v2", LONG_AGO + timedelta(days=1))
    sync(postgres, file_of(v1, v2), actor="test")
    evaluated(postgres, v1)
    sync(postgres, file_of(v1, v2), actor="test")
    evaluated(postgres, v2)
    assert states(postgres, v1, v2, support_per_label=1000) == {"v1": "refused", "v2": "refused"}
    assert serving(postgres, lane) == "v1"
    with pytest.raises(GateError, match="1000 are needed"):
        activate(postgres, v2.model_id, file_of(v1, support_per_label=1000).policy, actor="ada")


def test_shadows_score_beside_the_serving_version_without_a_gate(
    postgres: psycopg.Connection, lane: str
) -> None:
    v1, v2, v3 = entry(lane, "v1"), shadow(lane, "v2"), shadow(lane, "v3", soon())
    sync(postgres, file_of(v1, v2, v3), actor="test")
    evaluated(postgres, v1, v2)
    assert states(postgres, v1, v2, v3) == {"v1": "serving", "v2": "shadow", "v3": "shadow"}
    assert v2.model_id in shadow_models(postgres, now())
    assert v3.model_id not in shadow_models(postgres, now())
    assert v3.model_id in shadow_models(postgres, soon(7200))
    activate(postgres, v2.model_id, file_of(v1).policy, actor="ada")
    assert serving(postgres, lane) == "v2"
    assert v2.model_id not in shadow_models(postgres, now())


def test_the_database_itself_refuses_overlaps_unjudged_windows_and_changes_of_the_past(
    postgres: psycopg.Connection, lane: str
) -> None:
    v1, v2 = entry(lane, "v1"), entry(lane, "v2")
    sync(postgres, file_of(v1), actor="test")
    evaluated(postgres, v1)
    sync(postgres, file_of(v1, v2), actor="test")
    [number, judgement, window] = postgres.execute(
        "select lane, judgement_id, window_id from registry.serving_windows where model_id = %s",
        (v1.model_id,),
    ).fetchone()
    insert = (
        "insert into registry.serving_windows (lane, model_id, judgement_id, during, is_operators)"
        " values (%s, %s, %s, tstzrange(%s, null), false)"
    )
    with pytest.raises(psycopg.errors.ExclusionViolation):
        postgres.execute(insert, (number, v1.model_id, judgement, soon()))
    with pytest.raises(psycopg.errors.RaiseException, match="has no evaluation"):
        postgres.execute(insert, (number, v2.model_id, judgement, soon()))
    with pytest.raises(psycopg.errors.RaiseException, match="in the past"):
        postgres.execute(insert, (number, v1.model_id, judgement, LONG_AGO))
    for change in (
        "update registry.serving_windows set during = tstzrange(%(ago)s, null) where window_id = %(window)s",
        "update registry.serving_windows set during = tstzrange(lower(during), lower(during) + '1 ms')"
        " where window_id = %(window)s",
        "delete from registry.serving_windows where window_id = %(window)s",
    ):
        with pytest.raises(psycopg.errors.RaiseException):
            postgres.execute(change, {"ago": LONG_AGO, "window": window})
    for table in ("evaluations", "judgements", "audit"):
        with pytest.raises(psycopg.errors.RaiseException, match="kept as they were written"):
            postgres.execute(f"delete from registry.{table}")


def test_every_change_names_who_made_it(postgres: psycopg.Connection, lane: str) -> None:
    v1 = entry(lane, "v1")
    sync(postgres, file_of(v1), actor="cli:ada")
    store_evaluation(postgres, v1.model_id, v1.content_sha256, perfect_figures(), actor="cli:eve")
    activate(postgres, v1.model_id, file_of(v1).policy, actor="cli:zoe")
    rows = postgres.execute(
        "select actor, action, table_name from registry.audit"
        " where coalesce(row_after, row_before)::text like %s"
        " order by audit_id",
        (f"%{v1.model_id}%",),
    ).fetchall()
    assert rows == [
        ("cli:ada", "insert", "models"),
        ("cli:eve", "insert", "evaluations"),
        ("cli:zoe", "update", "models"),  # it is in use now
        ("cli:zoe", "insert", "serving_windows"),
    ]


def test_a_failed_sync_leaves_nothing_behind(postgres: psycopg.Connection, lane: str) -> None:
    v1 = entry(lane, "v1")
    sync(postgres, file_of(v1), actor="test")
    evaluated(postgres, v1)
    sync(postgres, file_of(v1), actor="test")
    with pytest.raises(RegistryError):
        sync(postgres, file_of(entry(lane, "v1", changed=True), entry(lane, "v2")), actor="test")
    with pytest.raises(UnknownModelError, match="impact q2q sync"):
        deactivate(postgres, f"{lane}-v2", actor="test")


def test_thresholds_are_per_language_and_need_none() -> None:
    model = ActiveModel("m", {"thresholds": {"no": {"confidence_increase": 0.8}}}, "", LONG_AGO, None)
    assert model.thresholds("no") == {"confidence_increase": 0.8}
    assert model.thresholds("en") == {}
