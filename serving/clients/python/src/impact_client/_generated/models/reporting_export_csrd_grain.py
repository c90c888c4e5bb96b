from typing import Literal, cast

ReportingExportCsrdGrain = Literal["month", "quarter"]


def check_reporting_export_csrd_grain(value: str) -> ReportingExportCsrdGrain:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ReportingExportCsrdGrain, value)
