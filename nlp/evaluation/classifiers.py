"""The classifier behind an entry of the registry. Models are imported when they are asked for."""

from __future__ import annotations

import importlib
import os
from typing import cast

from nlp.classifiers.base import Classifier
from nlp.registry.models import ModelEntry


class ClassifierUnavailableError(Exception):
    """The classifier cannot be had here; the message says what is missing."""


def classifier_of(entry: ModelEntry) -> Classifier:
    """The classifier of one version, ready to label."""
    if entry.provider == "local":
        local = importlib.import_module("nlp.classifiers.local")
        found = cast(Classifier, local.LocalClassifier.load())
    elif entry.provider == "anthropic":
        if not os.environ.get("ANTHROPIC_API_KEY"):
            raise ClassifierUnavailableError(
                f"{entry.model_id} asks Anthropic, and the environment has no ANTHROPIC_API_KEY"
            )
        claude = importlib.import_module("nlp.classifiers.claude")
        found = cast(Classifier, claude.for_evaluation(entry.model_id, entry.definition))
    else:
        raise ClassifierUnavailableError(
            f"{entry.model_id} has the provider {entry.provider}, which nothing here speaks to"
        )
    if found.model_version != entry.model_id:
        raise ClassifierUnavailableError(
            f"the entry {entry.model_id} is of {entry.provider}, whose classifier here is {found.model_version}:"
            " scores would name another version than the one that was evaluated"
        )
    return found
