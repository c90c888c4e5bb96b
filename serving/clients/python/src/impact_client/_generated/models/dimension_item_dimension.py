from typing import Literal, cast

DimensionItemDimension = Literal["belonging", "confidence", "job_readiness", "lang_level_proxy", "well_being"]


def check_dimension_item_dimension(value: str) -> DimensionItemDimension:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(DimensionItemDimension, value)
