"""A person's flags and milestones: what they are, why, why not yet, and what was believed before.

Everything is of one company, the caller's; the same person in another company is somebody unknown here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

import asyncpg
import orjson
import structlog
from fastapi import APIRouter, Path, Query, Response

from ingest.contracts.orchestration import Milestone
from orchestration.journey.interpreter import Activity, interpret
from orchestration.journey.people import Key
from orchestration.journey.versions import Version
from serving.auth import own_or_asked
from serving.credentials import Caller
from serving.dependencies import Services
from serving.openapi import JOURNEY_PROBLEMS, JOURNEY_READ_PROBLEMS
from serving.permissions import DataReader, allowed
from serving.problems import (
    PARTICIPANT_NOT_FOUND,
    ProblemError,
    invalid_parameter,
)
from serving.queries import journey
from serving.routers.journey_schemas import (
    EvaluationOrder,
    Explanation,
    FlagHistory,
    HistoryItem,
    HistoryQuery,
    JourneyEvidence,
    MilestoneOrder,
    Milestones,
    Missing,
    ParticipantFlag,
    ParticipantFlags,
    ParticipantMilestone,
)

router = APIRouter(prefix="/v1/journey", tags=["journey"])
audit = structlog.get_logger("audit")

_AHEAD = timedelta(minutes=5)  # of another clock

ParticipantId = Annotated[UUID, Path(description="The participant's pseudonym, as in events.")]
OfCompany = Annotated[
    UUID | None, Query(alias="companyId", description="For administrators of the platform.")
]


Coordinator = Annotated[Caller, allowed("data:write")]


@router.get("/participants/{participant_id}/flags", responses=JOURNEY_READ_PROBLEMS)
async def get_flags(
    response: Response, caller: DataReader, services: Services, participant_id: ParticipantId,
    company_id: OfCompany = None,
) -> ParticipantFlags:  # fmt: skip
    """Every flag of the rules in force: whether it is set, why, and what is missing where it is not."""
    key, through = await _participant(services, caller, company_id, participant_id)
    now = datetime.now(UTC)
    known = await services.journeys.activities(key)
    counting = [one for one in (await services.journeys.versions()).in_force(now) if _is_shown(one, key)]
    rows = {row["flag"]: row for row in await journey.flags(services.seen_by(key.company_id), key)}
    flags = dict.fromkeys([*(one.rule.flag for one in counting if one.rule.flag), *rows])
    response.headers["Cache-Control"] = "no-store"
    return ParticipantFlags(
        participant_id=participant_id,
        company_id=key.company_id,
        as_of=now,
        evaluated_through=through,
        flags=[
            _flag(
                flag, rows.get(flag),
                [_explained(one, key, known, now) for one in counting if one.rule.flag == flag],
            )
            for flag in flags
        ],
    )  # fmt: skip


@router.get("/participants/{participant_id}/history", responses=JOURNEY_READ_PROBLEMS)
async def get_history(
    response: Response, caller: DataReader, services: Services, participant_id: ParticipantId,
    query: Annotated[HistoryQuery, Query()],
) -> FlagHistory:  # fmt: skip
    """What was believed, about when, and since when: of all times, or what one day knew of another."""
    key, _ = await _participant(services, caller, query.company_id, participant_id)
    known_at = query.known_at or datetime.now(UTC)
    seen = services.seen_by(key.company_id)
    if query.as_of is None:
        rows = await journey.history(seen, key, known_at, query.limit, trials=query.trials)
    else:
        rows = await journey.belief(seen, key, known_at, query.as_of, trials=query.trials)
    response.headers["Cache-Control"] = "no-store"
    return FlagHistory(
        participant_id=participant_id,
        company_id=key.company_id,
        as_of=query.as_of,
        known_at=known_at,
        items=[_history_item(row) for row in rows],
    )


@router.post("/participants/{participant_id}/evaluate", status_code=202, responses=JOURNEY_PROBLEMS)
async def evaluate(
    caller: Coordinator, services: Services, participant_id: ParticipantId, company_id: OfCompany = None
) -> EvaluationOrder:
    """Have the whole history of a person looked at again, as after an erasure. It takes a second or so."""
    key, through = await _participant(services, caller, company_id, participant_id)
    await journey.ask(services.pool, key)
    audit.info("journey_evaluation_asked", caller_id=caller.caller_id, participant_id=str(participant_id))
    return EvaluationOrder(
        participant_id=participant_id,
        company_id=key.company_id,
        evaluated_through=through,
        flags_url=f"/v1/journey/participants/{participant_id}/flags",
    )


@router.get("/milestones/{participant_id}", responses=JOURNEY_READ_PROBLEMS)
async def list_milestones(
    response: Response, caller: DataReader, services: Services, participant_id: ParticipantId,
    company_id: OfCompany = None,
) -> Milestones:  # fmt: skip
    """The milestones a person has reached, in that order."""
    key, _ = await _participant(services, caller, company_id, participant_id)
    rows = await journey.milestones(services.seen_by(key.company_id), key)
    response.headers["Cache-Control"] = "no-store"
    return Milestones(
        participant_id=participant_id,
        company_id=key.company_id,
        items=[_milestone(row["milestone"], row, []) for row in rows],
    )


@router.get("/milestones/{participant_id}/{milestone}", responses=JOURNEY_READ_PROBLEMS)
async def get_milestone(
    response: Response, caller: DataReader, services: Services, participant_id: ParticipantId,
    milestone: Milestone, company_id: OfCompany = None,
) -> ParticipantMilestone:  # fmt: skip
    """One milestone: when and why it was reached, or what is missing."""
    key, _ = await _participant(services, caller, company_id, participant_id)
    response.headers["Cache-Control"] = "no-store"
    return await _one_milestone(services, key, milestone)


@router.post(
    "/milestones/{participant_id}/{milestone}",
    status_code=201,
    responses={
        200: {"model": ParticipantMilestone, "description": "It was reached before, and stays as it was."},
        **JOURNEY_PROBLEMS,
    },
)
async def record_milestone(
    response: Response, caller: Coordinator, services: Services, participant_id: ParticipantId,
    milestone: Milestone, order: MilestoneOrder, company_id: OfCompany = None,
) -> ParticipantMilestone:  # fmt: skip
    """Record a milestone that no rule can see. Reached before, it stays as it was: 200 instead of 201."""
    key, _ = await _participant(services, caller, company_id, participant_id)
    if order.reached_at > datetime.now(UTC) + _AHEAD:
        raise invalid_parameter("body.reached_at", "a milestone is recorded when it has been reached")
    is_new = await journey.record_milestone(
        services.pool, key, milestone, order.reached_at, caller=caller.caller_id, reason=order.reason
    )
    if is_new:
        audit.info(
            "journey_milestone_recorded", caller_id=caller.caller_id, participant_id=str(participant_id),
            milestone=milestone,
        )  # fmt: skip
    else:
        response.status_code = 200
    return await _one_milestone(services, key, milestone)


async def _participant(
    services: Services, caller: Caller, asked: UUID | None, participant_id: UUID
) -> tuple[Key, datetime]:
    """The person as the caller's company knows them; a problem if it does not."""
    company_id = own_or_asked(caller, asked)
    if company_id is None:
        raise invalid_parameter("query.companyId", "an administrator of the platform says for which company")
    key = Key(company_id, participant_id)
    through = await journey.evaluated_through(services.seen_by(company_id), key)
    if through is None:
        raise ProblemError(
            PARTICIPANT_NOT_FOUND, f"company {company_id} has no participant {participant_id} with activities"
        )
    return key, through


