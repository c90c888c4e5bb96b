"""Which classifier scores at an instant: the registry decides, and what is installed has to be it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import psycopg

from nlp.classifiers.base import Classifier
from nlp.classifiers.claude_batches import ClaudeBatches
from nlp.evaluation.classifiers import LOCAL, ClassifierUnavailableError, Makers, classifier_of
from nlp.registry.models import ModelEntry, read_models
from nlp.registry.store import active_model, mark_used, shadow_models


class NoModelError(Exception):
    """No version is in force, so nothing may be scored. Says what to do."""


Scorer = Classifier | ClaudeBatches
ScoringMakers = Mapping[str, Callable[[ModelEntry], Scorer]]


@dataclass(frozen=True)
class Chosen:
    """Who scores, who scores beside it, and the local model in force for what a paid one cannot be asked."""

    serving: Scorer
    shadows: tuple[Scorer, ...]
    local: Classifier | None = None


def model_in_force(postgres: psycopg.Connection, at: datetime, providers: Iterable[str] = LOCAL) -> str:
    """The id of the version in force at an instant, of the first provider that has one."""
    providers = tuple(providers)
    for provider in providers:
        if (active := active_model(postgres, provider, at)) is not None:
            return active.model_id
    raise NoModelError(
        f"no model of {', '.join(providers)} is in force at {at:%Y-%m-%d %H:%M} UTC: evaluate one that passes"
        " the gate (`impact q2q evaluate`), then score again"
    )


def classifiers(
    postgres: psycopg.Connection,
    at: datetime,
    makers: ScoringMakers = LOCAL,
    entries: tuple[ModelEntry, ...] | None = None,
) -> Chosen:
    """The classifiers for scoring at an instant; their versions are final from now on."""
    known = {entry.model_id: entry for entry in (read_models().entries if entries is None else entries)}
    serving = _scorer(known, model_in_force(postgres, at, makers), makers)
    shadows = []
    for model_id in shadow_models(postgres, at):
        if model_id in known and known[model_id].provider in makers:
            shadows.append(_scorer(known, model_id, makers))
            mark_used(postgres, model_id)
    local = None
    if isinstance(serving, ClaudeBatches) and (active := active_model(postgres, "local", at)) is not None:
        local = cast(Classifier, _scorer(known, active.model_id, makers))
    return Chosen(serving, tuple(shadows), local)


def _scorer(known: dict[str, ModelEntry], model_id: str, makers: ScoringMakers) -> Scorer:
    if model_id not in known:
        raise ClassifierUnavailableError(
            f"{model_id} is in force, and this installation's file of models has no such entry: evaluate one"
            " that it has (`impact q2q evaluate`)"
        )
    # It asks an entry's maker and compares ids, whatever is made.
    return classifier_of(known[model_id], cast(Makers, makers))
