from typing import Literal, cast

ConsentOrderMethod = Literal["checkbox", "explicit_opt_in", "implicit"]


def check_consent_order_method(value: str) -> ConsentOrderMethod:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ConsentOrderMethod, value)
