from typing import Literal, cast

ExportOrderPriorityType0 = Literal[1, 5, 10, 20]


def check_export_order_priority_type_0(value: int) -> ExportOrderPriorityType0:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ExportOrderPriorityType0, value)
