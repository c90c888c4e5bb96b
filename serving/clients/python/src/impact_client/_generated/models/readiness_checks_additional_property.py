from typing import Literal, cast

ReadinessChecksAdditionalProperty = Literal["off", "ok", "unreachable"]


def check_readiness_checks_additional_property(value: str) -> ReadinessChecksAdditionalProperty:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ReadinessChecksAdditionalProperty, value)
