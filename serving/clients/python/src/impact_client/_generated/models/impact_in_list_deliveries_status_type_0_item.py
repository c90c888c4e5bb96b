from typing import Literal, cast

ImpactInListDeliveriesStatusType0Item = Literal[
    "awaiting_approval", "delivered", "due", "failed", "retrying", "sending"
]


def check_impact_in_list_deliveries_status_type_0_item(value: str) -> ImpactInListDeliveriesStatusType0Item:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ImpactInListDeliveriesStatusType0Item, value)
