from typing import Literal, cast

SafetyListQueueStateType0Item = Literal["approved", "escalated", "pending", "rejected"]


def check_safety_list_queue_state_type_0_item(value: str) -> SafetyListQueueStateType0Item:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(SafetyListQueueStateType0Item, value)
