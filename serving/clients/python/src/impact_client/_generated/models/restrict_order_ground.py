from typing import Literal, cast

RestrictOrderGround = Literal["accuracy", "legal_claim", "objection", "unlawful"]


def check_restrict_order_ground(value: str) -> RestrictOrderGround:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(RestrictOrderGround, value)
