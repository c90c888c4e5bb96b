from typing import Literal, cast

PrivacyListRequestsRightType0 = Literal[
    "access", "erasure", "object", "portability", "rectification", "restrict"
]


def check_privacy_list_requests_right_type_0(value: str) -> PrivacyListRequestsRightType0:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(PrivacyListRequestsRightType0, value)
