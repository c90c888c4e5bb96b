"""How an event type is declared: a Struct for its data, and what the envelope takes from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, NamedTuple, TypeVar
from uuid import UUID

import msgspec
import msgspec.inspect
from msgspec import Meta

VERSION = "v1"

UtcTime = Annotated[datetime, Meta(tz=True)]
Share = Annotated[float, Meta(ge=0, le=1)]
Percent = Annotated[float, Meta(ge=0, le=100)]
Count = Annotated[int, Meta(ge=0)]
Minutes = Annotated[int, Meta(gt=0)]
Amount = Annotated[float, Meta(ge=0)]
Name = Annotated[str, Meta(min_length=1, max_length=255)]
# What a person writes. This mark alone decides what is sealed before an event leaves (`ingest.sealing`); the
# length is that of 5,000 characters, which the doors let in, when they are sealed.
FREE_TEXT = "free_text"
FreeText = Annotated[str, Meta(max_length=27_000, extra={FREE_TEXT: True})]
Answers = Annotated[dict[str, Any], Meta(extra={FREE_TEXT: True})]
SdgGoal = Annotated[int, Meta(ge=1, le=17)]
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
Period = Annotated[str, Meta(pattern="^[0-9]{4}-(0[1-9]|1[0-2]|Q[1-4])$")]
Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


# What a field is called that holds the id of a person. A test goes through all fields that hold ids.
PEOPLE = frozenset({
    "participant_id", "volunteer_id", "buddy_id", "user_id", "teacher_id", "learner_id", "mentor_id",
    "manager_id", "attendees", "subject_id", "reviewer_id", "editor",
})  # fmt: skip


class FreeTextField(NamedTuple):
    """A field of an event's data that holds what a person wrote."""

    path: tuple[str, ...]  # the names that lead to it
    wire: tuple[str, ...]  # the same in JSON
    is_object: bool

    @property
    def name(self) -> str:
        return ".".join(self.path)


class EventData(msgspec.Struct, rename="camel", omit_defaults=True, frozen=True):
    """Base of every event's data: camelCase on the wire, absent fields left out.

    An unknown field is ignored when reading, so a producer may be one version ahead of a consumer.
    """


class Part(msgspec.Struct, rename="camel", omit_defaults=True, frozen=True):
    """Base of an object inside an event's data."""


@dataclass(frozen=True)
class Contract:
    """One event type: its data and which of the data's fields the envelope repeats."""

    event_type: str
    data: type[EventData]
    subject: str  # pattern of the natural key, e.g. `session/<session id>`
    time: str  # field that says when it happened
    sent_by: str
    person: str | None = None  # field of the participant or user the event is about
    company: str | None = None  # field that already names the company
    alias_of: str | None = None  # another name of the same fact, kept for senders and consumers that use it

    @property
    def dataschema(self) -> str:
        """URN of the data's JSON Schema. A name, not an address: schemas ship with the code."""
        return f"urn:impact-platform:data:{self.event_type}:{VERSION}"

    @property
    def description(self) -> str:
        return " ".join((self.data.__doc__ or "").split())

    @cached_property
    def times(self) -> tuple[str, ...]:
        """Fields that hold a moment; two spellings of one moment must not become two versions of one fact."""
        return tuple(
            field.name
            for field in msgspec.inspect.type_info(self.data).fields  # type: ignore[attr-defined]
            if _holds_time(field.type)
        )

    @cached_property
    def people(self) -> tuple[str, ...]:
        """Fields that name people, by their person ids: one each, or a list."""
        return tuple(name for name in self.data.__struct_fields__ if name in PEOPLE)

    def people_of(self, data: EventData) -> list[UUID]:
        """Everybody whom the data name."""
        named: list[UUID] = []
        for name in self.people:
            match getattr(data, name):
                case None:
                    pass
                case UUID() as person_id:
                    named.append(person_id)
                case several:
                    named.extend(several)
        return named

    @cached_property
    def free_texts(self) -> tuple[FreeTextField, ...]:
        """Fields that hold what a person wrote."""
        return tuple(_free_texts(msgspec.inspect.type_info(self.data), (), ()))

    def time_of(self, data: EventData) -> datetime:
        moment: datetime = getattr(data, self.time)
        return moment

    def person_of(self, data: EventData) -> UUID | None:
        return getattr(data, self.person) if self.person else None


CONTRACTS: dict[str, Contract] = {}
_BY_DATA: dict[type[EventData], Contract] = {}


_Data = TypeVar("_Data", bound=EventData)


def event(
    type_: str, *, subject: str, time: str, sent_by: str,
    person: str | None = None, company: str | None = None, alias_of: str | None = None,
) -> Callable[[type[_Data]], type[_Data]]:  # fmt: skip
    """Register a Struct as the data of an event type."""

    def register(data: type[_Data]) -> type[_Data]:
        contract = Contract(type_, data, subject, time, sent_by, person, company, alias_of)
        if type_ in CONTRACTS:
            raise ValueError(f"event type {type_} is declared twice: {CONTRACTS[type_].data} and {data}")
        for field in filter(None, (time, person, company)):
            if field not in data.__struct_fields__:
                raise ValueError(f"event type {type_}: {data.__name__} has no field {field}")
        CONTRACTS[type_] = contract
        _BY_DATA.setdefault(data, contract)  # an alias stacked on top of a type leaves the data to that type
        return data

    return register


def contract_of(data: EventData) -> Contract:
    """The contract of a data object; of a Struct with two names, that of the first."""
    return contract_of_type(type(data))


def contract_of_type(data: type[EventData]) -> Contract:
    return _BY_DATA[data]


def _holds_time(info: msgspec.inspect.Type) -> bool:
    if isinstance(info, msgspec.inspect.Metadata):
        return _holds_time(info.type)
    if isinstance(info, msgspec.inspect.UnionType):
        return any(_holds_time(part) for part in info.types)
    return isinstance(info, msgspec.inspect.DateTimeType)


def _free_texts(
    info: msgspec.inspect.Type, path: tuple[str, ...], wire: tuple[str, ...]
) -> Iterator[FreeTextField]:
    if isinstance(info, msgspec.inspect.Metadata):
        if (info.extra or {}).get(FREE_TEXT):
            yield FreeTextField(path, wire, isinstance(info.type, msgspec.inspect.DictType))
        else:
            yield from _free_texts(info.type, path, wire)
    elif isinstance(info, msgspec.inspect.UnionType):
        for part in info.types:
            yield from _free_texts(part, path, wire)
    elif isinstance(info, msgspec.inspect.StructType):
        for field in info.fields:
            yield from _free_texts(field.type, (*path, field.name), (*wire, field.encode_name))
