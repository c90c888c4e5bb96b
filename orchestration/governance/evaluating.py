"""Evaluates a registered version as it is now, keeps the figures, and lets the schedule follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from nlp.evaluation.classifiers import LOCAL, Makers, classifier_of
from nlp.evaluation.figures import Run, figures, run
from nlp.evaluation.labelled import load
from nlp.registry.gate import judge
from nlp.registry.models import ModelEntry, ModelsFile
from nlp.registry.promotion import Outcome, sync
from nlp.registry.store import store_evaluation


class NobodyPaysError(Exception):
    """A version costs money, and no company was named whose budget it is asked under."""


@dataclass(frozen=True)
class Evaluated:
    """One version's evaluation, what the gate says of it, and where the version stands now."""

    entry: ModelEntry
    evaluation_id: UUID
    run: Run
    figures: dict[str, Any]
    failures: tuple[str, ...]
    outcome: Outcome


def evaluate(
    connection: psycopg.Connection,
    models: ModelsFile,
    model_ids: Sequence[str],
    *,
    actor: str,
    makers: Makers = LOCAL,
    paid_by: UUID | None = None,
) -> list[Evaluated]:
    """Evaluate versions on the set and split the gate asks for, and store what was found.

    A version that costs is paid by a company, within its cap; raises NobodyPaysError if none is named. The
    file is synced before, so that the figures belong to what it says now, and again after, so that what
    passes is scheduled.
    """
    entries = [models.entry(model_id) for model_id in model_ids]
    refuse_unpaid(entries, paid_by)
    sync(connection, models, actor=actor)
    labelled = load(models.policy["set_version"], models.policy["split"])
    found = []
    for entry in entries:
        done = run(classifier_of(entry, makers), labelled, paid_by=paid_by)
        measured = figures(done)
        evaluation_id = store_evaluation(
            connection, entry.model_id, entry.content_sha256, measured, actor=actor
        )
        found.append((entry, evaluation_id, done, measured))
    outcomes = {outcome.model_id: outcome for outcome in sync(connection, models, actor=actor)}
    return [
        Evaluated(
            entry, evaluation_id, done, measured, judge(measured, models.policy), outcomes[entry.model_id]
        )
        for entry, evaluation_id, done, measured in found
    ]


def unevaluated(
    connection: psycopg.Connection, models: ModelsFile, makers: Makers = LOCAL
) -> list[ModelEntry]:
    """Versions that can be evaluated for nothing and, as they are now, have not been on the gate's set."""
    rows = connection.execute(
        "select model_id, content_sha256 from registry.evaluations where set_version = %s and split = %s",
        (models.policy["set_version"], models.policy["split"]),
    ).fetchall()
    known = {(str(model_id), str(sha256)) for model_id, sha256 in rows}
    return [
        entry
        for entry in models.entries
        if entry.provider in makers and (entry.model_id, entry.content_sha256) not in known
    ]


def refuse_unpaid(entries: Sequence[ModelEntry], paid_by: UUID | None) -> None:
    """Raise NobodyPaysError if one of them costs and no company was named."""
    costly = [entry.model_id for entry in entries if entry.provider not in LOCAL]
    if costly and paid_by is None:
        raise NobodyPaysError(
            f"asking {', '.join(costly)} costs money: name the company under whose cap it is asked"
            " (`--paid-by`)"
        )
