from typing import Literal, cast

DeliveryWithAttemptsStatus = Literal["awaiting_approval", "delivered", "due", "failed", "retrying", "sending"]


def check_delivery_with_attempts_status(value: str) -> DeliveryWithAttemptsStatus:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(DeliveryWithAttemptsStatus, value)
