from typing import Literal, cast

ReviewItemAction = Literal["block", "escalate", "hold", "warn"]


def check_review_item_action(value: str) -> ReviewItemAction:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ReviewItemAction, value)
