from typing import Literal, cast

DeliveryWithAttemptsPartnerStateType0 = Literal["processed", "received", "rejected", "retrying"]


def check_delivery_with_attempts_partner_state_type_0(value: str) -> DeliveryWithAttemptsPartnerStateType0:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(DeliveryWithAttemptsPartnerStateType0, value)
