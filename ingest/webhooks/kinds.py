"""What kind of delivery a body is, where the path does not say it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from ingest.webhooks.contracts import UNREADABLE, FieldProblem, problem_of

KindOf = Callable[[bytes], str | FieldProblem]


def by_type(field: str, kinds: Mapping[str, str]) -> KindOf:
    """The kind by the text in one field of the body, such as `type` or `event_type`."""
    head = msgspec.defstruct("Head", [(field, str)])
    decoder = msgspec.json.Decoder(head)

    def kind_of(body: bytes) -> str | FieldProblem:
        try:
            type_ = getattr(decoder.decode(body), field)
        except UNREADABLE as error:
            return problem_of(error)
        return kinds.get(type_) or FieldProblem(field, "not a type this source sends")

    return kind_of


def by_any_type(*choices: tuple[str, Mapping[str, str]]) -> KindOf:
    """The same for a source whose senders use different fields: the first that is there counts."""
    head = msgspec.defstruct("Head", [(field, str | None, None) for field, _ in choices])
    decoder = msgspec.json.Decoder(head)

    def kind_of(body: bytes) -> str | FieldProblem:
        try:
            values = decoder.decode(body)
        except UNREADABLE as error:
            return problem_of(error)
        for field, kinds in choices:
            if (type_ := getattr(values, field)) is not None:
                return kinds.get(type_) or FieldProblem(field, "not a type this source sends")
        return FieldProblem(choices[0][0], "required field is missing")

    return kind_of


def single(kind: str) -> KindOf:
    """Every delivery of the source is of one kind."""
    return lambda _: kind
