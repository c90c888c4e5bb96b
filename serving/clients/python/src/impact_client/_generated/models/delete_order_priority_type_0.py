from typing import Literal, cast

DeleteOrderPriorityType0 = Literal[1, 5, 10, 20]


def check_delete_order_priority_type_0(value: int) -> DeleteOrderPriorityType0:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(DeleteOrderPriorityType0, value)
