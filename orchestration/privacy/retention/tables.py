"""Rows that are over, and their deletion: in Postgres and in ClickHouse, each relation by one condition.

The same condition finds the rows and proves afterwards that there are none. Deleting in ClickHouse is a
mutation: the old parts leave the disk some minutes later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from orchestration.privacy.retention.outcome import Outcome
from orchestration.privacy.retention.periods import Cutoffs

# Whose company has its own period is measured by that; a nil or missing company by the common one.
CUTOFF_CLICKHOUSE = (
    "transform(toString(company_id), {companies:Array(String)}, {cutoffs:Array(DateTime64(3, 'UTC'))},"
    " {cutoff:DateTime64(3, 'UTC')})"
)
_CUTOFF_POSTGRES = (
    "coalesce((%(cutoffs)s::timestamptz[])[array_position(%(companies)s::uuid[], company_id)],"
    " %(cutoff)s::timestamptz)"
)
# Who is in a programme or at a company, or was within the period, or of whom no end is known, stays.
_ENDED_PEOPLE = """
    select person_id from ingest.people as person
    where created_at < %(cutoff)s
        and exists (
            select from ingest.program_enrollments as one where one.person_id = person.person_id
            union all
            select from ingest.company_members as one where one.person_id = person.person_id
        )
        and not exists (
            select from ingest.program_enrollments as one
            inner join ingest.program_instances as programme using (program_instance_id)
            where one.person_id = person.person_id
                and greatest(one.completed_on, programme.end_date, one.enrolled_on) >= %(cutoff)s::date
                or one.person_id = person.person_id and coalesce(one.completed_on, programme.end_date) is null
        )
        and not exists (
            select from ingest.company_members as one
            where one.person_id = person.person_id and coalesce(one.left_on, 'infinity') >= %(cutoff)s::date
        )
        and not exists (
            select from ingest.buddy_matches as one
            where person.person_id in (one.participant_id, one.buddy_id) and one.matched_at >= %(cutoff)s
        )
"""


@dataclass(frozen=True)
class TableRule:
    """Which rows of a relation are over; `{cutoff}` is the moment of the row's company."""

    relation: str
    period: str
    over: str
    change: str = ""  # instead of deleting: the `set` of an update

    @property
    def store(self) -> Literal["clickhouse", "postgres"]:
        return "clickhouse" if self.relation.startswith("clickhouse:") else "postgres"

    @property
    def table(self) -> str:
        return self.relation.partition(":")[2]

    @property
    def condition(self) -> str:
        return self.over.replace(
            "{cutoff}", CUTOFF_CLICKHOUSE if self.store == "clickhouse" else _CUTOFF_POSTGRES
        )

    @property
    def proof_query(self) -> str:
        return f"select count(*) from {self.table} where {self.condition}"  # noqa: S608 - of the rules below


