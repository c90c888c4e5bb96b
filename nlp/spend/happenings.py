"""What the world hears of money: each of these becomes an event in the transaction in which it happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args
from uuid import UUID

import psycopg

Purpose = Literal["q2q_scoring", "safety_screening", "evaluation", "report", "nlq", "other"]
Threshold = Literal[80, 90, 95]
THRESHOLDS: tuple[Threshold, ...] = get_args(Threshold)


@dataclass(frozen=True)
class CallRecorded:
    """A row of the ledger. Told again when a call that had expired is settled after all."""

    call_id: UUID
    company_id: UUID
    model_version: str
    purpose: Purpose
    input_tokens: int
    output_tokens: int
    cost_microdollars: int
    called_at: datetime
    recorded_at: datetime


@dataclass(frozen=True)
class BudgetWarned:
    """A company's spending of a month has reached a threshold of its cap."""

    company_id: UUID
    month: date
    threshold: Threshold
    spent_microdollars: int
    cap_microdollars: int
    at: datetime


@dataclass(frozen=True)
class BudgetExceeded:
    """A call was refused: it could have passed the cap. Told for the 1st, 2nd, 4th, 8th … of a month."""

    company_id: UUID
    month: date
    spent_microdollars: int
    reserved_microdollars: int
    requested_microdollars: int
    cap_microdollars: int
    refused_count: int
    at: datetime


Happening = CallRecorded | BudgetWarned | BudgetExceeded
# Writes the event with the connection it is given, without ending its transaction.
Announce = Callable[[psycopg.Connection, Happening], None]
