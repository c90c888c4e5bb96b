from typing import Literal, cast

ReportingGetBenchmarksCompareWith = Literal["all", "industry", "region", "size"]


def check_reporting_get_benchmarks_compare_with(value: str) -> ReportingGetBenchmarksCompareWith:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ReportingGetBenchmarksCompareWith, value)
