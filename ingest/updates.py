"""The catalogue of live updates: which there are, who may see them, and which events become one.

An update has a name that clients know (`metric.updated`), belongs to a topic that they choose by, and goes to
the roles of its topic. It comes from an announcement (a row of `serving.announcements`), or from an event on
the stream EVENTS that is listed here: then its producer need not know of live streams at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

import msgspec

Topic = Literal["metrics", "journey", "deliveries", "safety", "privacy", "reports", "scores"]
TOPICS: tuple[Topic, ...] = get_args(Topic)

# Every other topic is for all who may read the company's figures.
TOPIC_ROLES: Mapping[Topic, frozenset[str]] = {
    "safety": frozenset({"company_admin", "system_admin"}),
    "privacy": frozenset({"company_admin", "system_admin"}),
}


class UnknownUpdateError(Exception):
    """The name is not in the catalogue, so nobody could say who may see it."""


@dataclass(frozen=True)
class UpdateKind:
    """One name of the catalogue."""

    name: str
    topic: Topic
    # Fields of the data that say what has changed, where nothing but its newest value matters: changes in
    # quick succession become one, and a client that is behind may ask for the last alone.
    key: tuple[str, ...] = ()

    def key_of(self, data: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """What has changed; None where every update counts."""
        return tuple(data.get(name) for name in self.key) if self.key else None


UPDATES: Mapping[str, UpdateKind] = {
    kind.name: kind
    for kind in (
        UpdateKind("metric.updated", "metrics", ("metric", "periodGrain", "period")),
        UpdateKind("sroi.updated", "metrics", ("variant", "scenario", "periodGrain", "period")),
        UpdateKind("vis.updated", "metrics", ("periodGrain", "period")),
        UpdateKind("journey.flag.updated", "journey"),
        UpdateKind("journey.milestone.reached", "journey"),
        UpdateKind("impact.delivery.updated", "deliveries"),
        UpdateKind("safety.flag.raised", "safety"),
        UpdateKind("safety.review.completed", "safety"),
        UpdateKind("privacy.request.updated", "privacy"),
        UpdateKind("report.generated", "reports"),
        UpdateKind("q2q.scored", "scores"),  # of one run and company, in numbers; never one per text
    )
}


def kind_of(name: str) -> UpdateKind:
    kind = UPDATES.get(name)
    if kind is None:
        raise UnknownUpdateError(
            f"no live update is called {name!r}; ingest/updates.py lists them, and has room for more"
        )
    return kind


@dataclass(frozen=True)
class Forwarded:
    """What of an event's data becomes an update. Texts and reasons stay out."""

    name: str
    fields: tuple[str, ...]
    constants: Mapping[str, str] = field(default_factory=dict)


_FLAG = Forwarded(
    "journey.flag.updated", ("userId", "ruleId", "flag", "value", "previousValue", "evaluatedAt")
)
_MILESTONE = Forwarded(
    "journey.milestone.reached", ("userId", "ruleId", "milestone", "previousMilestone", "reachedAt")
)
_DELIVERY = ("deliveryId", "platform", "periodStart", "periodEnd", "attempt", "attempts", "httpStatus",
             "errorClass", "nextAttemptAt", "providerReference")  # fmt: skip
_REQUEST = ("requestId", "right", "step", "progress", "dueAt")

# Event type on EVENTS → update on UPDATES. Its id is the event's, so each event is one update.
FORWARDED: Mapping[str, Forwarded] = {
    "orchestration.flag.updated": _FLAG,
    "journey.flag_updated": _FLAG,
    "orchestration.milestone.reached": _MILESTONE,
    "orchestration.journey.milestone.reached": _MILESTONE,
    "impact.delivery.attempted": Forwarded("impact.delivery.updated", _DELIVERY, {"state": "attempted"}),
    "impact.delivery.succeeded": Forwarded("impact.delivery.updated", _DELIVERY, {"state": "succeeded"}),
    "impact.delivery.failed": Forwarded("impact.delivery.updated", _DELIVERY, {"state": "failed"}),
    "impact.delivery.exhausted": Forwarded("impact.delivery.updated", _DELIVERY, {"state": "exhausted"}),
    "impact.delivery.confirmed": Forwarded("impact.delivery.updated", _DELIVERY, {"state": "confirmed"}),
    "safety.flag.raised": Forwarded(
        "safety.flag.raised",
        (
            "flagId",
            "contentId",
            "contentType",
            "flagReason",
            "severity",
            "confidence",
            "requiresHumanReview",
            "raisedAt",
        ),
    ),
    "safety.review.completed": Forwarded(
        "safety.review.completed", ("reviewId", "flagId", "decision", "completedAt")
    ),
    "privacy.request.created": Forwarded("privacy.request.updated", _REQUEST, {"state": "created"}),
    "privacy.request.progressed": Forwarded("privacy.request.updated", _REQUEST, {"state": "in_progress"}),
    "privacy.request.completed": Forwarded("privacy.request.updated", _REQUEST, {"state": "completed"}),
    "privacy.request.failed": Forwarded("privacy.request.updated", _REQUEST, {"state": "failed"}),
}


def update_body(
    name: str, company_id: UUID | str, time: datetime, data: Mapping[str, Any] | msgspec.Raw
) -> bytes:
    """An update as clients read it."""
    return msgspec.json.encode({"type": name, "companyId": company_id, "time": time, "data": data})
