"""API keys over the API: a company's administrators make, replace and end the keys of their company.

Nobody makes a key that may do more than they may, and a key is shown once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Annotated, TypeVar
from uuid import UUID

import psycopg
import structlog
from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from ingest import api_keys
from ingest.api_keys import ApiKeyError, Role, UnknownKeyError
from ingest.permissions import GRANTED, Permission
from serving.auth import own_or_asked
from serving.credentials import Caller
from serving.dependencies import AppServices, Services
from serving.openapi import KEY_PROBLEMS, KEYS_PROBLEMS
from serving.parameters import Instant, Whole
from serving.permissions import allowed
from serving.privacy_access import in_postgres
from serving.problems import (
    KEY_NOT_FOUND,
    KEY_OVER,
    ROLE_FORBIDDEN,
    SCOPE_FORBIDDEN,
    ProblemError,
    invalid_parameter,
)

router = APIRouter(prefix="/v1/keys", tags=["keys"])
audit = structlog.get_logger("audit")

LARGEST_RATE = 10_000
LONGEST_OVERLAP_S = 7 * 86_400
T = TypeVar("T")


class Key(BaseModel):
    """What may be shown of a key: everything but the key."""

    model_config = ConfigDict(from_attributes=True)

    key_id: UUID
    company_id: UUID | None = Field(description="Null: every company, of an administrator of the platform.")
    name: str = Field(examples=["cockpit production"])
    prefix: str = Field(description="Its first characters, to recognise it by.", examples=["teei_live_Eg"])
    role: Role
    scopes: list[str] | None = Field(
        description="The permissions it is narrowed to; null: all of its role.", examples=[["report:view"]]
    )
    api_version: str | None = Field(description="The version it stays with; null: the newest.")
    rate_limit_per_minute: int
    created_at: AwareDatetime
    expires_at: AwareDatetime | None
    revoked_at: AwareDatetime | None
    last_used_at: AwareDatetime | None = Field(description="To a minute.")


class NewKey(BaseModel):
    """A key that was just made. `key` is never shown again."""

    key: str = Field(description="The key itself; keep it like a password.")
    name: str
    role: Role
    scopes: list[str] | None
    api_version: str | None
    expires_at: AwareDatetime | None


class KeyList(BaseModel):
    items: list[Key]


class KeyOrder(BaseModel):
    """A key to be made."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "name": "cockpit",
                    "role": "api_client",
                    "scopes": ["report:view"],
                    "api_version": "2026-11-27",
                }
            ]
        },
    )

    name: str = Field(min_length=1, max_length=200, description="What it is for.", examples=["cockpit"])
    role: Role = "api_client"
    scopes: list[Permission] | None = Field(
        None,
        min_length=1,
        description="Some permissions of the role; without it, all.",
        examples=[["report:view"]],
    )
    api_version: str | None = Field(None, pattern=r"^\d{4}-\d{2}-\d{2}$", examples=["2026-11-27"])
    expires_at: Instant | None = Field(None, description="Without it, for ever.")
    rate_limit_per_minute: Whole = Field(1000, ge=1, le=LARGEST_RATE)
    company_id: UUID | None = Field(None, description="For administrators of the platform.")


class ReplacementOrder(BaseModel):
    model_config = ConfigDict(extra="forbid")

    overlap_s: Whole = Field(
        0, ge=0, le=LONGEST_OVERLAP_S, description="Seconds the old key goes on beside the new one."
    )


@router.get("", responses=KEYS_PROBLEMS)
async def list_keys(
    response: Response,
    caller: Annotated[Caller, allowed("api_key:read")],
    services: Services,
    company_id: Annotated[
        UUID | None, Query(alias="companyId", description="For administrators of the platform.")
    ] = None,
) -> KeyList:
    """The company's keys, oldest first; those that are over, too."""
    company = own_or_asked(caller, company_id)
    found = await _work(services, lambda connection: api_keys.list_keys(connection, company))
    response.headers["Cache-Control"] = "no-store"
    return KeyList(items=[Key.model_validate(one) for one in found])


