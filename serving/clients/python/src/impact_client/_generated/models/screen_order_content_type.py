from typing import Literal, cast

ScreenOrderContentType = Literal["checkin_note", "feedback_text", "message", "other"]


def check_screen_order_content_type(value: str) -> ScreenOrderContentType:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ScreenOrderContentType, value)
