"""The grammar of a privacy declaration: what one table, view, stream or folder says about people.

A declaration answers four questions. Whom are the rows about, and how is a person found in them
(`subject_keys`, `reach`, `key_transform`)? What does each column say about a person (`columns`)? What does
erasure do, logically and on disk (`erase`, `physical`)? How long may it be kept and on what ground
(`retention`)? The same words are used in the `meta` of dbt models and sources and in
`orchestration/privacy/declared/*.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Store = Literal["clickhouse", "postgres", "jetstream", "folder"]
Kind = Literal["table", "view", "materialized_view", "stream", "folder"]
# pseudonym: an id that stands for a person. identifier: a name, an account, a number that is the person's.
# contact: an address. special: what the law protects more. third_party: another person's data in this
# person's row. derived_text: words, or numbers made of words, that models or redaction left.
Pii = Literal[
    "none", "pseudonym", "identifier", "contact", "free_text", "third_party", "special", "derived_text"
]
Erase = Literal["delete", "redact", "aggregate", "view", "retain"]
Physical = Literal["rewrite", "mutate", "delete", "purge", "shred", "ttl"]
ErasedTo = Literal["null", "empty", "nil", "hash", "keep"]
Export = Literal["original", "redact", "omit"]
LegalBasis = Literal["consent", "contract", "legal_obligation", "legitimate_interest"]

_PERIOD = re.compile(r"([1-9]\d*)([dy])")
_PHYSICAL: dict[Store, Physical] = {
    "clickhouse": "rewrite",
    "postgres": "delete",
    "jetstream": "purge",
    "folder": "delete",
}


class DeclarationError(Exception):
    """A declaration is missing, contradicts itself or names what is not there; the message says which and
    what to do."""


def _is_period(text: str) -> str:
    if not _PERIOD.fullmatch(text):
        raise ValueError(f"{text!r} is no period; write days or years, such as 90d or 5y")
    return text


Period = Annotated[str, AfterValidator(_is_period)]


def sql_interval(period: Period) -> str:
    """`90d` as both SQL stores write it: INTERVAL '90' DAY."""
    matched = _PERIOD.fullmatch(period)
    if matched is None:
        raise ValueError(f"{period!r} is no period; write days or years, such as 90d or 5y")
    return f"INTERVAL '{matched[1]}' {'DAY' if matched[2] == 'd' else 'YEAR'}"


def days_of(period: Period) -> int:
    """Days in a period, a year as 365: for comparing periods, not for due dates."""
    matched = _PERIOD.fullmatch(period)
    if matched is None:
        raise ValueError(f"{period!r} is no period; write days or years, such as 90d or 5y")
    return int(matched[1]) * (1 if matched[2] == "d" else 365)


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Declassify(_Strict):
    """Why a column that is fed by personal data says nothing about a person any more."""

    via: Literal["count", "avg", "hash", "bucket", "flag", "parse"]
    why: str = Field(min_length=10)


class Column(_Strict):
    """What one column says about a person, and what becomes of it."""

    pii: Pii = "none"
    erase: ErasedTo | None = None  # of a redacted row; None: as its class has it, see `erased_to`
    export: Export | None = None  # None: as its class has it, see `exported_as`
    mentions: bool = False  # people may be named inside: JSON, a body, words
    fields: Mapping[str, Pii] | None = None  # of JSON: the fields with a class; all others have none
    ttl: Period | None = None  # the value alone is kept for so long
    on_ttl: Literal["null", "null_keep_hash"] = "null"
    declassify: Declassify | None = None

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.declassify and self.pii != "none":
            raise ValueError("a column is declassified or has a class, not both")
        return self

    @property
    def is_personal(self) -> bool:
        return self.pii != "none" or self.mentions

    @property
    def erased_to(self) -> ErasedTo:
        """What stands in its place once the row is redacted: a person's id becomes the nil UUID, a key that
        an id is part of its keyed hash, and words become null."""
        if self.erase is not None:
            return self.erase
        if self.pii == "none":
            return "keep"
        if self.pii == "pseudonym":
            return "hash" if self.mentions else "nil"
        return "null"

    @property
    def exported_as(self) -> Export:
        return self.export or ("redact" if self.pii == "third_party" else "original")


class Via(_Strict):
    """A person's rows are those whose `column` is a value of column `matches` in the person's rows of
    relation `via`."""

    via: str  # key of a relation, e.g. postgres:safety.review_items
    column: str  # here
    matches: str  # there


class Retention(_Strict):
    """For how long rows may be kept, from which moment on, and on what legal ground."""

    basis: LegalBasis
    max_age: Period | None = None  # None: for as long as what they belong to is kept
    clock: str | None = None  # the column that age counts from
    bounds: tuple[Period, Period] | None = None  # what a company may set instead
    why: str | None = None

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.bounds:
            least, most = self.bounds
            if self.max_age is None or not days_of(least) <= days_of(self.max_age) <= days_of(most):
                raise ValueError(f"max_age {self.max_age} is not within the bounds {least} to {most}")
        return self


class KAnonymity(_Strict):
    """How many have to stand behind a figure before it is shown."""

    people: int = Field(ge=2)
    companies: int | None = Field(None, ge=2)
    dominance: float | None = Field(None, gt=0, lt=1)


class Relation(_Strict):
    """One table, view, stream or folder, and what it says about people."""

    store: Store
    name: str  # schema.table, the stream's name, or the folder below the data folder
    kind: Kind = "table"
    about: str = ""
    subject_keys: Mapping[str, str] = Field(default_factory=dict)  # role: column
    key_transform: str = Field("none", pattern=r"^(none|(sha256|hmac):[a-z0-9_]+)$")
    reach: Literal["direct", "scan"] | Via = "direct"  # scan: searched for the person's ids and identities
    erase: Erase
    redacts: Literal["always", "shared"] = "always"  # shared: a row that is about nobody else is deleted
    physical: Physical | None = None
    retention: Retention | None = None
    k_anonymity: KAnonymity | None = None
    export: Literal["own", "none"] = "none"
    columns: Mapping[str, Column] = Field(default_factory=dict)
    depends_on: tuple[str, ...] = ()  # keys of the relations it is made from

    @property
    def key(self) -> str:
        """Names it among all stores: clickhouse:raw.events."""
        return f"{self.store}:{self.name}"

    @property
    def is_about_people(self) -> bool:
        return (
            bool(self.subject_keys)
            or self.reach != "direct"
            or any(column.is_personal for column in self.columns.values())
        )

    @property
    def is_erased_here(self) -> bool:
        """True where erasure has work to do: a view and a figure follow what they are made from."""
        return self.is_about_people and self.erase in ("delete", "redact")

    @property
    def mentions(self) -> tuple[str, ...]:
        """Columns inside which people may be named."""
        return tuple(name for name, column in self.columns.items() if column.mentions)

    @property
    def physically(self) -> Physical | None:
        """How bytes leave the disk; None where erasure has no work to do."""
        return (self.physical or _PHYSICAL[self.store]) if self.is_erased_here else None

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        for problem in self._problems():
            raise ValueError(problem)
        return self

    def _problems(self) -> list[str]:
        """What contradicts itself, each with what to write instead."""
        found = []
        for role, column in self.subject_keys.items():
            pii = self.columns[column].pii if column in self.columns else None
            if pii not in ("pseudonym", "identifier", "contact"):
                found.append(
                    f"subject key {role} is column {column}, which has pii {pii}; declare it a pseudonym"
                )
        if isinstance(self.reach, Via) and self.reach.column not in self.columns:
            found.append(f"it is reached by column {self.reach.column}, which it does not declare")
        if self.reach == "scan" and not self.mentions:
            found.append("it is searched, but no column has `mentions: true`")
        if self.erase == "aggregate" and self.subject_keys:
            found.append("a figure has no subject keys; erase it with delete")
        if self.is_erased_here and not self.subject_keys and self.reach == "direct":
            found.append(
                "nobody can be found in it; give it subject_keys, or reach by another relation or by scan"
            )
        if self.redacts == "shared" and self.erase != "redact":
            found.append(f"redacts: shared says which rows are redacted, but erase is {self.erase}")
        if self.physical and not self.is_erased_here:
            found.append(f"erase {self.erase} leaves nothing to do, so it takes no physical")
        if (
            self.is_about_people
            and self.erase == "retain"
            and not (self.retention and self.retention.max_age)
        ):
            found.append("what is kept of an erased person needs retention with basis and max_age")
        clock = self.retention.clock if self.retention else None
        if clock and self.columns and clock not in self.columns:
            found.append(f"retention counts from column {clock}, which it does not declare")
        if self.export == "own" and not self.is_about_people:
            found.append("it holds nothing of a person that could be exported")
        return found
