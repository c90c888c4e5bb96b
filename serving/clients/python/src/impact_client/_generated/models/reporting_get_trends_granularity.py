from typing import Literal, cast

ReportingGetTrendsGranularity = Literal["day", "month", "quarter", "week"]


def check_reporting_get_trends_granularity(value: str) -> ReportingGetTrendsGranularity:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ReportingGetTrendsGranularity, value)