# In this order: who is over is told by enrolments and memberships, which end later or with them.
RULES = (
    TableRule(
        "postgres:ingest.person_identities", "identity", f"person_id in ({_ENDED_PEOPLE})"
    ),
    TableRule(
        "postgres:ingest.people", "identity",
        f"(first_name is not null or last_name is not null) and person_id in ({_ENDED_PEOPLE})",
        change="first_name = null, last_name = null",
    ),
    TableRule(
        "postgres:ingest.company_members", "identity",
        # Not before the person's own data: their end is told by this row.
        "left_on < %(cutoff)s::date and not exists (select from ingest.person_identities as identity"
        " where identity.person_id = company_members.person_id)",
    ),
    TableRule(
        "postgres:ingest.program_enrollments", "activity",
        "greatest(enrolled_on, completed_on) < %(cutoff)s::date and not exists (select from"
        " ingest.person_identities as identity where identity.person_id = program_enrollments.person_id)",
    ),
    TableRule("postgres:ingest.buddy_matches", "activity", "matched_at < {cutoff}"),
    TableRule("clickhouse:raw.events", "activity", "event_time < {cutoff}"),
    TableRule("clickhouse:journey.events", "activity", "occurred_at < {cutoff}"),
    TableRule("clickhouse:nlp.cleared_texts", "activity", "written_at < {cutoff}"),
    TableRule("clickhouse:nlp.text_scores", "activity", "written_at < {cutoff}"),
    TableRule("postgres:journey.flag_history", "activity", "recorded_at < {cutoff}"),
    TableRule("postgres:journey.milestones", "activity", "recorded_at < {cutoff}"),
    TableRule("clickhouse:nlp.verdicts", "safety", "screened_at < {cutoff}"),
    TableRule(
        "postgres:safety.review_items", "safety",
        "raised_at < {cutoff} and (decided_at < {cutoff} or superseded_at < {cutoff})",
    ),
    TableRule(
        "postgres:safety.review_decisions", "safety",
        "decided_at < %(cutoff)s and not exists (select from safety.review_items as item"
        " where item.item_id = review_decisions.item_id)",
    ),
    TableRule(
        "postgres:privacy.text_keys", "activity",
        # Of people whose identity has ended; their texts have long before.
        "created_at < %(cutoff)s and owner_id in (select person_id from ingest.people)"
        " and owner_id not in (select person_id from ingest.person_identities)",
    ),
    # What is open or in force has not ended, however old it is. What was asked stays, without the person.
    TableRule(
        "postgres:privacy.requests", "records",
        "finished_at < %(cutoff)s and num_nonnulls(subject_id, reason, changes) > 0",
        change="subject_id = null, reason = null, changes = null",
    ),
    TableRule(
        "postgres:privacy.consents", "records", "coalesce(withdrawn_at, replaced_at, expires_at) < %(cutoff)s"
    ),
    TableRule(
        "postgres:privacy.restrictions", "records",
        "lifted_at < %(cutoff)s and lift_applied_at is not null",
    ),
    TableRule("postgres:safety.held_texts", "passing", "held_at < %(cutoff)s"),
    TableRule("clickhouse:raw.landed_events", "passing", "landed_at < {cutoff:DateTime64(3, 'UTC')}"),
    TableRule("postgres:serving.announcements", "passing", "announced_at < %(cutoff)s"),
)  # fmt: skip


def enforce_table(
    rule: TableRule, cutoffs: Cutoffs, postgres: psycopg.Connection, clickhouse: ClickHouseClient
) -> Outcome:
    """Remove what is over, then count what is left. Doing it again removes nothing."""
    if rule.store == "postgres":
        parameters = _of_postgres(cutoffs)
        act = f"update {rule.table} set {rule.change}" if rule.change else f"delete from {rule.table}"  # noqa: S608
        with postgres.transaction():
            removed = postgres.execute(f"{act} where {rule.condition}", parameters).rowcount
        left = (postgres.execute(rule.proof_query, parameters).fetchone() or (None,))[0]
    else:
        found = of_clickhouse(cutoffs)
        removed = int(clickhouse.query(rule.proof_query, found).result_rows[0][0])
        if removed:  # a mutation that finds nothing would rewrite every part's list of columns all the same
            clickhouse.command(
                f"alter table {rule.table} delete where {rule.condition}", found,
                settings={"mutations_sync": 2},
            )  # fmt: skip
        left = int(clickhouse.query(rule.proof_query, found).result_rows[0][0])
    return Outcome(rule.relation, rule.period, cutoffs.default, removed, left, rule.proof_query)


def _of_postgres(cutoffs: Cutoffs) -> dict[str, Any]:
    return {
        "cutoff": cutoffs.default,
        "companies": list(cutoffs.companies),
        "cutoffs": list(cutoffs.companies.values()),
    }


def of_clickhouse(cutoffs: Cutoffs) -> dict[str, Any]:
    """The moments as CUTOFF_CLICKHOUSE asks for them."""
    # Never empty: `transform` has to know the types of its lists.
    companies = {"-": cutoffs.default, **{str(one): at for one, at in cutoffs.companies.items()}}
    return {
        "cutoff": _moment(cutoffs.default),
        "companies": list(companies),
        "cutoffs": [_moment(at) for at in companies.values()],
    }


def _moment(at: Any) -> str:
    return str(at.strftime("%Y-%m-%d %H:%M:%S.%f"))[:-3]
