from typing import Literal, cast

FunnelStageStage = Literal["enrolled", "matched", "program_completed", "session_completed"]


def check_funnel_stage_stage(value: str) -> FunnelStageStage:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(FunnelStageStage, value)
