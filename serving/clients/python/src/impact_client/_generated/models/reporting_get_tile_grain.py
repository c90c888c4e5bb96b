from typing import Literal, cast

ReportingGetTileGrain = Literal["month", "quarter"]


def check_reporting_get_tile_grain(value: str) -> ReportingGetTileGrain:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ReportingGetTileGrain, value)
