"""Some requests that nobody would write find nothing; `python -m tests.api.fuzz` asks ten thousand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.api.fuzz import fuzz
from tests.serving.running import OURS, Api

# A read of figures, one with an instant, one with a body: what every other operation is made of.
FEW = r"^(reporting_getSROI|q2q_listModels|journey_validateRule)$"


@pytest.fixture
def fuzz_key(new_key: Callable[..., str]) -> str:
    return new_key(OURS, "company_user", rate_limit_per_minute=100_000)


def test_hostile_requests_are_answered_as_described(api: Api, fuzz_key: str) -> None:
    outcome = fuzz(api, fuzz_key, examples=1, seed=20261127, phases="coverage", only=FEW)
    assert outcome.failures == [], outcome.output
    assert outcome.cases > 50
