from typing import Literal, cast

ConsentLegalBasis = Literal["consent", "contract", "legitimate_interest"]


def check_consent_legal_basis(value: str) -> ConsentLegalBasis:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ConsentLegalBasis, value)
