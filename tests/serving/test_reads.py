"""A route about a company cannot be made without asking who reads, nor with what its class does not know."""

from __future__ import annotations

from typing import Annotated

import pytest
from fastapi import APIRouter, Header, Query
from starlette.responses import Response

from serving.paging import PageQuery
from serving.reads import CompanyRead, ReadRoute
from serving.routers import companies, comparison, evidence, export, value


def test_a_route_that_asks_nobody_who_they_are_is_refused() -> None:
    async def open_to_all(query: Annotated[PageQuery, Query()]) -> Response:
        return Response()

    with pytest.raises(TypeError, match="takes no CompanyRead"):
        APIRouter(route_class=ReadRoute).get("/{company_id}/x")(open_to_all)


def test_a_parameter_that_would_be_left_out_is_refused() -> None:
    async def with_a_header(read: CompanyRead, language: Annotated[str, Header()]) -> Response:
        return Response()

    with pytest.raises(TypeError, match="language"):
        APIRouter(route_class=ReadRoute).get("/{company_id}/x")(with_a_header)


def test_every_route_about_a_company_is_such_a_route() -> None:
    for module in (companies, value, comparison, export, evidence):
        assert all(isinstance(route, ReadRoute) for route in module.router.routes)
