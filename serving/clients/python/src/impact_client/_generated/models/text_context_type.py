from typing import Literal, cast

TextContextType = Literal["assessment", "conversation", "other", "survey"]


def check_text_context_type(value: str) -> TextContextType:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(TextContextType, value)
