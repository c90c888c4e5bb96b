from typing import Literal, cast

ExportOrderRight = Literal["access", "portability"]


def check_export_order_right(value: str) -> ExportOrderRight:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ExportOrderRight, value)
