"""The suites as data: what is expected of each kind of file, read from `suites.yaml` once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

Severity = Literal["critical", "warning"]


class Expected(BaseModel):
    """One bound on one measure of a batch."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    claim: str
    measure: str
    severity: Severity
    why: str
    low: float | None = None
    high: float | None = None
    from_rows: int = 0  # judged in files with at least so many rows

    @model_validator(mode="after")
    def _has_a_bound(self) -> Expected:
        if self.low is None and self.high is None:
            raise ValueError(f"{self.measure} has neither low nor high")
        return self

    @property
    def name(self) -> str:
        """How a verdict names it, e.g. `rejected_share ≤ 0.5`."""
        if self.low is None:
            return f"{self.measure} ≤ {self.high:,.10g}"
        if self.high is None:
            return f"{self.measure} ≥ {self.low:,.10g}"
        if self.low == self.high:
            return f"{self.measure} = {self.low:,.10g}"
        return f"{self.low:,.10g} ≤ {self.measure} ≤ {self.high:,.10g}"


class Suite(BaseModel):
    """What is expected of one kind of file."""

    model_config = ConfigDict(frozen=True)

    name: str
    version: str
    formats: tuple[str, ...]  # beginnings of format names
    expectations: tuple[Expected, ...]


class _SuiteFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    formats: list[str]
    expectations: list[Expected]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: Annotated[str, Field(min_length=1)]
    claims: dict[str, str]
    common: list[Expected]
    suites: dict[str, _SuiteFile]

    @model_validator(mode="after")
    def _claims_are_described(self) -> _File:
        used = {one.claim for one in self.common}
        used |= {one.claim for suite in self.suites.values() for one in suite.expectations}
        if used != set(self.claims):
            raise ValueError(f"claims and expectations differ: {sorted(used ^ set(self.claims))}")
        for name, suite in self.suites.items():
            names = [one.name for one in (*self.common, *suite.expectations)]
            if len(set(names)) < len(names):
                raise ValueError(f"suite {name} says the same twice")
        return self


def read_suites(text: str) -> tuple[Mapping[str, str], tuple[Suite, ...]]:
    """The claims with what they say, and the suites in the order in which formats are looked up."""
    content: Any = yaml.safe_load(text)
    file = _File.model_validate(content)
    suites = tuple(
        Suite(
            name=name,
            version=file.version,
            formats=tuple(suite.formats),
            expectations=(*file.common, *suite.expectations),
        )
        for name, suite in file.suites.items()
    )
    return file.claims, suites


CLAIMS, SUITES = read_suites((Path(__file__).parent / "suites.yaml").read_text("utf-8"))


def suite_of(file_format: str, suites: tuple[Suite, ...] = SUITES) -> Suite:
    """The suite of a format: the first that names its beginning. The last one takes what is left."""
    return next(suite for suite in suites if file_format.startswith(suite.formats))
