from typing import Literal, cast

KeyOrderScopesType0Item = Literal[
    "analytics:view",
    "api_key:create",
    "api_key:read",
    "api_key:regenerate",
    "api_key:revoke",
    "audit_log:view",
    "company:delete",
    "company:read",
    "company:settings",
    "company:write",
    "data:delete",
    "data:export",
    "data:read",
    "data:write",
    "privacy:manage",
    "privacy:own",
    "report:create",
    "report:export",
    "report:view",
    "safety:review",
    "system:admin",
    "user:delete",
    "user:invite",
    "user:read",
    "user:write",
]


def check_key_order_scopes_type_0_item(value: str) -> KeyOrderScopesType0Item:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(KeyOrderScopesType0Item, value)
