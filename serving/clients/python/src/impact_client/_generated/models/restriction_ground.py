from typing import Literal, cast

RestrictionGround = Literal["accuracy", "legal_claim", "objection", "unlawful"]


def check_restriction_ground(value: str) -> RestrictionGround:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(RestrictionGround, value)
