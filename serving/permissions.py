"""Which permission a route needs, said in its signature, checked before it runs and shown in its description.

`Annotated[Caller, allowed("report:view")]` is the whole declaration: the route gets a caller who has the
permission, and the API's description says so as `x-permission`. A route below `/v1` that declares none stops
the application from starting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request, params
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from ingest.permissions import GRANTED, PERMISSIONS, Permission, roles_with
from serving.auth import Authenticated
from serving.credentials import Caller
from serving.dependencies import AppServices
from serving.problems import ROLE_FORBIDDEN, SCOPE_FORBIDDEN, ProblemError

GUARDED = "/v1/"
_MARK = "permissions"
F = TypeVar("F", bound=Callable[..., Any])


class UndeclaredRouteError(Exception):
    """A route says nothing, or two things, about who may use it."""


def allowed(*permissions: Permission) -> Any:
    """The caller, who has one of the permissions; to be used as `Annotated[Caller, allowed(…)]`."""

    async def permitted(request: Request, caller: Authenticated) -> Caller:
        return await permit(request, caller, *permissions)

    return Depends(needs(permitted, *permissions))


def needs(dependency: F, *permissions: Permission) -> F:
    """Say of a dependency that it asks for one of the permissions itself."""
    if unknown := set(permissions) - set(PERMISSIONS):
        raise ValueError(f"no permissions: {', '.join(sorted(unknown))}; ingest/permissions.py has the list")
    setattr(dependency, _MARK, permissions)
    return dependency


def declared_of(depends: params.Depends) -> tuple[Permission, ...]:
    """What a dependency says it asks for. Raises UndeclaredRouteError if it says nothing."""
    permissions: tuple[Permission, ...] | None = getattr(depends.dependency, _MARK, None)
    if permissions is None:
        raise UndeclaredRouteError(f"{depends.dependency} declares no permission")
    return permissions


async def permit(request: Request, caller: Caller, *permissions: Permission) -> Caller:
    """The caller if one of the permissions is theirs, and a record of what the platform's administrator did.

    A ProblemError says whether the role lacks it or only the key.
    """
    if not caller.may(*permissions):
        raise _refused(caller, permissions)
    if caller.company_id is None and caller.role == "system_admin":
        services: AppServices = request.app.state.services
        await services.admin_reads.note(request, caller)
    return caller


def _refused(caller: Caller, permissions: tuple[Permission, ...]) -> ProblemError:
    wanted = " or ".join(permissions)
    if not GRANTED[caller.role].isdisjoint(permissions):
        held = ", ".join(sorted(caller.scopes or ()))
        return ProblemError(SCOPE_FORBIDDEN, f"this needs {wanted}; the key is narrowed to {held}")
    roles = ", ".join(sorted(roles_with(permissions)))
    return ProblemError(ROLE_FORBIDDEN, f"{wanted} is for {roles}; this caller is a {caller.role}")


def declared(router: APIRouter) -> APIRouter:
    """The router, each of whose guarded routes says what it needs: in the code, so in the description."""
    for route in router.routes:
        if isinstance(route, APIRoute) and route.path.startswith(GUARDED):
            route.openapi_extra = {
                **(route.openapi_extra or {}),
                "x-permission": list(permissions_of(route)),
            }
    return router


def permissions_of(route: APIRoute) -> tuple[Permission, ...]:
    """The permissions of which a caller of the route needs one. Raises UndeclaredRouteError."""
    asked = sorted(set(_asked(route.dependant)), key=len)
    if not asked:
        raise UndeclaredRouteError(
            f"{sorted(route.methods or ())} {route.path} declares no permission;"
            " give it a caller that is `allowed(…)`"
        )
    narrowest = asked[0]
    if any(not set(narrowest) <= set(other) for other in asked):
        raise UndeclaredRouteError(
            f"{sorted(route.methods or ())} {route.path} declares {asked}, which do not nest"
        )
    return narrowest


def _asked(dependant: Dependant) -> Iterator[tuple[Permission, ...]]:
    if (permissions := getattr(dependant.call, _MARK, None)) is not None:
        yield permissions
    for dependency in dependant.dependencies:
        yield from _asked(dependency)


ReportReader = Annotated[Caller, allowed("report:view")]
AnalyticsReader = Annotated[Caller, allowed("analytics:view")]
DataReader = Annotated[Caller, allowed("data:read")]
DataWriter = Annotated[Caller, allowed("data:write")]
PlatformAdmin = Annotated[Caller, allowed("system:admin")]
