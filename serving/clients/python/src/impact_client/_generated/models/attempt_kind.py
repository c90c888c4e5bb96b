from typing import Literal, cast

AttemptKind = Literal["read_back", "send"]


def check_attempt_kind(value: str) -> AttemptKind:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(AttemptKind, value)
