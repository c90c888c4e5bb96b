"""Cohorts, retention, funnels and trends, as the oracle of cohorts counts them in the recorded facts."""

from __future__ import annotations

from tests.warehouse import cohort_oracle
from tests.warehouse.fact_rows import Expected
from tests.whole_platform.recorded import Recorded

FEW = "fewer_than_5_people"


def members(recorded: Recorded) -> Expected:
    return {
        (cohort, person): {"company_id": group.company, "joined_at": since}
        for cohort, group in recorded.groups.items()
        for person, since in cohort_oracle.members(recorded.for_cohorts, group).items()
    }


def metrics(recorded: Recorded) -> Expected:
    return dict(cohort_oracle.cohort_metrics(recorded.for_cohorts, recorded.groups))


def retention(recorded: Recorded) -> Expected:
    return {
        key: {
            "cohort_size": shown and shown[0],
            "active_count": shown and shown[1],
            "active_share": shown and shown[1] / shown[0],
            "suppressed_reason": None if shown else FEW,
        }
        for key, shown in cohort_oracle.retention(recorded.for_cohorts).items()
    }


def funnels(recorded: Recorded) -> Expected:
    people = cohort_oracle.funnels(recorded.for_cohorts)
    return {
        key: {
            "people_count": count,
            "conversion_from_start": None if count is None else count / (people[*key[:3], "enrolled"] or 1),
            "suppressed_reason": FEW if count is None else None,
        }
        for key, count in people.items()
    }


def trends(recorded: Recorded) -> Expected:
    return {
        key: {"value": value, "value_sum": total, "value_count": count, "is_suppressed": total is None}
        for key, (value, total, count) in cohort_oracle.trends(recorded.for_cohorts).items()
    }
