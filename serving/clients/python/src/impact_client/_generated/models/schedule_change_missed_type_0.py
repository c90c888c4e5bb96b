from typing import Literal, cast

ScheduleChangeMissedType0 = Literal["all", "latest", "report"]


def check_schedule_change_missed_type_0(value: str) -> ScheduleChangeMissedType0:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ScheduleChangeMissedType0, value)
