from typing import Literal, cast

ConsentMethod = Literal["checkbox", "explicit_opt_in", "implicit"]


def check_consent_method(value: str) -> ConsentMethod:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ConsentMethod, value)
