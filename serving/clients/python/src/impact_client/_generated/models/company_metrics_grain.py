from typing import Literal, cast

CompanyMetricsGrain = Literal["month", "quarter"]


def check_company_metrics_grain(value: str) -> CompanyMetricsGrain:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(CompanyMetricsGrain, value)
