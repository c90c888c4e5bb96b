from typing import Literal, cast

ReportingGetOutcomesGrain = Literal["month", "quarter"]


def check_reporting_get_outcomes_grain(value: str) -> ReportingGetOutcomesGrain:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ReportingGetOutcomesGrain, value)
