from typing import Literal, cast

ScreenOrderLanguageType0 = Literal["en", "no", "uk"]


def check_screen_order_language_type_0(value: str) -> ScreenOrderLanguageType0:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ScreenOrderLanguageType0, value)
