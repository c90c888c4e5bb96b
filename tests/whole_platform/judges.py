"""Which independent count judges which mart, and what the two must have in common.

A judge says of each key which columns must say what. A row that only one side has is a difference, and so is
a number that is off by more than a billionth; counts and words have to be the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.warehouse.fact_rows import Expected, Row
from tests.whole_platform import judges_of_cohorts, judges_of_facts, judges_of_formulas
from tests.whole_platform.recorded import Recorded

MONEY = {"value", "cost"}  # served to a millionth


@dataclass(frozen=True)
class Judge:
    key: tuple[str, ...]
    expected: Callable[[Recorded], Expected]
    judges: Callable[[Row], bool] = lambda row: True  # of rows that it knows nothing of, nothing is said

    def differences(self, mart: str, recorded: Recorded, rows: Sequence[Row]) -> Iterator[str]:
        expected = self.expected(recorded)
        found = {tuple(row[name] for name in self.key): row for row in rows if self.judges(row)}
        if len(found) != sum(map(self.judges, rows)):
            yield f"{mart}: two rows have one key"
        for key in sorted(expected.keys() | found.keys(), key=str):
            if key not in found:
                yield f"{mart} {key}: is missing"
            elif key not in expected:
                yield f"{mart} {key}: should not be there"
            else:
                for name, value in expected[key].items():
                    if not alike(name, value, found[key][name]):
                        yield f"{mart} {key}: {name} should be {value!r}, is {found[key][name]!r}"


def alike(name: str, one: Any, other: Any) -> bool:
    if isinstance(one, float) or isinstance(other, float):
        if one is None or other is None:
            return one is other
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-6 if name in MONEY else 1e-9)
    if isinstance(one, list):
        return list(one) == list(other)
    return bool(one == other)


PERIOD = ("company_id", "period_grain", "period_start")
JUDGES: Mapping[str, Judge] = {
    **{name: Judge(("event_id",), expected) for name, expected in judges_of_facts.FACTS.items()},
    "dim_companies": Judge(("company_id",), judges_of_facts.companies),
    "dim_company_members": Judge(("company_id", "person_id", "joined_on"), judges_of_facts.members),
    "dim_program_instances": Judge(("program_instance_id",), judges_of_facts.instances),
    "dim_people": Judge(("person_id",), judges_of_facts.people),
    "participant_flags": Judge(("company_id", "person_id", "flag"), judges_of_facts.flags),
    "participant_milestones": Judge(("company_id", "person_id", "milestone"), judges_of_facts.milestones),
    "ai_costs_daily": Judge(("company_id", "day", "model_version", "purpose"), judges_of_facts.ai_costs),
    "metric_evidence": Judge(
        ("company_id", "metric", "event_id", "person_id"),
        judges_of_facts.evidence,
        lambda row: judges_of_facts.is_counted_from_events(row["metric"]),
    ),
    "evidence_snippets": Judge(("company_id", "text_id", "dimension"), judges_of_facts.snippets),
    "metrics_company_period": Judge(PERIOD, judges_of_formulas.metrics),
    "integration_scores": Judge((*PERIOD, "person_id"), judges_of_formulas.integration),
    "outcome_dimensions_period": Judge((*PERIOD, "dimension"), judges_of_formulas.outcomes),
    "sroi_company_period": Judge((*PERIOD, "variant", "scenario"), judges_of_formulas.returns),
    "vis_company_period": Judge(PERIOD, judges_of_formulas.impact),
    "vis_volunteer_period": Judge((*PERIOD, "volunteer_id"), judges_of_formulas.volunteers),
    "program_tiles": Judge((*PERIOD, "tile", "metric"), judges_of_formulas.tiles),
    "sdg_tags_period": Judge((*PERIOD, "sdg_goal"), judges_of_formulas.goals),
    "company_benchmarks": Judge(
        ("company_id", "compare_with", "metric", "period_start"), judges_of_formulas.benchmarks
    ),
    "benchmark_cells": Judge(("peer_group_kind", "peer_group", "metric", "period"), judges_of_formulas.cells),
    "cohort_members": Judge(("cohort_id", "participant_id"), judges_of_cohorts.members),
    "cohort_metrics": Judge(
        ("cohort_id", "metric", "period_grain", "period_start"), judges_of_cohorts.metrics
    ),
    "cohort_retention": Judge(
        ("company_id", "program_type", "cohort_month", "months_since"), judges_of_cohorts.retention
    ),
    "funnels": Judge(("company_id", "program_type", "cohort_quarter", "stage"), judges_of_cohorts.funnels),
    "trend_metrics": Judge(
        ("company_id", "metric", "granularity", "period_start"), judges_of_cohorts.trends
    ),
}  # fmt: skip


def differences(recorded: Recorded, marts: Mapping[str, Sequence[Row]]) -> list[str]:
    """Of every mart, what it says otherwise than its judge. A mart without a judge is a difference too."""
    found = [f"{mart}: no judge" for mart in sorted(marts.keys() - JUDGES.keys())]
    for mart, rows in marts.items():
        if mart in JUDGES:
            found += JUDGES[mart].differences(mart, recorded, rows)
    return found
