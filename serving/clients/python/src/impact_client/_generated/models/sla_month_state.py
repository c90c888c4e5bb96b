from typing import Literal, cast

SlaMonthState = Literal["breached", "ok", "warning"]


def check_sla_month_state(value: str) -> SlaMonthState:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(SlaMonthState, value)
