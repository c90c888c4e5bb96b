from typing import Literal, cast

Q2QGetDriftGrainType0 = Literal["daily", "weekly"]


def check_q2q_get_drift_grain_type_0(value: str) -> Q2QGetDriftGrainType0:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(Q2QGetDriftGrainType0, value)
