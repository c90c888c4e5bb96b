"""Rules of the journey: what is in force, what a file may say, what a rule would do once switched on.

A dry run changes nothing and sees one company, the caller's.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from orchestration.journey.backtest import Backtest, Difference, backtest, instants
from orchestration.journey.interpreter import interpret
from orchestration.journey.people import Key
from orchestration.journey.rules import Rule, RuleFileError, load_rules, parse_rule
from orchestration.journey.rules.schema import rule_schema
from serving.auth import own_or_asked
from serving.credentials import Caller
from serving.dependencies import Services
from serving.openapi import RULE_PROBLEMS, RULES_PROBLEMS
from serving.parameters import Instant
from serving.permissions import DataReader, allowed
from serving.problems import RULE_NOT_FOUND, ProblemError, invalid_parameter
from serving.routers.journey_schemas import Missing

router = APIRouter(prefix="/v1/journey/rules", tags=["journey"])

Coordinator = Annotated[Caller, allowed("user:read")]  # what a rule would do says it of people
MOST_INSTANTS = 53  # a year of weeks: an answer while one waits
RuleId = Annotated[str, Path(max_length=63, pattern="^[a-z][a-z0-9_]*$", examples=["mentor_ready_001"])]


class RuleSummary(BaseModel):
    """A rule as its file has it."""

    id: str = Field(examples=["mentor_ready_001"])
    hash: str = Field(description="The version: another content is another hash.")
    name: str
    description: str
    owner: str
    state: str
    priority: int
    flag: str | None
    milestone: str | None
    has_effect: bool = Field(
        description="For the caller's company: written and announced, not only computed."
    )


class RuleDetail(RuleSummary):
    definition: dict[str, Any] = Field(description="Facts, conditions and effects, as the schema has them.")


class Rules(BaseModel):
    items: list[RuleSummary]


EXAMPLE_RULE = """\
id: three_sessions
name: Three sessions
description: Three sessions of any kind, ever.
owner: programmes
state: draft
facts:
  sessions: {count: kintell_sessions}
when:
  all:
    - {fact: sessions, op: ">=", value: 3}
then:
  set_flag: {flag: mentor_ready}
"""


class RuleText(BaseModel):
    """A rule file's text."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [{"text": EXAMPLE_RULE}]}
    )

    text: str = Field(max_length=65_536, description="YAML.")


class FileProblem(BaseModel):
    line: int
    where: str = Field(examples=["facts.sessions.witin"])
    message: str = Field(examples=["unknown key 'witin'"])
    suggestion: str | None = Field(examples=["did you mean 'within'?"])


class Validation(BaseModel):
    is_valid: bool
    hash: str | None
    problems: list[FileProblem]


class DryRunOrder(RuleText):
    """On a person if one is named, on the whole company if not."""

    model_config = ConfigDict(
        extra="forbid",
        strict=False,
        json_schema_extra={
            "examples": [{"text": EXAMPLE_RULE, "person_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"}]
        },
    )

    company_id: UUID | None = Field(None, description="For administrators of the platform.")
    person_id: UUID | None = None
    as_of: Instant | None = Field(None, description="The instant it is asked about; now if left out.")


class PersonAnswer(BaseModel):
    holds: bool | None = Field(description="Null: unknown, which never sets a flag.")
    facts: dict[str, float | None]
    missing: list[Missing]
    next_change_at: datetime | None
    evidence: list[UUID]


class DryRun(BaseModel):
    rule_hash: str
    as_of: datetime
    person: PersonAnswer | None
    people_count: int | None = Field(description="People whose activities the rule asks for.")
    holds_count: int | None


class BacktestOrder(RuleText):
    """Week by week over at most a year."""

    model_config = ConfigDict(
        extra="forbid",
        strict=False,
        json_schema_extra={
            "examples": [
                {"text": EXAMPLE_RULE, "first": "2026-06-01T00:00:00Z", "last": "2026-08-31T00:00:00Z"}
            ]
        },
    )

    against: str | None = Field(None, max_length=65_536, description="YAML of another version to compare.")
    company_id: UUID | None = Field(None, description="For administrators of the platform.")
    first: Instant
    last: Instant


class Week(BaseModel):
    at: datetime
    set_count: int
    begun_count: int
    ended_count: int


class GroupShare(BaseModel):
    language: str
    people_count: int
    ever_set_count: int


class VersionBacktest(BaseModel):
    rule_hash: str
    people_count: int
    ever_set_count: int
    flip_count: int
    flap_rate: float = Field(description="Of people ever flagged, the share flagged more than once.")
    weeks: list[Week]
    by_language: list[GroupShare]


class VersionDifference(BaseModel):
    only_first_count: int
    only_second_count: int
    both_count: int
    examples: list[UUID] = Field(description="People whom one version flags at the end.")


class BacktestAnswer(BaseModel):
    versions: list[VersionBacktest]
    difference: VersionDifference | None


@cache
def _rules() -> tuple[Rule, ...]:
    return tuple(load_rules())


@router.get("", responses=RULES_PROBLEMS)
async def list_rules(caller: DataReader) -> Rules:
    """All rules of this version of the platform, drafts and retired ones too, by priority."""
    return Rules(items=[RuleSummary(**_summary(rule, caller)) for rule in _rules()])


