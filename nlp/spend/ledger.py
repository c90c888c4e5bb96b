"""Money is put aside before a call and settled after it: one row of the ledger per attempt.

A company's month is one row, and every reservation changes it under a condition, so that however many
processes ask at once, what is spent and what is put aside never pass the cap together. A process that dies
leaves its reservation behind. It goes on counting, and when it expires it is settled at its whole amount: the
provider may have been paid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID, uuid4

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row

from nlp.spend.budget import SAVING_PERCENT, Budget, month_of, read_budget
from nlp.spend.cost import NO_TOKENS, Tokens
from nlp.spend.happenings import (
    THRESHOLDS,
    Announce,
    BudgetExceeded,
    BudgetWarned,
    CallRecorded,
    Purpose,
)

Outcome = Literal["answered", "unusable", "refused", "unknown", "expired"]


class CapReachedError(Exception):
    """The call was not made: it could have passed the company's cap, or only batches may be paid still."""

    def __init__(self, budget: Budget, requested_microdollars: int, at: datetime) -> None:
        self.budget = budget
        self.at = at
        self.requested_microdollars = requested_microdollars
        self.is_saving = requested_microdollars <= budget.remaining_microdollars
        why = (
            f"{SAVING_PERCENT} % of it is used, and the rest is for batches"
            if self.is_saving
            else f"the call could cost {dollars(requested_microdollars)}"
        )
        super().__init__(
            f"company {budget.company_id} has {dollars(budget.remaining_microdollars)} of"
            f" {dollars(budget.cap_microdollars)} left for model calls in {budget.month:%Y-%m}: {why}."
            f" The next month begins at {budget.resets_at:%Y-%m-%dT%H:%MZ}"
        )


@dataclass(frozen=True)
class Call:
    """What is about to be called, for whom and why."""

    company_id: UUID
    provider: str
    model: str  # the provider's name
    model_version: str  # id in the registry
    purpose: Purpose
    request_id: UUID  # the same for every attempt at one text
    attempt: int = 1
    is_batch: bool = False


@dataclass(frozen=True)
class Reservation:
    """Money put aside for one call."""

    call_id: UUID
    call: Call
    month: date
    microdollars: int
    reserved_at: datetime


@dataclass(frozen=True)
class Settlement:
    """What became of a call. Without a cost, its whole reservation is taken for spent."""

    outcome: Outcome
    at: datetime
    cost_microdollars: int | None
    tokens: Tokens = NO_TOKENS
    priced_from: date | None = None
    provider_message_id: str | None = None
    http_status: int | None = None
    latency_ms: float = 0.0


def reserve(
    connection: psycopg.Connection,
    announce: Announce,
    call: Call,
    microdollars: int,
    *,
    at: datetime,
    valid_for: timedelta,
) -> Reservation:
    """Put money aside, committed before this returns. Raises CapReachedError; then nothing was put aside."""
    if connection.info.transaction_status != TransactionStatus.IDLE:
        # Inside the caller's transaction the money would be put aside only once that commits.
        raise ValueError("money is put aside in a transaction of its own; end the one that is open")
    if microdollars <= 0:
        raise ValueError(f"a call cannot cost {microdollars} micro-dollars at the worst")
    month = month_of(at)
    with connection.transaction():
        if _take(connection, call, month, microdollars, at):
            call_id = uuid4()
            connection.execute(
                "insert into ai.reservations (call_id, company_id, month, provider, model, model_version,"
                " purpose, request_id, attempt, is_batch, reserved_microdollars, reserved_at, expires_at)"
                " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                (call_id, call.company_id, month, call.provider, call.model, call.model_version,
                 call.purpose, call.request_id, call.attempt, call.is_batch, microdollars, at,
                 at + valid_for),
            )  # fmt: skip
            return Reservation(call_id, call, month, microdollars, at)
        error = CapReachedError(read_budget(connection, call.company_id, at), microdollars, at)
        if not error.is_saving:
            _count_refusal(connection, announce, error)
    raise error


