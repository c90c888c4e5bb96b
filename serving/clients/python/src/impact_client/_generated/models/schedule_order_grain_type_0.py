from typing import Literal, cast

ScheduleOrderGrainType0 = Literal["day", "month", "quarter", "week"]


def check_schedule_order_grain_type_0(value: str) -> ScheduleOrderGrainType0:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ScheduleOrderGrainType0, value)
