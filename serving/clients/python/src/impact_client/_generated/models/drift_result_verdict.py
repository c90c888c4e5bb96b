from typing import Literal, cast

DriftResultVerdict = Literal["alert", "insufficient", "monitor", "ok", "shifted"]


def check_drift_result_verdict(value: str) -> DriftResultVerdict:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(DriftResultVerdict, value)
