from typing import Literal, cast

ScreenFlagSeverityType0 = Literal["critical", "high", "low", "medium"]


def check_screen_flag_severity_type_0(value: str) -> ScreenFlagSeverityType0:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ScreenFlagSeverityType0, value)
