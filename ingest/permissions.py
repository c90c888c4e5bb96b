"""Who may do what: roles, permissions, and which role has which. Data, read by the API and by `impact keys`.

A key can be narrowed to some permissions of its role, its scopes; it never has more than the role.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, get_args

Role = Literal["system_admin", "company_admin", "company_user", "participant", "volunteer", "api_client"]
ROLES: tuple[Role, ...] = get_args(Role)

Permission = Literal[
    "company:read", "company:write", "company:delete", "company:settings",
    "user:read", "user:write", "user:delete", "user:invite",
    "data:read", "data:write", "data:delete", "data:export",
    "report:view", "report:create", "report:export", "analytics:view",
    "api_key:read", "api_key:create", "api_key:revoke", "api_key:regenerate",
    "audit_log:view", "safety:review", "privacy:manage", "privacy:own", "system:admin",
]  # fmt: skip
PERMISSIONS: tuple[Permission, ...] = get_args(Permission)

_USER: frozenset[Permission] = frozenset({
    "company:read", "user:read", "data:read", "data:write", "data:export", "report:view", "report:export",
    "analytics:view",
})  # fmt: skip
# The platform's alone; and a person's own records, which nobody has who asks for others.
_NO_COMPANY_ADMIN: frozenset[Permission] = frozenset({"company:delete", "system:admin", "privacy:own"})
_OWN: frozenset[Permission] = frozenset({"privacy:own"})

GRANTED: Mapping[Role, frozenset[Permission]] = {
    "system_admin": frozenset(PERMISSIONS) - _OWN,
    "company_admin": frozenset(PERMISSIONS) - _NO_COMPANY_ADMIN,
    "company_user": _USER,
    # Their own records and nothing of the company's.
    "participant": _OWN,
    "volunteer": _OWN,
    # A machine reads the figures as its company's users do, and exports them; it sees no list of people.
    "api_client": _USER - {"user:read", "data:export"},
}


def roles_with(permissions: Iterable[Permission]) -> list[Role]:
    """The roles that have at least one of the permissions."""
    wanted = frozenset(permissions)
    return [role for role in ROLES if GRANTED[role] & wanted]


def unknown_scopes(role: Role, scopes: Iterable[str]) -> list[str]:
    """Those of the scopes that a key of this role cannot have, sorted."""
    return sorted(set(scopes) - GRANTED[role])
