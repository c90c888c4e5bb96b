from typing import Literal, cast

DeliveryStatus = Literal["awaiting_approval", "delivered", "due", "failed", "retrying", "sending"]


def check_delivery_status(value: str) -> DeliveryStatus:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(DeliveryStatus, value)
