from typing import Literal, cast

TextToClassifyProvider = Literal["anthropic", "auto", "local"]


def check_text_to_classify_provider(value: str) -> TextToClassifyProvider:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(TextToClassifyProvider, value)
