"""Reading a company's figures: who may, how often, and how such a route runs without FastAPI's solver.

A route of a `ReadRoute` router takes a `CompanyRead` and, if it has parameters, one model of its query.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar, get_type_hints
from uuid import UUID

from fastapi import Depends, Query, Request, params
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.responses import Response

from ingest.permissions import Permission
from serving.answers import Key
from serving.auth import (
    BearerScheme,
    CompanyId,
    KeyScheme,
    identify,
    require_company,
)
from serving.credentials import Caller
from serving.dependencies import AppServices
from serving.permissions import declared_of, needs, permit
from serving.problems import BUDGET_EXCEEDED, ProblemError, invalid_parameter
from serving.wall import CompanyPool

T = TypeVar("T")
_COMPANY_ID: TypeAdapter[UUID] = TypeAdapter(UUID)


@dataclass(frozen=True, slots=True)
class Read:
    """One read of one company's figures: the caller may have it, and it has been counted."""

    request: Request
    company_id: UUID
    services: AppServices

    @property
    def pool(self) -> CompanyPool:
        """Postgres as this company sees it."""
        return CompanyPool(self.services.walled, self.company_id)

    @property
    def key(self) -> Key:
        """What tells the answers of one caller's company apart."""
        return self.company_id, self.request.url.path, self.request.scope["query_string"]


async def open_read(request: Request, *permissions: Permission) -> Read:
    """Check credential, permission, company and budgets, in this order; a ProblemError says what lacks."""
    services: AppServices = request.app.state.services
    caller = await permit(request, await identify(request, services), *permissions)
    company_id = require_company(caller, _company(request, caller))
    if caller.company_id is not None:  # what an administrator asks is not the company's doing
        await _spend(services, company_id)
    return Read(request, company_id, services)


def _company(request: Request, caller: Caller) -> UUID:
    """The company of the path; where the path has none, of the query or the credential."""
    if "company_id" in request.path_params:
        return _valid(_COMPANY_ID, request.path_params["company_id"], "path", "company_id")
    if "companyId" in request.query_params:
        return _valid(_COMPANY_ID, request.query_params["companyId"], "query", "companyId")
    if caller.company_id is None:
        raise invalid_parameter("query.companyId", "an administrator has no company and has to name one")
    return caller.company_id


async def _spend(services: AppServices, company_id: UUID) -> None:
    now = datetime.now(UTC)
    exceeded = await services.budgets.take(company_id, now)
    if exceeded is not None:
        wait_s = exceeded.wait_s(now)
        raise ProblemError(
            BUDGET_EXCEEDED,
            f"company {company_id} may ask {exceeded.limit} times a {exceeded.span} and has done so;"
            f" the next {exceeded.span} begins in {wait_s} s",
            headers={"Retry-After": str(wait_s)},
            budget=exceeded.span,
            limit=exceeded.limit,
            resets_at=exceeded.resets_at.isoformat(),
        )


# The parameters beside the request describe the route.
def company_read(*permissions: Permission) -> Any:
    """A read of the company in the path, by a caller who has one of the permissions."""

    async def read(request: Request, company_id: CompanyId, bearer: BearerScheme, key: KeyScheme) -> Read:
        return await open_read(request, *permissions)

    return Depends(needs(read, *permissions))


def own_read(*permissions: Permission) -> Any:
    """A read of the credential's company, or of the one that an administrator names."""

    async def read(
        request: Request,
        bearer: BearerScheme,
        key: KeyScheme,
        company_id: Annotated[
            UUID | None,
            Query(
                alias="companyId", description="Required of an administrator; otherwise one's own or none."
            ),
        ] = None,
    ) -> Read:
        return await open_read(request, *permissions)

    return Depends(needs(read, *permissions))


# The first three words say what is needed; the company is in the path, or with `Own` the credential's.
CompanyRead = Annotated[Read, company_read("report:view")]
AnalyticsRead = Annotated[Read, company_read("analytics:view")]
ExportRead = Annotated[Read, company_read("report:export")]
DataRead = Annotated[Read, company_read("data:read")]
OwnReportRead = Annotated[Read, own_read("report:view")]
OwnAnalyticsRead = Annotated[Read, own_read("analytics:view")]
OwnDataRead = Annotated[Read, own_read("data:read")]


class ReadRoute(APIRoute):
    """A route whose few kinds of parameters are known beforehand.

    FastAPI walks a route's dependencies again for every request, which takes longer than everything else a
    read does (docs/decisions/0028-reads-without-the-dependency-walk.md). The signature is FastAPI's, and so
    are its description and its messages; only the walk is replaced. A signature with anything else in it is
    refused when the route is made.
    """

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        endpoint = self.endpoint
        signature = _Signature.of(endpoint)

        async def handle(request: Request) -> Response:
            arguments: dict[str, Any] = {signature.read: await open_read(request, *signature.permissions)}
            for name, adapter in signature.path.items():
                arguments[name] = _valid(adapter, request.path_params[name], "path", name)
            for name, model in signature.query.items():
                arguments[name] = _valid_query(model, dict(request.query_params))
            response: Response = await endpoint(**arguments)
            return response

        return handle


@dataclass(frozen=True)
class _Signature:
    """Which parameter of an endpoint takes what."""

    read: str
    permissions: tuple[Permission, ...]
    path: dict[str, TypeAdapter[Any]]
    query: dict[str, type[BaseModel]]

    @classmethod
    def of(cls, endpoint: Callable[..., Any]) -> _Signature:
        hints = get_type_hints(endpoint, include_extras=True)
        found = cls("", (), {}, {})
        for name in inspect.signature(endpoint).parameters:
            kind = getattr(hints[name], "__origin__", None)
            metadata = getattr(hints[name], "__metadata__", ())
            if kind is Read:
                (asked,) = (item for item in metadata if isinstance(item, params.Depends))
                found = replace(found, read=name, permissions=declared_of(asked))
            elif any(isinstance(item, params.Path) for item in metadata):
                found.path[name] = TypeAdapter(hints[name])
            elif (
                any(isinstance(item, params.Query) for item in metadata)
                and isinstance(kind, type)
                and issubclass(kind, BaseModel)
            ):
                found.query[name] = kind
            else:
                raise TypeError(
                    f"{endpoint.__name__}({name}): a read takes CompanyRead, paths and a query model"
                )
        if not found.read:
            raise TypeError(
                f"{endpoint.__name__} takes no CompanyRead, so nobody would be asked who they are"
            )
        return found


def _valid(adapter: TypeAdapter[T], value: str, *location: str) -> T:
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        raise _refused(error, *location) from None


def _valid_query(model: type[BaseModel], values: dict[str, str]) -> BaseModel:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise _refused(error, "query") from None


def _refused(error: ValidationError, *location: str) -> RequestValidationError:
    errors = error.errors(include_url=False, include_context=False, include_input=False)
    return RequestValidationError([{**item, "loc": (*location, *item["loc"])} for item in errors])
