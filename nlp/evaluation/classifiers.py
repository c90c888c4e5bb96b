"""The classifier behind an entry of the registry. Models are imported when they are asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import cast

from nlp.classifiers.base import Classifier
from nlp.registry.models import ModelEntry
from nlp.registry.thresholds import AtThresholds

Makers = Mapping[str, Callable[[ModelEntry], Classifier]]


class ClassifierUnavailableError(Exception):
    """The classifier cannot be had here; the message says what is missing."""


def local_classifier(entry: ModelEntry) -> Classifier:
    """The installed local classifier, at the entry's thresholds if it has any."""
    module = importlib.import_module("nlp.classifiers.local")
    return registered_as(entry, cast(Classifier, module.LocalClassifier.load()))


def registered_as(entry: ModelEntry, installed: Classifier) -> Classifier:
    """What is installed here, under the entry's id. It has to be what the entry was written for."""
    if installed.model_version != entry.definition["model"]:
        raise ClassifierUnavailableError(
            f"{entry.model_id} is for {entry.provider} {entry.definition['model']}, installed is"
            f" {installed.model_version}"
        )
    wanted, found = entry.definition.get("artifact_sha256"), getattr(installed, "content_sha256", None)
    if wanted is not None and wanted != found:
        raise ClassifierUnavailableError(
            f"{entry.model_id} is registered with the artefact {wanted[:12]}…, installed is"
            f" {found or 'one without a hash'}: a changed classifier needs an id of its own"
        )
    thresholds, abstains = entry.definition.get("thresholds", {}), entry.definition.get("abstains", {})
    if not (thresholds or abstains) and installed.model_version == entry.model_id:
        return installed
    return AtThresholds(entry.model_id, installed, thresholds, abstains)


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
    return found
