from typing import Literal, cast

ReviewOrderDecision = Literal["approved", "escalated", "rejected"]


def check_review_order_decision(value: str) -> ReviewOrderDecision:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ReviewOrderDecision, value)
