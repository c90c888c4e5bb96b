from typing import Literal, cast

GoalsGrain = Literal["month", "quarter"]


def check_goals_grain(value: str) -> GoalsGrain:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(GoalsGrain, value)