def _take(connection: psycopg.Connection, call: Call, month: date, microdollars: int, at: datetime) -> bool:
    connection.execute(
        "insert into ai.months (company_id, month) values (%s, %s) on conflict do nothing",
        (call.company_id, month),
    )
    # The condition is looked at under the row's lock, with what every earlier reservation has left there.
    taken = connection.execute(
        "update ai.months set reserved_microdollars = reserved_microdollars + %(amount)s"
        " where company_id = %(company)s and month = %(month)s"
        "   and spent_microdollars + reserved_microdollars + %(amount)s <= ai.cap_of(company_id, %(day)s)"
        "   and (%(is_batch)s or (spent_microdollars + reserved_microdollars) * 100"
        "        < ai.cap_of(company_id, %(day)s) * %(saving)s)",
        {
            "amount": microdollars,
            "company": call.company_id,
            "month": month,
            "day": at.astimezone(UTC).date(),
            "is_batch": call.is_batch,
            "saving": SAVING_PERCENT,
        },
    )
    return taken.rowcount == 1


def _count_refusal(connection: psycopg.Connection, announce: Announce, error: CapReachedError) -> None:
    budget = error.budget
    count = connection.execute(
        "update ai.months set refused_count = refused_count + 1 where company_id = %s and month = %s"
        " returning refused_count",
        (budget.company_id, budget.month),
    ).fetchall()[0][0]
    if count & (count - 1):
        return  # a company that goes on asking would fill the stream with one fact
    announce(
        connection,
        BudgetExceeded(
            budget.company_id,
            budget.month,
            budget.spent_microdollars,
            budget.reserved_microdollars,
            error.requested_microdollars,
            budget.cap_microdollars,
            count,
            error.at,
        ),
    )


def settle(connection: psycopg.Connection, announce: Announce, call_id: UUID, settlement: Settlement) -> int:
    """Replace a reservation by what the call cost; returns that. Settling a settled call changes nothing.

    A call that had expired by then is corrected: the ledger says in the end what the provider said.
    """
    with connection.transaction():
        call = _reservation(connection, call_id)
        if call is not None:
            cost = _cost(call, settlement)
            _spend(connection, call, spent=cost, reserved=-call["reserved_microdollars"])
        else:
            call = _row_of(connection, "select * from ai.ledger where call_id = %s for update", call_id)
            if call is None:
                raise ValueError(f"no call {call_id} has money put aside or was ever settled")
            if call["outcome"] != "expired" or settlement.outcome == "expired":
                return int(call["cost_microdollars"])
            cost = _cost(call, settlement)
            _spend(connection, call, spent=cost - call["cost_microdollars"], reserved=0)
            _add_to_day(connection, call, sign=-1)
        row = _ledger_row(call, settlement, cost)
        connection.execute(
            f"insert into ai.ledger ({', '.join(row)})"  # noqa: S608 - our own column names
            f" values ({', '.join(f'%({name})s' for name in row)})"
            # Only an expired call has a row by now, and whoever waits for it has to find it afterwards.
            f" on conflict (call_id) do update set {', '.join(f'{name} = excluded.{name}' for name in row)}",
            row,
        )
        _add_to_day(connection, row, sign=1)
        announce(connection, _recorded(row))
        _warn(connection, announce, call, settlement.at)
    return cost


def settle_expired(connection: psycopg.Connection, announce: Announce, *, at: datetime) -> int:
    """Settle at their whole amount the reservations nobody came back to; returns how many there were."""
    count = 0
    # One at a time: whoever settles one of them meanwhile is not kept waiting by the others.
    while True:
        found = connection.execute(
            "select call_id from ai.reservations where expires_at <= %s"
            " order by expires_at limit 500", (at,)
        ).fetchall()  # fmt: skip
        connection.commit()
        if not found:
            return count
        for (call_id,) in found:
            settle(connection, announce, call_id, Settlement("expired", at, None))
            count += 1


def _reservation(connection: psycopg.Connection, call_id: UUID) -> dict[str, Any] | None:
    return _row_of(connection, "delete from ai.reservations where call_id = %s returning *", call_id)


def _row_of(connection: psycopg.Connection, statement: str, call_id: UUID) -> dict[str, Any] | None:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement, (call_id,)).fetchone()


def _cost(call: Mapping[str, Any], settlement: Settlement) -> int:
    if settlement.cost_microdollars is None:
        return int(call["reserved_microdollars"])
    return settlement.cost_microdollars


