"""What committed reports say: a figure out of docs/reports/<name>.json, and when it was measured."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import jmespath

from tests.acceptance.lines import Measure, figure

Verdict = Literal["pass", "fail", "not measured"]


class UnreadableReportError(Exception):
    """The report holds no number where one was looked for: it has changed, or the line is wrong."""


@dataclass(frozen=True)
class Reading:
    """A measure, with what its report says today."""

    measure: Measure
    value: float | None
    at: str | None

    @property
    def verdict(self) -> Verdict:
        if self.value is None:
            return "not measured"
        return "pass" if self.measure.keeps(self.value) else "fail"

    @property
    def shown(self) -> str:
        return f"{figure(self.value)} {self.measure.unit}".strip() if self.value is not None else ""


@dataclass(frozen=True)
class Reports:
    """The JSON files of a folder."""

    folder: Path

    def read(self, measure: Measure) -> Reading:
        """The figure, or "not measured" if there is no such report."""
        document = self.document(measure.report)
        if document is None:
            return Reading(measure, None, None)
        value = jmespath.search(measure.value, document)
        if value is None and _is_void(document):
            return Reading(measure, None, None)
        if isinstance(value, bool):
            value = int(value)
        if not isinstance(value, int | float):
            raise UnreadableReportError(
                f"docs/reports/{measure.report}.json has no number at {measure.value}: it has {value!r}."
                f" Mend lines.yaml, or make the report anew: {measure.command}"
            )
        return Reading(measure, float(value), measured_at(document))

    def document(self, name: str) -> Any:
        if name not in self._read:
            path = self.folder / f"{name}.json"
            self._read[name] = json.loads(path.read_text("utf-8")) if path.exists() else None
        return self._read[name]

    @cached_property
    def _read(self) -> dict[str, Any]:
        return {}


def _is_void(document: Any) -> bool:
    """Whether a run says of itself that no figure of it counts."""
    return bool(jmespath.search("measured.void", document))


def measured_at(document: Any) -> str | None:
    """The day a report says it was measured, as most of them say it in one of a few places."""
    if not isinstance(document, Mapping):
        return None
    machine = document.get("machine")
    places = (
        document.get("at"), document.get("measured_at"), document.get("finished_at"),
        machine.get("at") if isinstance(machine, Mapping) else None,
        *(run.get("at") for run in document.get("runs", ()) if isinstance(run, Mapping)),
    )  # fmt: skip
    days = [str(place)[:10] for place in places if place]
    return max(days, default=None)
