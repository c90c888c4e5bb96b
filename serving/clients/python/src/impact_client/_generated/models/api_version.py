from typing import Literal, cast

ApiVersion = Literal["2026-09-01", "2026-11-27"]


def check_api_version(value: str) -> ApiVersion:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ApiVersion, value)
