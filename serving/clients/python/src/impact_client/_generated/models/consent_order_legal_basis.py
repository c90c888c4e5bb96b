from typing import Literal, cast

ConsentOrderLegalBasis = Literal["consent", "contract", "legitimate_interest"]


def check_consent_order_legal_basis(value: str) -> ConsentOrderLegalBasis:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ConsentOrderLegalBasis, value)