@router.get("/schema", responses=RULES_PROBLEMS)
async def get_schema(caller: DataReader) -> dict[str, Any]:
    """JSON Schema (2020-12) of a rule file, with hints for an editor under `x-editor`."""
    return rule_schema()


@router.get("/{rule_id}", responses=RULE_PROBLEMS)
async def get_rule(caller: DataReader, rule_id: RuleId) -> RuleDetail:
    """One rule, with its facts, conditions and effects."""
    for rule in _rules():
        if rule.id == rule_id:
            parts = rule.model_dump(
                mode="json", include={"facts", "when", "then", "hold", "sticky"}, exclude_defaults=True
            )
            return RuleDetail(**_summary(rule, caller), definition=parts)
    raise ProblemError(RULE_NOT_FOUND, f"no rule has the id {rule_id}")


@router.post("/validate", responses=RULES_PROBLEMS)
async def validate_rule(caller: DataReader, file: RuleText) -> Validation:
    """What is wrong with a rule file, line by line; an invalid one is an answer, not an error."""
    try:
        return Validation(is_valid=True, hash=parse_rule(file.text).hash, problems=[])
    except RuleFileError as error:
        problems = [FileProblem.model_validate(one._asdict()) for one in error.problems]
        return Validation(is_valid=False, hash=None, problems=problems)


@router.post("/dry-run", responses=RULES_PROBLEMS)
async def dry_run(response: Response, caller: Coordinator, services: Services, order: DryRunOrder) -> DryRun:
    """What a rule says of a person or of a company's people at an instant. Nothing is written."""
    company_id = _company(caller, order.company_id)
    rule = _parsed(order.text, "body.text")
    as_of = order.as_of or datetime.now(UTC)
    response.headers["Cache-Control"] = "no-store"
    if order.person_id is None:
        [result], _ = await services.journeys.ask_warehouse(
            lambda client: backtest(client, [rule], [as_of], company_id=company_id)
        )
        return DryRun(
            rule_hash=rule.hash, as_of=as_of, person=None, people_count=result.people,
            holds_count=result.set_counts[0],
        )  # fmt: skip
    known = await services.journeys.activities(Key(company_id, order.person_id))
    [outcome] = interpret([rule], known, company_id=company_id, person_id=order.person_id, as_of=as_of)
    answer = PersonAnswer(
        holds=outcome.holds, facts=dict(outcome.facts), next_change_at=outcome.next_change_at,
        missing=[Missing.model_validate(one._asdict()) for one in outcome.unmet],
        evidence=list(outcome.evidence),
    )  # fmt: skip
    return DryRun(rule_hash=rule.hash, as_of=as_of, person=answer, people_count=None, holds_count=None)


@router.post("/backtest", responses=RULES_PROBLEMS)
async def backtest_rule(
    response: Response, caller: Coordinator, services: Services, order: BacktestOrder
) -> BacktestAnswer:
    """Whom a rule would have flagged week by week, how often flags flip, and what another version changes."""
    company_id = _company(caller, order.company_id)
    rules = [_parsed(order.text, "body.text")]
    if order.against is not None:
        rules.append(_parsed(order.against, "body.against"))
    if not timedelta(0) <= order.last - order.first < timedelta(weeks=MOST_INSTANTS):
        raise invalid_parameter("body.last", "the end is after the start, and within a year of it")
    when = instants(order.first, order.last)
    results, difference = await services.journeys.ask_warehouse(
        lambda client: backtest(client, rules, when, company_id=company_id)
    )
    response.headers["Cache-Control"] = "no-store"
    return BacktestAnswer(
        versions=[_backtest(result) for result in results],
        difference=None if difference is None else _difference(difference),
    )


def _summary(rule: Rule, caller: Caller) -> dict[str, Any]:
    has_effect = (
        rule.state == "active" if caller.company_id is None else rule.has_effect_for(caller.company_id)
    )
    names = ("id", "hash", "name", "description", "owner", "state", "priority", "flag", "milestone")
    return {**{name: getattr(rule, name) for name in names}, "has_effect": has_effect}


def _parsed(text: str, location: str) -> Rule:
    try:
        return parse_rule(text)
    except RuleFileError as error:
        raise invalid_parameter(location, str(error.problems[0])) from None


def _company(caller: Caller, asked: UUID | None) -> UUID:
    company_id = own_or_asked(caller, asked)
    if company_id is None:
        raise invalid_parameter("body.company_id", "an administrator of the platform says for which company")
    return company_id


def _backtest(result: Backtest) -> VersionBacktest:
    moments = zip(result.instants, result.set_counts, result.set_flips, result.ended_flips, strict=True)
    return VersionBacktest(
        rule_hash=result.rule.hash, people_count=result.people, ever_set_count=result.ever_set,
        flip_count=result.flips, flap_rate=result.flap_rate,
        weeks=[Week(at=at, set_count=held, begun_count=on, ended_count=off) for at, held, on, off in moments],
        by_language=[
            GroupShare(language=one.name, people_count=one.people, ever_set_count=one.ever_set)
            for one in result.by_language
        ],
    )  # fmt: skip


def _difference(difference: Difference) -> VersionDifference:
    return VersionDifference(
        only_first_count=difference.only_first,
        only_second_count=difference.only_second,
        both_count=difference.both,
        examples=[one.person[1] for one in difference.examples],
    )
