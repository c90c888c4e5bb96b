from typing import Literal, cast

Q2QGetDriftVerdictType0 = Literal["alert", "insufficient", "monitor", "ok", "shifted"]


def check_q2q_get_drift_verdict_type_0(value: str) -> Q2QGetDriftVerdictType0:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(Q2QGetDriftVerdictType0, value)
