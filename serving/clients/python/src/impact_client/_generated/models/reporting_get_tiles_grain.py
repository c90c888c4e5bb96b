from typing import Literal, cast

ReportingGetTilesGrain = Literal["month", "quarter"]


def check_reporting_get_tiles_grain(value: str) -> ReportingGetTilesGrain:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ReportingGetTilesGrain, value)
