from typing import Literal, cast

ReviewItemWithTextSeverity = Literal["critical", "high", "low", "medium"]


def check_review_item_with_text_severity(value: str) -> ReviewItemWithTextSeverity:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ReviewItemWithTextSeverity, value)
