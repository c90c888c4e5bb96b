from typing import Literal, cast

CohortMetricsGrain = Literal["month", "quarter"]


def check_cohort_metrics_grain(value: str) -> CohortMetricsGrain:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(CohortMetricsGrain, value)
