from typing import Literal, cast

ReviewItemSeverity = Literal["critical", "high", "low", "medium"]


def check_review_item_severity(value: str) -> ReviewItemSeverity:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ReviewItemSeverity, value)
