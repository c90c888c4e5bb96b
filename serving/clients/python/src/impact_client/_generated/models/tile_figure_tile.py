from typing import Literal, cast

TileFigureTile = Literal["language", "mentorship", "upskilling", "weei"]


def check_tile_figure_tile(value: str) -> TileFigureTile:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(TileFigureTile, value)
