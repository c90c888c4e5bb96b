from typing import Literal, cast

ScheduleOrderMissed = Literal["all", "latest", "report"]


def check_schedule_order_missed(value: str) -> ScheduleOrderMissed:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ScheduleOrderMissed, value)
