from typing import Literal, cast

ConsentWordsPurpose = Literal["analytics", "buddy_program", "data_sharing", "marketing"]


def check_consent_words_purpose(value: str) -> ConsentWordsPurpose:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ConsentWordsPurpose, value)
