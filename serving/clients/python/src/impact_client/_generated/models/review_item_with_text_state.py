from typing import Literal, cast

ReviewItemWithTextState = Literal["approved", "escalated", "pending", "rejected"]


def check_review_item_with_text_state(value: str) -> ReviewItemWithTextState:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ReviewItemWithTextState, value)
