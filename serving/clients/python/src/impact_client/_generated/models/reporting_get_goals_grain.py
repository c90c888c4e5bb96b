from typing import Literal, cast

ReportingGetGoalsGrain = Literal["month", "quarter"]


def check_reporting_get_goals_grain(value: str) -> ReportingGetGoalsGrain:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ReportingGetGoalsGrain, value)
