"""Which classifier scores at an instant: the registry decides, and what is installed has to be it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg

from nlp.classifiers.base import Classifier
from nlp.evaluation.classifiers import LOCAL, ClassifierUnavailableError, Makers, classifier_of
from nlp.registry.models import ModelEntry, read_models
from nlp.registry.store import active_model, mark_used, shadow_models


class NoModelError(Exception):
    """No version is in force, so nothing may be scored. Says what to do."""


@dataclass(frozen=True)
class Chosen:
    """The classifier in force and those that score beside it."""

    serving: Classifier
    shadows: tuple[Classifier, ...]


def model_in_force(postgres: psycopg.Connection, at: datetime, makers: Makers = LOCAL) -> str:
    """The id of the version in force at an instant, of the first provider that has one."""
    for provider in makers:
        if (active := active_model(postgres, provider, at)) is not None:
            return active.model_id
    raise NoModelError(
        f"no model of {', '.join(makers)} is in force at {at:%Y-%m-%d %H:%M} UTC: evaluate one that passes"
        " the gate (`impact q2q evaluate`), then score again"
    )


def classifiers(
    postgres: psycopg.Connection,
    at: datetime,
    makers: Makers = LOCAL,
    entries: tuple[ModelEntry, ...] | None = None,
) -> Chosen:
    """The classifiers for scoring at an instant; their versions are final from now on."""
    known = {entry.model_id: entry for entry in (read_models().entries if entries is None else entries)}
    serving = _classifier(known, model_in_force(postgres, at, makers), makers)
    shadows = []
    for model_id in shadow_models(postgres, at):
        if model_id in known and known[model_id].provider in makers:
            shadows.append(classifier_of(known[model_id], makers))
            mark_used(postgres, model_id)
    return Chosen(serving, tuple(shadows))


def _classifier(known: dict[str, ModelEntry], model_id: str, makers: Makers) -> Classifier:
    if model_id not in known:
        raise ClassifierUnavailableError(
            f"{model_id} is in force, and this installation's file of models has no such entry"
        )
    return classifier_of(known[model_id], makers)
