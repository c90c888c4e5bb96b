from typing import Literal, cast

NewKeyRole = Literal["api_client", "company_admin", "company_user", "system_admin"]


def check_new_key_role(value: str) -> NewKeyRole:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(NewKeyRole, value)
