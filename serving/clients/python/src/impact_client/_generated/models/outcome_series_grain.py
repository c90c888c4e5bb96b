from typing import Literal, cast

OutcomeSeriesGrain = Literal["month", "quarter"]


def check_outcome_series_grain(value: str) -> OutcomeSeriesGrain:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(OutcomeSeriesGrain, value)
