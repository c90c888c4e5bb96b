from typing import Literal, cast

ErrorClass = Literal["permanent", "transient", "unknown"]


def check_error_class(value: str) -> ErrorClass:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ErrorClass, value)
