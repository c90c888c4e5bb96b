from typing import Literal, cast

ReviewItemWithTextAction = Literal["block", "escalate", "hold", "warn"]


def check_review_item_with_text_action(value: str) -> ReviewItemWithTextAction:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ReviewItemWithTextAction, value)
