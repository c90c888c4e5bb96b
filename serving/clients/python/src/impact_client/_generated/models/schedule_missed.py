from typing import Literal, cast

ScheduleMissed = Literal["all", "latest", "report"]


def check_schedule_missed(value: str) -> ScheduleMissed:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ScheduleMissed, value)
