"""Scores, returns, impact, tiles, goals and benchmarks, as the oracles of formulas work them out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.warehouse import company_oracle, tile_oracle
from tests.warehouse.fact_rows import NIL, Expected
from tests.warehouse.metric_oracle import EMPLOYMENT, Company, Period, periods
from tests.whole_platform.recorded import Recorded

PEERS = ("industry", "region", "size", "all")
FEW = "fewer_than_5_people"


def metrics(recorded: Recorded) -> Expected:
    return {
        (company.id, *period): row
        for company in recorded.measured
        for period, row in company_oracle.figures(company).items()
    }


def integration(recorded: Recorded) -> Expected:
    return {
        (company.id, *period, person): {
            "cefr_level": now.level, "is_employed": now.is_employed, "score": now.score,
            "social_part": now.social, "job_part": now.job, "score_before": before.score,
            "cefr_level_before": before.level,
        }
        for company in recorded.measured
        for period in _active(company)
        for person, (before, now) in company.states(period).items()
    }  # fmt: skip


def outcomes(recorded: Recorded) -> Expected:
    found: Expected = {}
    for company in recorded.measured:
        for period, rows in company.scores.items():
            for dimension in {row["dimension"] for row in rows}:
                here = [row for row in rows if row["dimension"] == dimension]
                shown = company.shown_score(period, dimension)
                confidence = None if shown is None else sum(row["confidence"] for row in here)
                found[company.id, *period, dimension] = {
                    "scores_count": len(here),
                    "people_count": len({row["person_id"] for row in here} - {NIL}),
                    "score_sum": None if shown is None else sum(row["score"] for row in here),
                    "avg_score": shown,
                    "confidence_sum": confidence,
                    "confidence_avg": None if confidence is None else confidence / len(here),
                    "suppressed_reason": FEW if shown is None else None,
                }
    return found


def returns(recorded: Recorded) -> Expected:
    """Both kinds: of work found, net, and of outcomes, gross. In every period with anything to weigh."""
    found: Expected = {}
    for company in recorded.measured:
        for period in company_oracle.weighed(company):
            for scenario in EMPLOYMENT:
                for variant, (ratio, value, cost) in company.sroi(period, scenario).items():
                    row = {"ratio": ratio, "value": value, "cost": cost}
                    found[company.id, *period, variant, scenario] = row
    return found


def impact(recorded: Recorded) -> Expected:
    names = ("hours_part", "quality_part", "outcome_part", "placement_part", "vis")
    return {
        (company.id, *period): {
            **dict(zip(names, company.vis(period), strict=True)),
            "hours": sum(company.hours(period).values()),
        }
        for company in recorded.measured
        for period in {*_active(company), *_worked(company)}
    }


def volunteers(recorded: Recorded) -> Expected:
    names = ("hours", "sessions_per_month", "impact", "vis_score")
    return {
        (company.id, *period, volunteer): dict(zip(names, numbers, strict=True))
        for company in recorded.measured
        for period in _worked(company)
        for volunteer, numbers in company.volunteers(period).items()
    }


def tiles(recorded: Recorded) -> Expected:
    return {
        (company.id, *period, *tile): {"value": value}
        for company in recorded.measured
        for (tile, period), value in tile_oracle.tiles(recorded.facts, company.id).items()
    }


def goals(recorded: Recorded) -> Expected:
    return {
        (company.id, *period, goal): {"activities_count": count}
        for company in recorded.measured
        for (period, goal), count in tile_oracle.goals(recorded.facts, company.id).items()
    }


def cells(recorded: Recorded) -> Expected:
    """Nothing is published of companies that did not say they wish to be compared."""
    assert not recorded.opt_ins, "the demo's companies did not opt in"
    return {}


def benchmarks(recorded: Recorded) -> Expected:
    """Each company's own number, beside peers of whom nothing is published."""
    assert not recorded.opt_ins, "the demo's companies did not opt in"
    return {
        (company.id, peers, metric, start): {
            "own_value": value, "is_suppressed": True, "suppressed_reason": "not_published_yet",
            "peer_group": None, "p50": None, "companies_count": None, "standing": None,
        }
        for company in recorded.measured
        for metric, start, value in _own_values(company)
        for peers in PEERS
    }  # fmt: skip


def _own_values(company: Company) -> Iterator[tuple[str, Any, float]]:
    for (grain, start), row in company_oracle.figures(company).items():
        if grain == "quarter":
            people, helpers = row["participants_count"], row["volunteers_count"]
            own = {
                name: row[name] for name in ("avg_rating", "avg_integration_score", "sroi_ratio", "vis_score")
            }
            own["sessions_per_participant"] = row["sessions_count"] / people if people else None
            own["hours_per_volunteer"] = row["volunteer_hours"] / helpers if helpers else None
            own |= {
                dimension: company.shown_score((grain, start), dimension)
                for dimension in {score["dimension"] for score in company.scores.get((grain, start), ())}
            }
            yield from ((name, start, value) for name, value in own.items() if value is not None)


def _active(company: Company) -> list[Period]:
    return [period for period, people in list(company.active.items()) if people]


def _worked(company: Company) -> set[Period]:
    return {period for work in company.work for period in periods(work[3])}
