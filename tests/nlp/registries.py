"""Files of models and stored evaluations for tests of the registry, in lanes of their own."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import psycopg

from nlp.evaluation.figures import figures, run
from nlp.evaluation.measures import wilson
from nlp.registry.models import ModelEntry, ModelsFile, read_models
from nlp.registry.store import store_evaluation
from tests.nlp.labelling import KnowingClassifier, judged_on

LONG_AGO = datetime(2026, 11, 1, tzinfo=UTC)


@cache
def _perfect() -> dict[str, Any]:
    return figures(run(KnowingClassifier(), judged_on()))


def perfect_figures() -> dict[str, Any]:
    return copy.deepcopy(_perfect())


def poor_figures() -> dict[str, Any]:
    found = perfect_figures()
    label = found["languages"]["uk"]["labels"]["confidence_decrease"]
    label |= {"true_positive": 9, "false_positive": 9, "precision": 0.5, "precision_interval": wilson(9, 18)}
    return found


def entry(lane: str, name: str, effective_from: datetime = LONG_AGO, **definition: object) -> ModelEntry:
    """A version in a lane of its own, since all tests share one registry."""
    return ModelEntry(
        model_id=f"{lane}-{name}",
        purpose="q2q",
        definition={"provider": lane, "model": name, **definition},
        effective_from=effective_from,
        is_shadow=False,
        description="for a test",
    )


def shadow(lane: str, name: str, effective_from: datetime = LONG_AGO) -> ModelEntry:
    return replace(entry(lane, name, effective_from), is_shadow=True)


def file_of(*entries: ModelEntry, **policy: object) -> ModelsFile:
    return ModelsFile({**read_models().policy, **policy}, entries)


def evaluated(connection: psycopg.Connection, *entries: ModelEntry, passing: bool = True) -> None:
    for one in entries:
        found = perfect_figures() if passing else poor_figures()
        store_evaluation(connection, one.model_id, one.content_sha256, found, actor="test")


def soon(seconds: float = 3600) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)
