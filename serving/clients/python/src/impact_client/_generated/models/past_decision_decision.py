from typing import Literal, cast

PastDecisionDecision = Literal["approved", "escalated", "rejected"]


def check_past_decision_decision(value: str) -> PastDecisionDecision:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(PastDecisionDecision, value)
