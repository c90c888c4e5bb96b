from typing import Literal, cast

SlaExceptionKind = Literal["failed", "late", "missed", "no_data", "waiting"]


def check_sla_exception_kind(value: str) -> SlaExceptionKind:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(SlaExceptionKind, value)
