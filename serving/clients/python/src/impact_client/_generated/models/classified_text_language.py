from typing import Literal, cast

ClassifiedTextLanguage = Literal["en", "no", "uk"]


def check_classified_text_language(value: str) -> ClassifiedTextLanguage:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ClassifiedTextLanguage, value)
