from typing import Literal, cast

ScheduleCadence = Literal["cron", "daily", "monthly", "quarterly", "weekly"]


def check_schedule_cadence(value: str) -> ScheduleCadence:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ScheduleCadence, value)
