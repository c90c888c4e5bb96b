from typing import Literal, cast

ConsentOrderPurpose = Literal["analytics", "buddy_program", "data_sharing", "marketing"]


def check_consent_order_purpose(value: str) -> ConsentOrderPurpose:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ConsentOrderPurpose, value)
