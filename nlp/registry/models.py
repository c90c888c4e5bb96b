"""The file of models, read and checked: nothing reaches the database that the schema does not describe."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker

from nlp.registry.promised import loosened

HERE = Path(__file__).parent
MODELS = HERE / "models.yaml"
_SCHEMA = HERE / "models.schema.json"


class ModelsFileError(Exception):
    """The file of models is not what the schema describes, or its gate asks for less than was promised."""


@dataclass(frozen=True)
class ModelEntry:
    """One version of a classifier. `definition` decides its scores; the rest is when and why."""

    model_id: str
    purpose: str
    definition: dict[str, Any]
    effective_from: datetime
    is_shadow: bool
    description: str

    @property
    def provider(self) -> str:
        return str(self.definition["provider"])

    @property
    def content_sha256(self) -> str:
        return canonical_sha256(self.definition)


@dataclass(frozen=True)
class ModelsFile:
    policy: dict[str, Any]
    entries: tuple[ModelEntry, ...]

    def entry(self, model_id: str) -> ModelEntry:
        for entry in self.entries:
            if entry.model_id == model_id:
                return entry
        known = ", ".join(entry.model_id for entry in self.entries)
        raise ModelsFileError(f"there is no model {model_id} in the file; there are: {known}")


def read_models(path: Path = MODELS) -> ModelsFile:
    """Raises ModelsFileError with every fault found."""
    try:
        document = yaml.load(path.read_text("utf-8"), Loader=_Loader)  # noqa: S506  # a SafeLoader
    except (OSError, yaml.YAMLError) as error:
        raise ModelsFileError(f"{path} cannot be read: {error}") from error
    schema = json.loads(_SCHEMA.read_text("utf-8"))
    faults = [*_unquoted_no(document), *_schema_faults(document, schema)]
    if not faults:
        faults = [*loosened(document["gate"]), *_repeated(document["models"])]
    if faults:
        raise ModelsFileError(f"{path}: " + "; ".join(faults))
    return ModelsFile(document["gate"], tuple(_entry(model) for model in document["models"]))


def canonical_sha256(document: Mapping[str, Any]) -> str:
    """The hash of what a document says, whatever the order and spelling of its keys."""
    return hashlib.sha256(json.dumps(document, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


class _Loader(yaml.SafeLoader):
    """Times stay text, so that the schema checks how they are written."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _entry(model: Mapping[str, Any]) -> ModelEntry:
    schedule = ("id", "purpose", "effective_from", "is_shadow", "description")
    return ModelEntry(
        model_id=model["id"],
        purpose=model["purpose"],
        definition={name: value for name, value in model.items() if name not in schedule},
        effective_from=datetime.fromisoformat(model["effective_from"]).astimezone(UTC),
        is_shadow=model.get("is_shadow", False),
        description=model["description"],
    )


def _schema_faults(document: Any, schema: Mapping[str, Any]) -> list[str]:
    checker = FormatChecker()
    checker.checks("date-time")(_is_time)
    validator = Draft202012Validator(schema, format_checker=checker)
    # A false key breaks jsonschema's own sorting of messages; it has been named already.
    if _has_false_key(document):
        return []
    return [
        f"{'.'.join(str(part) for part in error.absolute_path) or 'the file'}: {error.message}"
        for error in sorted(
            validator.iter_errors(document), key=lambda error: list(map(str, error.absolute_path))
        )
    ]


def _is_time(value: object) -> bool:
    try:
        return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _unquoted_no(document: Any, path: str = "") -> list[str]:
    if isinstance(document, dict):
        here = (
            [f'{path or "the file"}: quote "no", since YAML reads a bare no as false']
            if False in document
            else []
        )
        return here + [
            fault
            for key, value in document.items()
            for fault in _unquoted_no(value, f"{path}.{key}".lstrip("."))
        ]
    if isinstance(document, list):
        return [
            fault for index, value in enumerate(document) for fault in _unquoted_no(value, f"{path}.{index}")
        ]
    return []


def _has_false_key(document: Any) -> bool:
    return bool(_unquoted_no(document))


def _repeated(models: list[Mapping[str, Any]]) -> list[str]:
    faults = []
    ids = [model["id"] for model in models]
    faults += [f"models: the id {one} is given twice" for one in sorted(set(ids)) if ids.count(one) > 1]
    starts = [
        (model["purpose"], model["provider"], model["effective_from"])
        for model in models
        if not model.get("is_shadow", False)
    ]
    faults += [
        f"models: two of {provider} for {purpose} are effective from {at}; which one serves must be clear"
        for purpose, provider, at in sorted(set(starts))
        if starts.count((purpose, provider, at)) > 1
    ]
    return faults
