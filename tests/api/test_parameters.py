"""Times are written out, and a wrong method hears of those that an address has."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from serving.allowed import AllowedMethods
from serving.app import ROUTERS
from serving.parameters import Instant


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
