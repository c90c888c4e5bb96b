from typing import Literal, cast

KeyOrderRole = Literal["api_client", "company_admin", "company_user", "system_admin"]


def check_key_order_role(value: str) -> KeyOrderRole:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(KeyOrderRole, value)
