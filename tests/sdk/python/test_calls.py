"""Each group of calls against the running API: what goes in, and that what comes out has its types."""

from __future__ import annotations

import csv
import inspect
import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from impact_client import AsyncImpact, CompanyMissing, Impact, problems
from impact_client._async.privacy import NotFinished as AsyncNotFinished
from impact_client._sync.privacy import NotFinished
from tests.serving.figures import DAYS, MONTHS, Marts, cohort_of
from tests.serving.running import OURS, THEIR_SEED, THEIRS, Api

GROUPS = ("reporting", "journey", "q2q", "stream", "privacy", "impact_in")


def test_figures_come_as_objects_with_their_names(impact: Impact) -> None:
    page = impact.reporting.get_at_a_glance("2026-Q2")
    assert page.inputs.total_sessions == 30
    assert page.outcomes.dimensions["confidence"] == 0.75
    metrics = impact.reporting.get_metrics(first="2026-03", last="2026-05")
    assert [(month.period, month.avg_integration_score) for month in metrics.items] == [
        ("2026-03", 50.25), ("2026-04", 50.25), ("2026-05", 50.25)
    ]  # fmt: skip
    assert metrics.items[0].period_start == date(2026, 3, 1)
    assert metrics.items[0].avg_job_readiness is None
    assert isinstance(metrics.as_of, datetime)
    sroi = impact.reporting.get_sroi(period="2026-Q2", variant="outcome_value", scenario="low")
    assert sroi.results is not None
    assert [(one.ratio, one.missing_reason) for one in sroi.results] == [(None, "no scores in the period")]
    vis = impact.reporting.get_vis(period="2026-Q2", top=1)
    assert vis.aggregate is not None
    assert vis.aggregate.parts.quality == 75.0
    assert [volunteer.rank for volunteer in vis.top_volunteers] == [1]


def test_an_iterator_gives_every_item_of_every_page_once(impact: Impact) -> None:
    assert [month.period_start for month in impact.reporting.iter_metrics(limit=5)] == MONTHS
    points = list(impact.reporting.iter_trends("sessions_count", granularity="day", limit=500))
    assert [point.value for point in points] == [float(day) for day in range(DAYS)]


def test_a_list_that_changes_between_two_pages_is_not_put_together(impact: Impact, marts: Marts) -> None:
    months = impact.reporting.iter_metrics(limit=5)
    try:
        next(months)
        marts.publish({OURS: 1})
        with pytest.raises(problems.FiguresChanged) as raised:
            list(months)
        assert raised.value.members["data_version"] > 0
    finally:
        marts.publish({OURS: 0})


def test_what_is_beside_peers_and_between_groups(impact: Impact) -> None:
    benchmarks = impact.reporting.benchmarks(compare_with="all")
    assert benchmarks.company_id == OURS
    assert {row.compare_with for row in impact.reporting.iter_benchmarks(compare_with="all")} == {"all"}
    cohort = cohort_of(OURS)
    assert impact.reporting.list_cohorts().items[0].cohort_id == cohort
    assert impact.reporting.get_cohort_metrics(cohort).items[0].is_suppressed
    assert impact.reporting.compare_cohorts([cohort], "integration_score").metric == "integration_score"
    assert impact.reporting.get_retention(program_type="language").items[0].active_count == 20
    assert impact.reporting.get_funnels().company_id == OURS
    assert {item.dimension for item in impact.reporting.iter_outcomes(dimensions=["confidence"])} == {
        "confidence"
    }
    assert {item.tile for item in impact.reporting.iter_tiles(tile="mentorship")} == {"mentorship"}
    assert {item.sdg_goal for item in impact.reporting.get_goals().items} == {4, 10}
    assert impact.reporting.get_history("sessions_count", months=2).items[-1].value == 30


def test_an_export_is_a_file_or_objects(impact: Impact) -> None:
    rows = list(csv.DictReader(io.StringIO(impact.reporting.export(format="csv").decode())))
    points = impact.reporting.get_csrd()
    assert [row["datapoint"] for row in rows] == [point.datapoint for point in points.items]
    assert impact.reporting.export(format="parquet")[:4] == b"PAR1"


def test_the_events_behind_a_number(impact: Impact, marts: Marts) -> None:
    event_id = uuid4()
    marts.add_evidence(
        {
            "company_id": OURS, "metric": "courses_completed_count", "occurred_at": datetime(2026, 4, 1, tzinfo=UTC),  # noqa: E501
            "event_id": event_id, "event_type": "upskilling.course.completed", "person_id": uuid4(),
        }
    )  # fmt: skip
    found = list(impact.reporting.iter_evidence("courses_completed_count", first=date(2026, 4, 1)))
    assert [event.event_id for event in found] == [event_id]
    with pytest.raises(problems.MetricNotFound):
        impact.reporting.get_evidence("moon_phase")


def test_problems_are_caught_by_their_class(impact: Impact) -> None:
    with pytest.raises(problems.CompanyForbidden) as raised:
        impact.reporting.get_metrics(THEIRS)
    assert raised.value.status == 403
    assert raised.value.instance.startswith("urn:uuid:")
    with pytest.raises(problems.InvalidParameter) as refused:
        impact.reporting.get_metrics(first="2026-13")
    assert refused.value.errors[0]["location"] == "query.from"


def test_a_call_about_a_company_names_one(api: Api, company_key: str) -> None:
    with Impact(api.url, company_key) as impact:
        with pytest.raises(CompanyMissing):
            impact.reporting.get_metrics()
        assert impact.reporting.get_metrics(str(OURS)).company_id == OURS


