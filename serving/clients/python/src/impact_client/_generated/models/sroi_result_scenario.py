from typing import Literal, cast

SroiResultScenario = Literal["base", "high", "low"]


def check_sroi_result_scenario(value: str) -> SroiResultScenario:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(SroiResultScenario, value)
