"""Where each version stands: what it serves, its newest evaluation, and what the gate says of it now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from nlp.registry.gate import judge


@dataclass(frozen=True)
class Standing:
    model_id: str
    provider: str
    effective_from: datetime
    is_shadow: bool
    serving_from: datetime | None
    serving_until: datetime | None
    is_operators: bool
    evaluation_id: UUID | None
    evaluated_at: datetime | None
    figures: dict[str, Any] | None
    failures: tuple[str, ...] | None  # the gate's, under today's policy; None: never evaluated

    @property
    def is_serving(self) -> bool:
        return self.serving_from is not None


def standings(connection: psycopg.Connection, policy: Mapping[str, Any], at: datetime) -> list[Standing]:
    """Every version that is listed or serves, as of an instant."""
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            "select models.model_id, provider, effective_from, is_shadow, lower(during) as serving_from,"
            " upper(during) as serving_until, coalesce(is_operators, false) as is_operators,"
            " evaluation_id, evaluated_at, figures"
            " from registry.models join registry.lanes using (lane)"
            " left join registry.serving_windows"
            " on serving_windows.model_id = models.model_id and during @> %(at)s::timestamptz"
            " left join lateral (select * from registry.evaluations"
            " where evaluations.model_id = models.model_id and set_version = %(set)s and split = %(split)s"
            " and evaluations.content_sha256 = models.content_sha256 and evaluated_at <= %(at)s"
            " order by evaluated_at desc limit 1) as newest on true"
            " where is_listed or during is not null order by provider, effective_from, models.model_id",
            {"at": at, "set": policy["set_version"], "split": policy["split"]},
        ).fetchall()
    return [
        Standing(**row, failures=None if row["figures"] is None else judge(row["figures"], policy))
        for row in rows
    ]
