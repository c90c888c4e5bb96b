from typing import Literal, cast

SroiResultVariant = Literal["employment_npv", "outcome_value"]


def check_sroi_result_variant(value: str) -> SroiResultVariant:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(SroiResultVariant, value)
