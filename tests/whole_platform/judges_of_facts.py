"""Facts, dimensions, flags, costs and evidence, as the recorded events and reference data have them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from nlp.labels import CUES, SIGNALS
from tests.warehouse import fact_oracle, fact_rows
from tests.warehouse.fact_rows import NIL, Expected, Row
from tests.warehouse.metric_oracle import quarter_of
from tests.whole_platform.recorded import Recorded

_FEWEST = 5
_COUNTED = {
    "fct_sessions": ("completed_at", "participant_id", ("sessions_count", "volunteer_hours")),
    "fct_ratings": ("created_at", "participant_id", ("ratings_count", "rating_sum", "avg_rating")),
    "fct_enrollments": ("enrolled_at", "participant_id", ("enrollments_count",)),
    "fct_buddy_matches": ("matched_at", "participant_id", ("buddy_matches_count",)),
    "fct_course_completions": ("completed_at", "participant_id", ("courses_completed_count",)),
    "fct_placements": ("placed_at", "person_id", ("placements_count",)),
    "fct_volunteering": ("activity_at", "person_id", ("volunteering_hours",)),
    "fct_donations": ("donated_at", "person_id", ("donations_usd", "donations_count")),
}
_ALWAYS = {metric for *_, metrics in _COUNTED.values() for metric in metrics}
_DIMENSIONS = {
    "confidence_increase": "confidence", "confidence_decrease": "confidence",
    "belonging_increase": "belonging", "belonging_decrease": "belonging",
    "language_comfort": "lang_level_proxy",
    **dict.fromkeys(SIGNALS, "job_readiness"), **dict.fromkeys(CUES, "well_being"),
}  # fmt: skip


def fact(name: str, recorded: Recorded) -> Expected:
    return {(row["event_id"],): row for row in recorded.facts[name]}


FACTS: Mapping[str, Callable[[Recorded], Expected]] = {
    name: partial(fact, name) for name in fact_oracle.FACTS
}


def companies(recorded: Recorded) -> Expected:
    kept = ("name", "industry", "country", "employee_size", "time_zone")
    return {
        (row["company_id"],): {
            **{name: row[name] for name in kept},
            "region": recorded.regions.get(row["country"], ""),
        }
        for row in recorded.companies
    }


def members(recorded: Recorded) -> Expected:
    return {
        (row["company_id"], row["person_id"], row["joined_on"]): {
            name: row[name] for name in ("left_on", "is_primary")
        }
        for row in recorded.members
    }


def instances(recorded: Recorded) -> Expected:
    return {
        (row["program_instance_id"],): {
            "company_id": row["company_id"] or NIL, "starts_on": row["start_date"],
            "ends_on": row["end_date"],
            **{name: row[name] for name in ("program_type", "program_name", "program_slug", "status")},
        }
        for row in recorded.instances
    }  # fmt: skip


def people(recorded: Recorded) -> Expected:
    """Whoever took part, enrolled or belongs to a company."""
    moments: dict[UUID, list[datetime]] = defaultdict(list)
    helped = {row["person_id"] for row in recorded.members}
    took_part = {row["participant_id"] for row in recorded.facts["fct_enrollments"]}
    for row in recorded.facts["activity"]:
        moments[row["person_id"]].append(row["occurred_at"])
        (took_part if row["role"] == "participant" else helped).add(row["person_id"])
    return {
        (person,): {
            "is_participant": person in took_part, "is_volunteer": person in helped,
            "first_activity_at": min(moments[person], default=None),
            "last_activity_at": max(moments[person], default=None),
            "activity_count": len(moments[person]),
        }
        for person in (took_part | helped) - {NIL}
    }  # fmt: skip


def flags(recorded: Recorded) -> Expected:
    found: Expected = {}
    for event in fact_rows.latest(recorded.events, "orchestration.flag.updated"):
        data: Any = event.data
        found[event.companyid or NIL, event.personid or NIL, data.flag] = {
            "is_set": data.value is not False, "rule_id": data.rule_id, "event_id": event.id,
        }  # fmt: skip
    return found


def milestones(recorded: Recorded) -> Expected:
    kinds = ("orchestration.milestone.reached", "orchestration.journey.milestone.reached")
    found: Expected = {}
    for event in fact_rows.latest(recorded.events, *kinds):
        data: Any = event.data
        found[event.companyid or NIL, event.personid or NIL, data.milestone] = {
            "previous_milestone": data.previous_milestone, "rule_id": getattr(data, "rule_id", None),
            "event_id": event.id,
        }  # fmt: skip
    return found


def ai_costs(recorded: Recorded) -> Expected:
    calls: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in recorded.facts["fct_ai_costs"]:
        key = (row["company_id"], row["called_at"].date(), row["model_version"], row["purpose"])
        calls[key].append(row)
    return {
        key: {
            "calls_count": len(rows),
            "total_input_tokens": sum(row["input_tokens"] for row in rows),
            "total_output_tokens": sum(row["output_tokens"] for row in rows),
            "cost_microdollars": sum(round(row["cost_usd"] * 1_000_000) for row in rows),
            "cost_usd": sum(row["cost_usd"] for row in rows),
        }
        for key, rows in calls.items()
    }


def is_counted_from_events(metric: str) -> bool:
    """Whether an event is behind the metric wherever it happened; a formula's evidence is its parts'."""
    return metric in _ALWAYS or metric in ("participants_count", "volunteers_count") or "outcome." in metric


def evidence(recorded: Recorded) -> Expected:
    return {
        (row["company_id"], metric, row["event_id"], person): {"occurred_at": moment}
        for row, metric, person, moment in _behind(recorded)
        if row["company_id"] != NIL
    }


def _behind(recorded: Recorded) -> Iterator[tuple[Row, str, UUID, datetime]]:
    for name, (moment, who, metrics) in _COUNTED.items():
        for row in recorded.facts[name]:
            if row.get("is_counted", True):
                for metric in metrics:
                    yield row, metric, row[who], row[moment]
    for row in recorded.facts["activity"]:
        yield row, f"{row['role']}s_count", row["person_id"], row["occurred_at"]
    for row in recorded.facts["fct_outcome_scores"]:
        yield row, f"outcome.{row['dimension']}", row["person_id"], row["counted_at"]


def snippets(recorded: Recorded) -> Expected:
    """The first words a counted score rests on, unless few people wrote in its quarter."""
    scores = [row for row in recorded.facts["fct_outcome_scores"] if row["company_id"] != NIL]
    writers: dict[tuple[Any, ...], set[UUID]] = defaultdict(set)
    for row in scores:
        writers[row["company_id"], quarter_of(row["counted_at"])] |= {row["person_id"]} - {NIL}
    first: dict[tuple[Any, ...], tuple[int, str]] = {}
    may_be_read = {(row["company_id"], row["text_id"], row["text_sha256"]) for row in recorded.cleared}
    for text in recorded.cited:
        version = (text["company_id"], text["text_id"], text["text_sha256"])
        for cite in text["evidence"] if version in may_be_read else ():
            label, start = (cite["label"], cite["start"]) if isinstance(cite, dict) else cite[:2]
            key = (*version, text["model_version"], _DIMENSIONS.get(label))
            first[key] = min(first.get(key, (start, label)), (start, label))
    found: Expected = {}
    for row in scores:
        key = (
            *(row[name] for name in ("company_id", "text_id", "text_sha256", "model_version", "dimension")),
        )
        if key in first:
            people = writers[row["company_id"], quarter_of(row["counted_at"])]
            found[row["company_id"], row["text_id"], row["dimension"]] = {
                **{name: row[name] for name in ("person_id", "event_id", "score", "confidence", "language")},
                "label": first[key][1],
                "suppressed_reason": "fewer_than_5_people" if len(people) < _FEWEST else None,
            }
    return found
