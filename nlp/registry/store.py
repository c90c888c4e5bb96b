"""The registry in Postgres: what is in force, what was, and who changed it.

Connections are psycopg's and blocking. Every change is one transaction under one lock, and leaves audit rows
that name the actor. The database itself refuses windows that overlap, that no passed evaluation carries, or
that change the past.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from nlp.labels import Language

_LOCK = 4_801_118_437  # any constant: one change of the registry at a time


class RegistryError(Exception):
    """The registry cannot be changed as asked; nothing was changed."""


class UnknownModelError(RegistryError):
    """No model of this id."""


class GateError(RegistryError):
    """The model has not shown what the gate asks for. `failures` says what is missing."""

    def __init__(self, model_id: str, failures: tuple[str, ...]) -> None:
        super().__init__(f"model {model_id} may not serve: " + "; ".join(failures))
        self.failures = failures


@dataclass(frozen=True)
class ActiveModel:
    """The model of a provider that was, is or will be in force at the instant asked for."""

    model_id: str
    definition: dict[str, Any]
    content_sha256: str
    serving_from: datetime
    serving_until: datetime | None

    def thresholds(self, language: Language) -> Mapping[str, float]:
        """Smallest certainties per label; empty if the classifier has its own."""
        found: Mapping[str, float] = self.definition.get("thresholds", {}).get(language, {})
        return found


def active_model(
    connection: psycopg.Connection, provider: str, at: datetime, purpose: str = "q2q"
) -> ActiveModel | None:
    """The one model of a provider in force at an instant; None if none is, and then nothing may be scored.

    Ask at the instant of scoring. An entry of the future does not serve before its time.
    """
    with connection.cursor(row_factory=class_row(ActiveModel)) as cursor:
        return cursor.execute(
            "select * from registry.active_model(%s, %s, %s)", (provider, at, purpose)
        ).fetchone()


def shadow_models(connection: psycopg.Connection, at: datetime, purpose: str = "q2q") -> list[str]:
    """Models that score beside the serving one, without effect and so without the gate."""
    rows = connection.execute(
        "select model_id from registry.models join registry.lanes using (lane)"
        " where purpose = %(purpose)s and is_shadow and is_listed and deactivated_at is null"
        " and effective_from <= %(at)s and not exists (select 1 from registry.serving_windows"
        " where serving_windows.model_id = models.model_id and during @> %(at)s::timestamptz)"
        " order by model_id",
        {"purpose": purpose, "at": at},
    ).fetchall()
    return [row[0] for row in rows]


def mark_used(connection: psycopg.Connection, model_id: str) -> None:
    """Make a version final because it has scored. Whoever scores with a shadow calls this."""
    connection.execute(
        "update registry.models set first_used_at = now() where model_id = %s and first_used_at is null",
        (model_id,),
    )


def store_evaluation(
    connection: psycopg.Connection,
    model_id: str,
    content_sha256: str,
    figures: Mapping[str, Any],
    *,
    actor: str,
) -> UUID:
    """Keep the figures of one evaluation of a version's present definition."""
    with changing(connection, actor):
        current = _one(connection, "select content_sha256 from registry.models where model_id = %s", model_id)
        if current != content_sha256:
            raise RegistryError(
                f"model {model_id} was evaluated as {content_sha256[:12]}…, but is registered as"
                f" {current[:12]}…; sync the file of models first"
            )
        about = figures["set"]
        row = connection.execute(
            "insert into registry.evaluations"
            " (model_id, content_sha256, set_version, set_sha256, split, figures, evaluated_by)"
            " values (%s, %s, %s, %s, %s, %s, %s) returning evaluation_id",
            (
                model_id,
                content_sha256,
                about["version"],
                about["sha256"],
                about["split"],
                Jsonb(figures),
                actor,
            ),
        ).fetchone()
    assert row is not None  # noqa: S101  # an insert of one row returns it
    evaluation_id: UUID = row[0]
    return evaluation_id


@contextmanager
def changing(connection: psycopg.Connection, actor: str) -> Iterator[None]:
    """One transaction that changes the registry in somebody's name, alone."""
    try:
        with connection.transaction():
            connection.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))
            connection.execute("select set_config('registry.actor', %s, true)", (actor,))
            yield
    except psycopg.errors.RaiseException as error:  # a guard's own words
        raise RegistryError(str(error.diag.message_primary)) from error


def _one(connection: psycopg.Connection, query: LiteralString, model_id: str) -> Any:
    row = connection.execute(query, (model_id,)).fetchone()
    if row is None:
        raise UnknownModelError(
            f"there is no model {model_id} in the registry; `impact q2q sync` brings it from the file"
        )
    return row[0]
