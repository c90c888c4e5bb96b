from typing import Literal, cast

DeliveryStoryOutcome = Literal["accepted", "dead", "erased", "known", "published", "refused", "retrying"]


def check_delivery_story_outcome(value: str) -> DeliveryStoryOutcome:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(DeliveryStoryOutcome, value)
