from typing import Literal, cast

ReportingGetQ2QFeedDimensionType0 = Literal[
    "belonging", "confidence", "job_readiness", "lang_level_proxy", "well_being"
]


def check_reporting_get_q2q_feed_dimension_type_0(value: str) -> ReportingGetQ2QFeedDimensionType0:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ReportingGetQ2QFeedDimensionType0, value)
