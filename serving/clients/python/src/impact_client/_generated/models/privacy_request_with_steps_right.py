from typing import Literal, cast

PrivacyRequestWithStepsRight = Literal[
    "access", "erasure", "object", "portability", "rectification", "restrict"
]


def check_privacy_request_with_steps_right(value: str) -> PrivacyRequestWithStepsRight:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(PrivacyRequestWithStepsRight, value)
