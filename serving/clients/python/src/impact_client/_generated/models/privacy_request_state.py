from typing import Literal, cast

PrivacyRequestState = Literal[
    "cancelled", "completed", "confirmed", "failed", "held", "partial", "received", "running"
]


def check_privacy_request_state(value: str) -> PrivacyRequestState:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(PrivacyRequestState, value)