def _spend(connection: psycopg.Connection, call: Mapping[str, Any], *, spent: int, reserved: int) -> None:
    connection.execute(
        "update ai.months set spent_microdollars = spent_microdollars + %s,"
        " reserved_microdollars = reserved_microdollars + %s where company_id = %s and month = %s",
        (spent, reserved, call["company_id"], call["month"]),
    )


def _ledger_row(call: Mapping[str, Any], settlement: Settlement, cost: int) -> dict[str, Any]:
    tokens = settlement.tokens
    kept = ("call_id", "company_id", "month", "provider", "model", "model_version", "purpose", "request_id",
            "attempt", "is_batch", "reserved_microdollars")  # fmt: skip
    return {
        **{name: call[name] for name in kept},
        "outcome": settlement.outcome,
        "input_tokens": tokens.input,
        "cache_write_5m_tokens": tokens.write_5m,
        "cache_write_1h_tokens": tokens.write_1h,
        "cache_read_tokens": tokens.read,
        "output_tokens": tokens.output,
        "cost_microdollars": cost,
        "priced_from": settlement.priced_from,
        "provider_message_id": settlement.provider_message_id,
        "http_status": settlement.http_status,
        "latency_ms": settlement.latency_ms,
        # A row of the ledger that is corrected has it already.
        "called_at": call.get("called_at") or call["reserved_at"],
        "settled_at": settlement.at,
    }


def _prompt_tokens(row: Mapping[str, Any]) -> int:
    kinds = ("input_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "cache_read_tokens")
    return sum(row[kind] for kind in kinds)


def _add_to_day(connection: psycopg.Connection, row: Mapping[str, Any], *, sign: int) -> None:
    connection.execute(
        "insert into ai.daily_costs as known (company_id, day, provider, model, model_version, purpose,"
        " outcome, calls_count, input_tokens, output_tokens, cost_microdollars, latency_ms)"
        " values (%s, (%s at time zone 'UTC')::date, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
        " on conflict (company_id, day, provider, model, model_version, purpose, outcome) do update set"
        " calls_count = known.calls_count + excluded.calls_count,"
        " input_tokens = known.input_tokens + excluded.input_tokens,"
        " output_tokens = known.output_tokens + excluded.output_tokens,"
        " cost_microdollars = known.cost_microdollars + excluded.cost_microdollars,"
        " latency_ms = known.latency_ms + excluded.latency_ms",
        (row["company_id"], row["called_at"], row["provider"], row["model"], row["model_version"],
         row["purpose"], row["outcome"], sign, sign * _prompt_tokens(row), sign * row["output_tokens"],
         sign * row["cost_microdollars"], sign * row["latency_ms"]),
    )  # fmt: skip


def _recorded(row: Mapping[str, Any]) -> CallRecorded:
    return CallRecorded(
        row["call_id"],
        row["company_id"],
        row["model_version"],
        row["purpose"],
        _prompt_tokens(row),
        row["output_tokens"],
        row["cost_microdollars"],
        row["called_at"],
        row["settled_at"],
    )


def _warn(connection: psycopg.Connection, announce: Announce, call: Mapping[str, Any], at: datetime) -> None:
    """Announce each threshold that spending has reached. A higher cap takes warnings back."""
    spent, warned, cap = connection.execute(
        "select spent_microdollars, warned_percent, ai.cap_of(company_id, %s)"
        " from ai.months where company_id = %s and month = %s",
        (at.astimezone(UTC).date(), call["company_id"], call["month"]),
    ).fetchall()[0]
    reached = [threshold for threshold in THRESHOLDS if cap and spent * 100 >= cap * threshold]
    highest = max(reached, default=0)
    if highest == warned:
        return
    connection.execute(
        "update ai.months set warned_percent = %s where company_id = %s and month = %s",
        (highest, call["company_id"], call["month"]),
    )
    for threshold in reached:
        if threshold > warned:
            announce(connection, BudgetWarned(call["company_id"], call["month"], threshold, spent, cap, at))


def dollars(microdollars: int) -> str:
    """An amount for people: `$0.000140`."""
    return f"${microdollars / 1_000_000:,.6f}"
