from typing import Literal, cast

PlatformSlaState = Literal["breached", "ok", "warning"]


def check_platform_sla_state(value: str) -> PlatformSlaState:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(PlatformSlaState, value)
