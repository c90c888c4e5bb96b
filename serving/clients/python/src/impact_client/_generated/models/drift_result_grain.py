from typing import Literal, cast

DriftResultGrain = Literal["daily", "weekly"]


def check_drift_result_grain(value: str) -> DriftResultGrain:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(DriftResultGrain, value)
