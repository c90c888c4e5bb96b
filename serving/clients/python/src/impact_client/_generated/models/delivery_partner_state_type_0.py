from typing import Literal, cast

DeliveryPartnerStateType0 = Literal["processed", "received", "rejected", "retrying"]


def check_delivery_partner_state_type_0(value: str) -> DeliveryPartnerStateType0:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(DeliveryPartnerStateType0, value)
