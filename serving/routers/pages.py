"""What explains the platform: the API's documentation, the kinds of problems, the event schemas, built docs.

Everything comes from this process, so it works without the internet.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import fastapi_offline
from fastapi import APIRouter, FastAPI
from fastapi import Path as PathParameter
from fastapi.openapi.docs import get_swagger_ui_html
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

import ingest
from serving import live_page
from serving.openapi import problems
from serving.problems import (
    DOCS_NOT_BUILT,
    INTERNAL,
    INVALID_PARAMETER,
    NOT_FOUND,
    PROBLEM_TYPES,
    ProblemError,
)

router = APIRouter(tags=["platform"])

_SWAGGER_FILES = Path(fastapi_offline.__file__).parent / "static"
_CONTRACTS = Path(ingest.__file__).parent / "contracts"
_SCHEMA_FILES = _CONTRACTS / "schemas"
_ASYNCAPI_FILE = _CONTRACTS / "asyncapi.yaml"


class ProblemKind(BaseModel):
    """What a `type` in a problem document means."""

    type: str
    title: str
    status: int
    advice: str


class SchemaList(BaseModel):
    """Where the contracts of the events are."""

    asyncapi: str = Field(
        description="All events in one AsyncAPI document.", examples=["/schemas/asyncapi.yaml"]
    )
    schemas: list[str] = Field(
        description="One JSON Schema per event type.", examples=[["/schemas/kintell.session.completed.json"]]
    )


@router.get("/", include_in_schema=False)
async def go_to_documentation() -> RedirectResponse:
    return RedirectResponse("/docs")


@router.get("/docs", include_in_schema=False)
async def show_documentation() -> HTMLResponse:
    return get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="Impact platform API",
        swagger_js_url="/docs/assets/swagger-ui-bundle.js",
        swagger_css_url="/docs/assets/swagger-ui.css",
        swagger_favicon_url="/docs/assets/favicon.png",
    )


@router.get(live_page.PATH, include_in_schema=False)
async def show_live_page() -> HTMLResponse:
    """A company's key figures, a trend and the events as they come; the credential is pasted in."""
    return HTMLResponse(live_page.HTML, headers={"Cache-Control": "no-cache"})


@router.get("/problems/", responses=problems(INTERNAL))
async def list_problems() -> list[ProblemKind]:
    """Every kind of problem the API answers with."""
    return [
        ProblemKind(type=kind.uri, title=kind.title, status=kind.status, advice=kind.advice)
        for kind in PROBLEM_TYPES.values()
    ]


@router.get("/problems/{slug}", responses=problems(NOT_FOUND, INVALID_PARAMETER, INTERNAL))
async def get_problem(
    slug: Annotated[
        str, PathParameter(description="The last part of `type`.", examples=["company-forbidden"])
    ],
) -> ProblemKind:
    """What one kind of problem means, and what to do about it."""
    kind = PROBLEM_TYPES.get(slug)
    if kind is None:
        raise ProblemError(NOT_FOUND, f"there is no problem type {slug}; /problems/ lists them")
    return ProblemKind(type=kind.uri, title=kind.title, status=kind.status, advice=kind.advice)


@router.get("/schemas/", responses=problems(INTERNAL))
async def list_schemas() -> SchemaList:
    """The contracts of the events: an AsyncAPI document and the JSON Schema of each type."""
    return SchemaList(
        asyncapi="/schemas/asyncapi.yaml",
        schemas=[f"/schemas/{file.name}" for file in sorted(_SCHEMA_FILES.glob("*.json"))],
    )


@router.get("/schemas/asyncapi.yaml", include_in_schema=False)
async def show_asyncapi() -> FileResponse:
    return FileResponse(_ASYNCAPI_FILE, media_type="application/yaml")


class BuiltPages(StaticFiles):
    """Static pages that another process builds: dbt's with the warehouse, data quality's with imports."""

    async def check_config(self) -> None:
        """The folder may appear later; until then, nothing is found in it."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != NOT_FOUND.status:
                raise
            response = None
        # Starlette answers a missing page with a page of its own where a 404.html exists; none is written.
        if response is None or response.status_code == NOT_FOUND.status:
            raise ProblemError(DOCS_NOT_BUILT, "no page was built at this address")
        response.headers["Cache-Control"] = "no-cache"
        return response


def mount(app: FastAPI, home: Path) -> None:
    """The static files. The folders of built pages may not exist yet."""
    dbt_docs = home / "dbt" / "docs"

    @app.get("/dbt-docs/", include_in_schema=False)
    async def list_dbt_docs() -> HTMLResponse:
        names = sorted(page.parent.name for page in dbt_docs.glob("*/index.html"))
        if not names:
            raise ProblemError(DOCS_NOT_BUILT, "the documentation of the warehouse has not been built")
        links = "".join(f'<li><a href="/dbt-docs/{name}/">{name}</a></li>' for name in names)
        return HTMLResponse(f"<!doctype html><title>dbt docs</title><h1>dbt docs</h1><ul>{links}</ul>")

    app.mount("/dbt-docs", BuiltPages(directory=dbt_docs, html=True, check_dir=False))
    app.mount("/docs/data-quality", BuiltPages(directory=home / "quality", html=True, check_dir=False))
    app.mount("/docs/assets", StaticFiles(directory=_SWAGGER_FILES))
    app.mount("/schemas", StaticFiles(directory=_SCHEMA_FILES))
