from typing import Literal, cast

DriftResultSeverity = Literal["high", "low", "medium", "none"]


def check_drift_result_severity(value: str) -> DriftResultSeverity:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(DriftResultSeverity, value)
