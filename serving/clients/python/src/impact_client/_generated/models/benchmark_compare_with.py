from typing import Literal, cast

BenchmarkCompareWith = Literal["all", "industry", "region", "size"]


def check_benchmark_compare_with(value: str) -> BenchmarkCompareWith:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(BenchmarkCompareWith, value)
