from typing import Literal, cast

PrivacyRequestWithStepsPriority = Literal[1, 5, 10, 20]


def check_privacy_request_with_steps_priority(value: int) -> PrivacyRequestWithStepsPriority:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(PrivacyRequestWithStepsPriority, value)
