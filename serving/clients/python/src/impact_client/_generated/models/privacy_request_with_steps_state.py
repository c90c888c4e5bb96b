from typing import Literal, cast

PrivacyRequestWithStepsState = Literal[
    "cancelled", "completed", "confirmed", "failed", "held", "partial", "received", "running"
]


def check_privacy_request_with_steps_state(value: str) -> PrivacyRequestWithStepsState:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(PrivacyRequestWithStepsState, value)
