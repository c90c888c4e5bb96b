from typing import Literal, cast

ConsentPurpose = Literal["analytics", "buddy_program", "data_sharing", "marketing"]


def check_consent_purpose(value: str) -> ConsentPurpose:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ConsentPurpose, value)
