from typing import Literal, cast

ReportingGetTileTile = Literal["language", "mentorship", "upskilling", "weei"]


def check_reporting_get_tile_tile(value: str) -> ReportingGetTileTile:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ReportingGetTileTile, value)
