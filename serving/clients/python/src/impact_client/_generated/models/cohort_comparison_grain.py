from typing import Literal, cast

CohortComparisonGrain = Literal["month", "quarter"]


def check_cohort_comparison_grain(value: str) -> CohortComparisonGrain:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(CohortComparisonGrain, value)
