from typing import Literal, cast

PrivacyRequestRight = Literal["access", "erasure", "object", "portability", "rectification", "restrict"]


def check_privacy_request_right(value: str) -> PrivacyRequestRight:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(PrivacyRequestRight, value)
