from typing import Literal, cast

CallbackOutcome = Literal["failed", "processed", "received", "retrying"]


def check_callback_outcome(value: str) -> CallbackOutcome:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(CallbackOutcome, value)
