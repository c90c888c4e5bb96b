from typing import Literal, cast

ConsentOrderLanguage = Literal["en", "no", "uk"]


def check_consent_order_language(value: str) -> ConsentOrderLanguage:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ConsentOrderLanguage, value)
