"""The lines of the checklist (lines.yaml): what each asks for, what walks it, what was measured at length."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

FILE = Path(__file__).with_name("lines.yaml")
Id = str


def figure(value: float | None) -> str:
    """A number to be read: four digits, and all digits before the point."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.4g}"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Measure(_Model):
    """A figure of a committed report, and the bound it has to keep."""

    says: str
    report: str = Field(description="docs/reports/<report>.json")
    value: str = Field(description="JMESPath to the number in it.")
    at_most: float | None = None
    at_least: float | None = None
    unit: str = ""
    command: str = Field(description="What writes the report.")

    @model_validator(mode="after")
    def _bounded(self) -> Measure:
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError(f"{self.report}: give at_most or at_least")
        return self

    def keeps(self, value: float) -> bool:
        if self.at_most is not None:
            return value <= self.at_most
        return self.at_least is not None and value >= self.at_least

    @property
    def bound(self) -> str:
        sign, number = ("≤", self.at_most) if self.at_most is not None else ("≥", self.at_least)
        return f"{sign} {figure(number)} {self.unit}".rstrip()


class Line(_Model):
    """One line. Its short form is the tests it names, and a command where it needs one of its own."""

    id: Id = Field(pattern=r"^[A-J][1-9]$")
    says: str
    tests: tuple[str, ...] = Field(
        description="pytest ids; walk_*.py of this folder go over a whole platform."
    )
    command: tuple[str, ...] = Field((), description="Also run for the short form; 0 is a pass.")
    measured: tuple[Measure, ...] = ()

    @model_validator(mode="after")
    def _proven(self) -> Line:
        if not (self.tests or self.command):
            raise ValueError(f"line {self.id} has nothing that proves it")
        return self


class Part(_Model):
    letter: Literal["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"]
    title: str
    lines: tuple[Line, ...]


class Checklist(_Model):
    parts: tuple[Part, ...]
    goals: tuple[Measure, ...] = Field(description="What we ask of ourselves beyond the checklist.")

    def __iter__(self) -> Iterator[Line]:  # type: ignore[override]
        return (line for part in self.parts for line in part.lines)

    @model_validator(mode="after")
    def _complete(self) -> Checklist:
        ids = [line.id for line in self]
        if len(set(ids)) != len(ids):
            raise ValueError("a line's id is there twice")
        for part in self.parts:
            if strays := [line.id for line in part.lines if line.id[0] != part.letter]:
                raise ValueError(f"part {part.letter} holds {strays}")
        return self

    def selected(self, wanted: tuple[str, ...]) -> list[Line]:
        """Lines by id or by letter; all if none is named. ValueError names what there is not."""
        known = {line.id for line in self} | {part.letter for part in self.parts}
        if unknown := [name for name in wanted if name not in known]:
            raise ValueError(f"there is no line {', '.join(unknown)}; there are {', '.join(sorted(known))}")
        return [line for line in self if not wanted or line.id in wanted or line.id[0] in wanted]


def checklist(path: Path = FILE) -> Checklist:
    return Checklist.model_validate(yaml.safe_load(path.read_text("utf-8")))
