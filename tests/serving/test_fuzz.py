"""Some requests that nobody would write find nothing; `python -m tests.api.fuzz` asks ten thousand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.api.fuzz import fuzz
from tests.serving.running import OURS, Api

# One subject each, so that a failure says where; reads of figures have every kind of parameter.
FEW = r"^(reporting_get(SROI|Benchmarks|Trends|Evidence)|q2q_listModels|safety_screen|journey_validateRule)$"


@pytest.fixture
def fuzz_key(new_key: Callable[..., str]) -> str:
    return new_key(OURS, "company_user", rate_limit_per_minute=100_000)


def test_hostile_requests_are_answered_as_described(api: Api, fuzz_key: str) -> None:
    outcome = fuzz(api, fuzz_key, examples=2, seed=20261127, phases="examples,coverage", only=FEW)
    assert outcome.failures == [], outcome.output
    assert outcome.cases > 100
