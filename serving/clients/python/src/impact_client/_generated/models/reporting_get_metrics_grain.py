from typing import Literal, cast

ReportingGetMetricsGrain = Literal["month", "quarter"]


def check_reporting_get_metrics_grain(value: str) -> ReportingGetMetricsGrain:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ReportingGetMetricsGrain, value)
