from typing import Literal, cast

ReportingCompareCohortsGrain = Literal["month", "quarter"]


def check_reporting_compare_cohorts_grain(value: str) -> ReportingCompareCohortsGrain:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ReportingCompareCohortsGrain, value)
