from typing import Literal, cast

PrivacyListRequestsStateType0Item = Literal[
    "cancelled", "completed", "confirmed", "failed", "held", "partial", "received", "running"
]


def check_privacy_list_requests_state_type_0_item(value: str) -> PrivacyListRequestsStateType0Item:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(PrivacyListRequestsStateType0Item, value)
