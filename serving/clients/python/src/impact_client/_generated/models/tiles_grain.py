from typing import Literal, cast

TilesGrain = Literal["month", "quarter"]


def check_tiles_grain(value: str) -> TilesGrain:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(TilesGrain, value)