def test_an_administrator_reads_every_company(api: Api, admin_key: str) -> None:
    with Impact(api.url, admin_key, company_id=THEIRS) as impact:
        assert impact.reporting.get_metrics().items[0].sessions_count == 30 + THEIR_SEED
        assert impact.reporting.get_metrics(OURS).items[0].sessions_count == 30


def test_a_milestone_is_recorded_once(impact: Impact, participant: UUID) -> None:
    assert impact.journey.get_flags(participant).participant_id == participant
    before = impact.journey.get_milestone(participant, "job_ready")
    assert not before.is_reached
    reached_at = datetime.now(UTC) - timedelta(days=1)
    first = impact.journey.trigger_milestone(
        participant, "job_ready", reason="signed a contract", reached_at=reached_at
    )
    again = impact.journey.trigger_milestone(participant, "job_ready", reason="said so twice")
    assert first.reached_at == again.reached_at == reached_at.replace(microsecond=reached_at.microsecond)
    assert (again.is_reached, again.reason) == (True, "signed a contract")
    assert [one.milestone for one in impact.journey.get_milestones(participant).items] == ["job_ready"]
    assert impact.journey.evaluate(participant).participant_id == participant
    assert impact.journey.get_history(participant).items == []
    with pytest.raises(problems.ParticipantNotFound):
        impact.journey.get_flags(uuid4())


def test_a_text_is_labelled_and_models_say_how_good_they_are(impact: Impact, local_model: None) -> None:
    key = str(uuid4())
    text = "My mentor helped me with my CV. Write to kari.nordmann@example.com."
    labelled = impact.q2q.classify(text, language="en", context_id="survey-7", idempotency_key=key)
    assert labelled.model.provider == "local"
    assert labelled.context.id == "survey-7"
    assert "kari" not in labelled.redacted_text
    assert impact.q2q.classify(text, language="en", context_id="survey-7", idempotency_key=key) == labelled
    with pytest.raises(problems.IdempotencyKeyReused):
        impact.q2q.classify("Another text", idempotency_key=key)
    assert "en" in impact.q2q.get_taxonomy().languages
    assert "q2q-local-v4" in {model.model_id for model in impact.q2q.list_models().items}
    assert impact.q2q.get_model("q2q-local-v4").model_id == "q2q-local-v4"
    assert impact.q2q.get_eval("q2q-local-v4").items[0].model_id == "q2q-local-v4"
    assert impact.q2q.get_drift("q2q-local-v4").items == []


def test_a_persons_rights(impact: Impact, person: UUID, tmp_path: Path) -> None:
    key = str(uuid4())
    asked = impact.privacy.request_export(person, idempotency_key=key)
    assert impact.privacy.request_export(person, idempotency_key=key).request_id == asked.request_id
    assert asked.request_id in {one.request_id for one in impact.privacy.list_requests().items}
    with pytest.raises(NotFinished, match=str(asked.request_id)):  # nobody carries it out in this test
        impact.privacy.wait(asked.request_id, within_s=0.1, every_s=0.2)
    with pytest.raises(problems.PrivacyRequestClosed):
        impact.privacy.download(asked.request_id, tmp_path / "export.zip")
    assert not (tmp_path / "export.zip").exists()
    erasure = impact.privacy.request_erasure(person, reason="asked by letter")
    assert (erasure.state, erasure.is_immediate) == ("held", False)
    assert impact.privacy.cancel_request(erasure.request_id, reason="thought again").state == "cancelled"
    steps = impact.privacy.get_request(erasure.request_id).steps
    assert steps[-1].state == "cancelled"
    assert impact.privacy.request_rectification(person, first_name="Olha").state == "completed"
    assert impact.privacy.request_restriction(person, ground="objection").right == "object"
    assert impact.privacy.get_person(person).restrictions
    with pytest.raises(problems.SubjectNotFound):
        impact.privacy.request_export(("email", "nobody@example.org"))


def test_deliveries_and_their_schedules(impact: Impact) -> None:
    assert list(impact.impact_in.iter_deliveries(statuses=["failed"])) == []
    assert impact.impact_in.list_schedules().items == []
    assert impact.impact_in.get_stats().items == []
    assert impact.impact_in.get_sla_status().promise["success_share"] == 0.98
    assert impact.impact_in.replay_failed(dry_run=True).replayed == []
    for call in (
        lambda: impact.impact_in.get_delivery(uuid4()),
        lambda: impact.impact_in.preview(uuid4()),
        lambda: impact.impact_in.run_now(uuid4()),
    ):
        with pytest.raises(problems.ScheduledNotFound):
            call()


async def test_both_clients_are_one(api: Api, company_key: str, impact: Impact) -> None:
    async with AsyncImpact(api.url, company_key, company_id=OURS) as waiting:
        assert (await waiting.reporting.get_metrics()) == impact.reporting.get_metrics()
        months = [month.period_start async for month in waiting.reporting.iter_metrics(limit=5)]
        assert months == MONTHS
        with pytest.raises(problems.PrivacyRequestNotFound):
            await waiting.privacy.wait(uuid4())
        for group in GROUPS:
            assert _signatures(getattr(waiting, group)) == _signatures(getattr(impact, group))
    assert AsyncNotFinished.__name__ == NotFinished.__name__


def _signatures(group: Any) -> dict[str, list[str]]:
    return {
        name: list(inspect.signature(call).parameters)
        for name, call in inspect.getmembers(group, callable)
        if not name.startswith("_")
    }


def test_the_environment_is_enough(api: Api, company_key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPACT_API_URL", api.url)
    monkeypatch.setenv("IMPACT_API_KEY", company_key)
    monkeypatch.setenv("IMPACT_COMPANY_ID", str(OURS))
    with Impact.from_environment() as impact:
        assert impact.reporting.get_sroi().company_id == OURS
