from typing import Literal, cast

AttemptDecision = Literal["accepted", "give_up", "reauthenticate", "retry", "under_way", "unknown"]


def check_attempt_decision(value: str) -> AttemptDecision:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(AttemptDecision, value)
