from typing import Literal, cast

OutcomeItemDimension = Literal["belonging", "confidence", "job_readiness", "lang_level_proxy", "well_being"]


def check_outcome_item_dimension(value: str) -> OutcomeItemDimension:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(OutcomeItemDimension, value)
