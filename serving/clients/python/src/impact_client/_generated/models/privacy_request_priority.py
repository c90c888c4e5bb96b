from typing import Literal, cast

PrivacyRequestPriority = Literal[1, 5, 10, 20]


def check_privacy_request_priority(value: int) -> PrivacyRequestPriority:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(PrivacyRequestPriority, value)
