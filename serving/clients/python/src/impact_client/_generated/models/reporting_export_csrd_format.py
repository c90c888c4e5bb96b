from typing import Literal, cast

ReportingExportCsrdFormat = Literal["csv", "json", "parquet"]


def check_reporting_export_csrd_format(value: str) -> ReportingExportCsrdFormat:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ReportingExportCsrdFormat, value)