@router.post("", status_code=201, responses=KEYS_PROBLEMS)
async def create_key(
    response: Response,
    caller: Annotated[Caller, allowed("api_key:create")],
    services: Services,
    order: KeyOrder,
) -> NewKey:
    """Make a key. It may do no more than whoever makes it."""
    company = own_or_asked(caller, order.company_id)
    if company is None and order.role != "system_admin":
        raise invalid_parameter("body.company_id", f"a key with the role {order.role} needs a company")
    if company is not None and order.role == "system_admin":
        raise invalid_parameter("body.role", "system_admin belongs to no company")
    _refuse_more(caller, order.role, order.scopes)
    plaintext = await _work(
        services,
        lambda connection: api_keys.create_key(
            connection,
            company,
            order.name,
            order.role,
            scopes=order.scopes,
            api_version=order.api_version,
            expires_at=order.expires_at,
            rate_limit_per_minute=order.rate_limit_per_minute,
            created_by=caller.caller_id,
        ),
    )
    audit.info("key_created", caller_id=caller.caller_id, company_id=str(company), role=order.role)
    response.headers["Cache-Control"] = "no-store"
    fields = order.model_dump(include={"name", "role", "scopes", "api_version", "expires_at"})
    return NewKey(key=plaintext, **fields)


@router.post("/{key_id}/regenerate", status_code=201, responses=KEY_PROBLEMS)
async def regenerate_key(
    response: Response,
    caller: Annotated[Caller, allowed("api_key:regenerate")],
    services: Services,
    key_id: UUID,
    order: ReplacementOrder | None = None,
) -> NewKey:
    """Put a new key in a key's place. The old one ends now, or after the overlap."""
    overlap = timedelta(seconds=(order or ReplacementOrder(overlap_s=0)).overlap_s)

    def replace(connection: psycopg.Connection) -> NewKey:
        with connection.transaction():
            old = api_keys.get_key(connection, key_id, caller.company_id)
            _refuse_more(caller, old.role, old.scopes)
            plaintext = api_keys.regenerate_key(connection, old, overlap=overlap, created_by=caller.caller_id)
        return NewKey(
            key=plaintext, **{name: getattr(old, name) for name in NewKey.model_fields if name != "key"}
        )

    made = await _work(services, replace, may_be_over=True)
    audit.info("key_regenerated", caller_id=caller.caller_id, key_id=str(key_id))
    response.headers["Cache-Control"] = "no-store"
    return made


@router.delete("/{key_id}", responses=KEY_PROBLEMS)
async def revoke_key(
    response: Response,
    caller: Annotated[Caller, allowed("api_key:revoke")],
    services: Services,
    key_id: UUID,
) -> Key:
    """End a key. Processes of the API refuse it within five seconds; twice is the same as once."""

    def end(connection: psycopg.Connection) -> api_keys.ApiKey:
        with connection.transaction():
            api_keys.get_key(connection, key_id, caller.company_id)
            api_keys.revoke_key(connection, key_id, revoked_by=caller.caller_id)
            return api_keys.get_key(connection, key_id, caller.company_id)

    ended = await _work(services, end)
    audit.info("key_revoked", caller_id=caller.caller_id, key_id=str(key_id))
    response.headers["Cache-Control"] = "no-store"
    return Key.model_validate(ended)


def _refuse_more(caller: Caller, role: Role, scopes: Collection[str] | None) -> None:
    """Refuse a key that could do what its maker cannot."""
    wanted = [one for one in GRANTED[role] if scopes is None or one in scopes]
    beyond = sorted(one for one in wanted if not caller.may(one))
    if not beyond:
        return
    kind = SCOPE_FORBIDDEN if caller.scopes is not None else ROLE_FORBIDDEN
    raise ProblemError(kind, f"the key would have {', '.join(beyond)}, and this caller does not")


async def _work(
    services: AppServices, work: Callable[[psycopg.Connection], T], *, may_be_over: bool = False
) -> T:
    try:
        return await in_postgres(services.settings, work)
    except UnknownKeyError as error:
        raise ProblemError(KEY_NOT_FOUND, f"{error}".partition(";")[0]) from None
    except ApiKeyError as error:
        if may_be_over:
            raise ProblemError(KEY_OVER, str(error)) from None
        raise invalid_parameter("body", str(error)) from None
