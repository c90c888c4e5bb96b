from typing import Literal, cast

ReportingGetCohortMetricsGrain = Literal["month", "quarter"]


def check_reporting_get_cohort_metrics_grain(value: str) -> ReportingGetCohortMetricsGrain:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ReportingGetCohortMetricsGrain, value)