async def _one_milestone(services: Services, key: Key, milestone: Milestone) -> ParticipantMilestone:
    now = datetime.now(UTC)
    rows = await journey.milestones(services.seen_by(key.company_id), key, milestone)
    known = await services.journeys.activities(key)
    counting = (await services.journeys.versions()).in_force(now)
    why = [
        _explained(one, key, known, now)
        for one in counting
        if one.rule.milestone == milestone and _is_shown(one, key)
    ]
    return _milestone(milestone, rows[0] if rows else None, why)


def _is_shown(version: Version, key: Key) -> bool:
    """Rules on trial are for those who make them."""
    return version.is_in_force_for(key.company_id)


def _explained(version: Version, key: Key, known: Sequence[Activity], now: datetime) -> Explanation:
    [outcome] = interpret(
        [version.rule], known, company_id=key.company_id, person_id=key.person_id, as_of=now
    )
    return Explanation(
        rule_id=outcome.rule_id,
        rule_hash=outcome.rule_hash,
        name=version.rule.name,
        holds=outcome.holds,
        facts=dict(outcome.facts),
        missing=[Missing(**one._asdict()) for one in outcome.unmet],
        next_change_at=outcome.next_change_at,
        evidence=[JourneyEvidence(**one) for one in journey.evidence_of(known, outcome.evidence)],
    )


def _flag(flag: str, row: asyncpg.Record | None, why: list[Explanation]) -> ParticipantFlag:
    return ParticipantFlag(
        flag=flag,
        is_set=row["is_set"] if row else False,
        value=orjson.loads(row["value"]) if row else False,
        since=row["since"] if row else None,
        expires_at=row["expires_at"] if row else None,
        rule_id=row["rule_id"] if row else None,
        rule_hash=row["rule_hash"] if row else None,
        changed_at=row["changed_at"] if row else None,
        why=why,
    )


def _history_item(row: asyncpg.Record) -> HistoryItem:
    return HistoryItem(
        **{**dict(row), "facts": orjson.loads(row["facts"]), "missing": orjson.loads(row["unmet"])}
    )


def _milestone(
    milestone: Milestone, row: asyncpg.Record | None, why: list[Explanation]
) -> ParticipantMilestone:
    return ParticipantMilestone(
        milestone=milestone,
        is_reached=row is not None and row["withdrawn_at"] is None,
        reached_at=row["reached_at"] if row else None,
        rule_id=row["rule_id"] if row else None,
        rule_hash=row["rule_hash"] if row else None,
        recorded_at=row["recorded_at"] if row else None,
        recorded_by=row["recorded_by"] if row else None,
        reason=row["reason"] if row else None,
        withdrawn_at=row["withdrawn_at"] if row else None,
        evidence=list(row["evidence"]) if row else [],
        why=why,
    )
