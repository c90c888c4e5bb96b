from typing import Literal, cast

ReviewItemTextType = Literal["api_text", "buddy_feedback", "checkin_note", "kintell_feedback"]


def check_review_item_text_type(value: str) -> ReviewItemTextType:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ReviewItemTextType, value)
