from typing import Literal, cast

PrivacyRequestRegionType0 = Literal["APAC", "CA", "EU", "LATAM", "UK", "US"]


def check_privacy_request_region_type_0(value: str) -> PrivacyRequestRegionType0:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(PrivacyRequestRegionType0, value)
