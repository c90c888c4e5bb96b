"""Who is asking, and for which company.

The company comes from the credential. A company id in a path or query has to be the same one; only an
administrator of the platform may name another, and each such read leaves a line in the audit log.
"""

from __future__ import annotations

import time
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Request, Security
from fastapi.security import APIKeyHeader, HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials

from serving.credentials import KEY_PREFIXES, Caller, InvalidCredentialError
from serving.dependencies import AppServices, Services
from serving.key_sets import RETRY_S, KeySetAwayError
from serving.problems import COMPANY_FORBIDDEN, RATE_LIMITED, UNAUTHENTICATED, ProblemError, unavailable
from serving.stream import session
from serving.wall import Asks

# Both describe the API; `identify` reads the headers itself.
_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="bearer",
    bearerFormat="API key or JWT",
    description="An API key (`teei_live_…`) or an access token (JWT).",
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
            caller = await services.tokens.verify(bearer)
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
    except KeySetAwayError:
        raise unavailable("the key set of the tokens' issuer", retry_after_s=int(RETRY_S)) from None
    _count(request, services, caller)
    _refuse_another_tenant(request, caller)
    return caller


def _refuse_another_tenant(request: Request, caller: Caller) -> None:
    """A header that names a company decides nothing, but must not name another one unnoticed."""
    named = request.headers.get("x-tenant-id")
    if named is not None and caller.company_id is not None and named.lower() != str(caller.company_id):
        raise ProblemError(COMPANY_FORBIDDEN, "X-Tenant-ID names another company than the credential's")


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


async def _callers_pool(services: Services, caller: Authenticated) -> Asks:
    return services.seen_by(caller.company_id)


CallersPool = Annotated[Asks, Depends(_callers_pool)]  # Postgres as the caller's company sees it, to be read


def own_or_asked(caller: Caller, asked: UUID | None) -> UUID | None:
    """The caller's company; an administrator's choice, or None for all."""
    if caller.company_id is None:
        return asked
    if asked is not None and asked != caller.company_id:
        raise ProblemError(COMPANY_FORBIDDEN, f"this credential does not belong to company {asked}")
    return caller.company_id


def require_company(caller: Caller, company_id: UUID) -> UUID:
    """The company if the caller may read it; whether it exists is not told to those who may not."""
    if caller.company_id == company_id:
        return company_id
    if caller.role != "system_admin":
        raise ProblemError(COMPANY_FORBIDDEN, f"this credential does not belong to company {company_id}")
    return company_id
