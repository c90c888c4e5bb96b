"""Who may read what, as dependencies: a route that takes `CompanyRead` or `OwnCompany` cannot forget the
check.

The company comes from the credential. A company id in a path or query has to be the same one; only an
administrator of the platform may name another, and each such read leaves a line in the audit log.
"""

from __future__ import annotations

import time
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import Depends, Path, Request, Security
from fastapi.security import APIKeyHeader, HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials

from serving.credentials import KEY_PREFIXES, Caller, InvalidCredentialError, Role
from serving.dependencies import AppServices, Services
from serving.problems import COMPANY_FORBIDDEN, RATE_LIMITED, ROLE_FORBIDDEN, UNAUTHENTICATED, ProblemError
from serving.stream import session

audit = structlog.get_logger("audit")

# Company figures are for those who work with the company's programme. A participant or volunteer reads own
# records only, and there are none here.
ANALYTICS_ROLES: frozenset[Role] = frozenset({"system_admin", "company_admin", "company_user", "api_client"})

# Both describe the API; `identify` reads the headers itself.
_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="bearer",
    bearerFormat="API key or JWT",
    description="An API key (`teei_live_…`) or an access token (JWT, HS256).",
)
_key_header = APIKeyHeader(
    name="X-API-Key", auto_error=False, scheme_name="apiKey", description="An API key (`teei_live_…`)."
)
BearerScheme = Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
KeyScheme = Annotated[str | None, Security(_key_header)]
CompanyId = Annotated[UUID, Path(description="The company of the credential, unless an administrator asks.")]


async def identify(request: Request, services: AppServices) -> Caller:
    """The caller behind the credential, counted.

    `Authorization` goes before `X-API-Key`; a live stream's cookie is looked at by the live stream only.
    """
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    try:
        if scheme.lower() == "bearer" and bearer and not bearer.startswith(KEY_PREFIXES):
            caller = services.tokens.verify(bearer)
        elif scheme.lower() == "bearer" and bearer:
            caller = await services.keys.find(bearer)
        elif key := request.headers.get("x-api-key"):
            caller = await services.keys.find(key)
        elif request.url.path == session.PATH and (cookie := request.cookies.get(session.COOKIE)):
            caller = services.sessions.caller(cookie)
            if not await services.revocations.is_good(caller):
                raise InvalidCredentialError("the API key behind the stream's session is expired or revoked")
        else:
            raise _unauthenticated("the request carries no credential")
    except InvalidCredentialError as error:
        raise _unauthenticated(str(error), ', error="invalid_token"') from error
    _count(request, services, caller)
    return caller


def _unauthenticated(detail: str, challenge: str = "") -> ProblemError:
    return ProblemError(
        UNAUTHENTICATED, detail, headers={"WWW-Authenticate": f'Bearer realm="impact"{challenge}'}
    )


def _count(request: Request, services: AppServices, caller: Caller) -> None:
    request.state.caller = caller  # for the layers around the routes: which version, whose old paths
    now = time.time()
    allowance = services.limiter.take(caller.caller_id, caller.requests_per_minute, now)
    request.state.rate_limit_headers = allowance.headers()
    if allowance.is_exceeded:
        wait_s = max(1, round(allowance.reset_at - now))
        raise ProblemError(
            RATE_LIMITED,
            f"{allowance.limit} requests a minute are allowed; the next minute begins in {wait_s} s",
            headers={"Retry-After": str(wait_s)},
        )


async def authenticate(request: Request, services: Services, bearer: BearerScheme, key: KeyScheme) -> Caller:
    return await identify(request, services)


Authenticated = Annotated[Caller, Depends(authenticate)]


def require_analytics_role(caller: Caller) -> Caller:
    if caller.role not in ANALYTICS_ROLES:
        raise ProblemError(
            ROLE_FORBIDDEN,
            f"company figures are for {', '.join(sorted(ANALYTICS_ROLES))}; this caller is a {caller.role}",
        )
    return caller


async def analytics_reader(caller: Authenticated) -> Caller:
    return require_analytics_role(caller)


AnalyticsReader = Annotated[Caller, Depends(analytics_reader)]


async def platform_admin(caller: Authenticated) -> Caller:
    if caller.role != "system_admin":
        raise ProblemError(ROLE_FORBIDDEN, f"this is for system_admin; this caller is a {caller.role}")
    return caller


PlatformAdmin = Annotated[Caller, Depends(platform_admin)]


def require_company(request: Request, caller: Caller, company_id: UUID) -> UUID:
    """The company if the caller may read it; whether it exists is not told to those who may not."""
    if caller.company_id == company_id:
        return company_id
    if caller.role != "system_admin":
        raise ProblemError(COMPANY_FORBIDDEN, f"this credential does not belong to company {company_id}")
    audit.info(
        "company_read_by_admin",
        caller_id=caller.caller_id,
        company_id=str(company_id),
        path=request.url.path,
        request_id=request.state.request_id,
    )
    return company_id
