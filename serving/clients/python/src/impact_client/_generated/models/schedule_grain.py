from typing import Literal, cast

ScheduleGrain = Literal["day", "month", "quarter", "week"]


def check_schedule_grain(value: str) -> ScheduleGrain:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ScheduleGrain, value)
