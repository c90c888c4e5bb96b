from typing import Literal, cast

ScheduleChangeCadenceType0 = Literal["cron", "daily", "monthly", "quarterly", "weekly"]


def check_schedule_change_cadence_type_0(value: str) -> ScheduleChangeCadenceType0:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ScheduleChangeCadenceType0, value)
