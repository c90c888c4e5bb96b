from typing import Literal, cast

ScheduleOrderCadence = Literal["cron", "daily", "monthly", "quarterly", "weekly"]


def check_schedule_order_cadence(value: str) -> ScheduleOrderCadence:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ScheduleOrderCadence, value)
