from typing import Literal, cast

ReviewItemWithTextTextType = Literal["api_text", "buddy_feedback", "checkin_note", "kintell_feedback"]


def check_review_item_with_text_text_type(value: str) -> ReviewItemWithTextTextType:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ReviewItemWithTextTextType, value)
