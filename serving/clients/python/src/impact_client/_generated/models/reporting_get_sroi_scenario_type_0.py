from typing import Literal, cast

ReportingGetSroiScenarioType0 = Literal["base", "high", "low"]


def check_reporting_get_sroi_scenario_type_0(value: str) -> ReportingGetSroiScenarioType0:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ReportingGetSroiScenarioType0, value)
