"""The classifier behind an entry of the registry. Models are imported when they are asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import cast

from nlp.classifiers.base import Classifier
from nlp.registry.models import ModelEntry

Makers = Mapping[str, Callable[[ModelEntry], Classifier]]


class ClassifierUnavailableError(Exception):
    """The classifier cannot be had here; the message says what is missing."""


def local_classifier(entry: ModelEntry) -> Classifier:
    module = importlib.import_module("nlp.classifiers.local")
    return cast(Classifier, module.LocalClassifier.load())


LOCAL: Makers = {"local": local_classifier}


def classifier_of(entry: ModelEntry, makers: Makers = LOCAL) -> Classifier:
    """The classifier of one version, ready to label; `makers` are by provider."""
    maker = makers.get(entry.provider)
    if maker is None:
        raise ClassifierUnavailableError(
            f"{entry.model_id} is a model of {entry.provider}, which cannot be asked from here;"
            f" there is: {', '.join(sorted(makers))}"
        )
    found = maker(entry)
    if found.model_version != entry.model_id:
        raise ClassifierUnavailableError(
            f"the entry {entry.model_id} is of {entry.provider}, whose classifier here is"
            f" {found.model_version}: scores would name another version than the one that was evaluated"
        )
    wanted, installed = entry.definition.get("artifact_sha256"), getattr(found, "content_sha256", None)
    if wanted is not None and wanted != installed:
        raise ClassifierUnavailableError(
            f"{entry.model_id} is registered with the artefact {wanted[:12]}…, installed is"
            f" {installed or 'one without a hash'}: a changed classifier needs an id of its own"
        )
    return found
