from typing import Literal, cast

TrendGranularity = Literal["day", "month", "quarter", "week"]


def check_trend_granularity(value: str) -> TrendGranularity:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(TrendGranularity, value)
