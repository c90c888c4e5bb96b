from typing import Literal, cast

CsrdExportGrain = Literal["month", "quarter"]


def check_csrd_export_grain(value: str) -> CsrdExportGrain:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(CsrdExportGrain, value)
