"""Times are written out, JSON's types are meant, and a wrong method hears of those that an address has."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from serving.allowed import AllowedMethods
from serving.app import ROUTERS
from serving.parameters import Amount, Flag, Instant, Whole


@pytest.mark.parametrize("number", ["0", "0.5", "-1", "1e9", " 12 ", "1_000", 5, 0.5, True])
def test_a_bare_number_is_no_time(number: object) -> None:
    with pytest.raises(ValidationError, match="write the time out"):
        TypeAdapter(Instant).validate_python(number)


def test_a_time_with_its_zone_is_one() -> None:
    assert TypeAdapter(Instant).validate_python("2026-09-30T04:00:12+02:00").utcoffset() is not None
    with pytest.raises(ValidationError, match="timezone"):
        TypeAdapter(Instant).validate_python("2026-09-30T04:00:12")


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/v1/journey/rules/validate", "POST"),  # `/v1/journey/rules/{rule_id}` matches, too
        ("/v1/journey/rules/mentor_ready_001", "GET"),
        ("/v1/safety/queue/1/claim", "DELETE, POST"),
        ("/healthz", "GET"),
        ("/nowhere", None),
    ],
)
def test_an_address_has_the_methods_of_its_most_exact_path(path: str, methods: str | None) -> None:
    assert AllowedMethods(ROUTERS).at(path) == methods


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/journey/rules/validate", "POST"),  # not the rule of that name
        ("GET", "/v1/ops/dead-letters/replay", "POST"),
        ("DELETE", "/v1/impact-in/deliveries/stats", "GET"),
        ("POST", "/v1/journey/rules/validate", None),
        ("GET", "/v1/journey/rules/mentor_ready_001", None),
        ("DELETE", "/healthz", None),  # no other path matches it, and the router says so itself
    ],
)
def test_no_less_exact_path_answers_for_an_address(method: str, path: str, allowed: str | None) -> None:
    assert AllowedMethods(ROUTERS).refused(method, path) == allowed


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [(Flag, (0, 1, "true")), (Whole, (True, "5", 5.5)), (Amount, (True, "0.5"))],
)
def test_a_value_of_another_type_is_not_taken_for_one(kind: object, wrong: tuple[object, ...]) -> None:
    for value in wrong:
        with pytest.raises(ValidationError, match="should be a valid"):
            TypeAdapter(kind).validate_python(value)
    assert TypeAdapter(Amount).validate_python(5) == 5.0
