from typing import Literal, cast

ReportingGetSroiVariantType0 = Literal["employment_npv", "outcome_value"]


def check_reporting_get_sroi_variant_type_0(value: str) -> ReportingGetSroiVariantType0:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ReportingGetSroiVariantType0, value)
