from typing import Literal, cast

ScheduleChangeGrainType0 = Literal["day", "month", "quarter", "week"]


def check_schedule_change_grain_type_0(value: str) -> ScheduleChangeGrainType0:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ScheduleChangeGrainType0, value)
