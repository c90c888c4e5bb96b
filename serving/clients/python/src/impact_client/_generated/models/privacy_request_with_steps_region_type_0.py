from typing import Literal, cast

PrivacyRequestWithStepsRegionType0 = Literal["APAC", "CA", "EU", "LATAM", "UK", "US"]


def check_privacy_request_with_steps_region_type_0(value: str) -> PrivacyRequestWithStepsRegionType0:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(PrivacyRequestWithStepsRegionType0, value)
