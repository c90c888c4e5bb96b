from typing import Literal, cast

SafetyListQueueSeverityType0 = Literal["critical", "high", "low", "medium"]


def check_safety_list_queue_severity_type_0(value: str) -> SafetyListQueueSeverityType0:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(SafetyListQueueSeverityType0, value)
