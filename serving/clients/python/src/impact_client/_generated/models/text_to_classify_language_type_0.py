from typing import Literal, cast

TextToClassifyLanguageType0 = Literal["en", "no", "uk"]


def check_text_to_classify_language_type_0(value: str) -> TextToClassifyLanguageType0:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(TextToClassifyLanguageType0, value)
