from typing import Literal, cast

RequestStepState = Literal[
    "cancelled", "completed", "confirmed", "failed", "held", "partial", "received", "running"
]


def check_request_step_state(value: str) -> RequestStepState:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(RequestStepState, value)
