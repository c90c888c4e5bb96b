from typing import Literal, cast

ReviewItemState = Literal["approved", "escalated", "pending", "rejected"]


def check_review_item_state(value: str) -> ReviewItemState:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ReviewItemState, value)
