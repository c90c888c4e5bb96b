"""The API described: every process in one document, each version with its changes, events beside it.

What is served are the committed files, so that what a reviewer saw is what clients read.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field
from starlette.responses import FileResponse, HTMLResponse

from ingest import deprecation
from serving import api_page
from serving.openapi import problems
from serving.problems import INTERNAL, INVALID_PARAMETER, NOT_FOUND, ProblemError
from serving.specs import CATALOGUE, FOLDER
from serving.versions import HEADER, NEWEST, VERSIONS

router = APIRouter(prefix="/api-docs", tags=["platform"])

_JSON = "application/json"


class DatedVersion(BaseModel):
    """A dated version, and what a client written for the one before has to change for it."""

    version: str = Field(examples=[NEWEST])
    since: date
    is_newest: bool
    changes: list[str]
    specification: str = Field(description="Its OpenAPI document.", examples=["/api-docs/serving.json"])


class UnversionedPaths(BaseModel):
    """Paths without `/v1` answer until the day of their sunset at least."""

    deprecated_on: date
    sunset_on: date


class DatedVersions(BaseModel):
    """Every version that is answered, oldest first. The header names one; without it, it is the newest."""

    header: str = Field(examples=[HEADER])
    versions: list[DatedVersion]
    unversioned_paths: UnversionedPaths


@router.get("/catalog", responses=problems(INTERNAL), response_model=dict[str, object])
async def get_catalog() -> FileResponse:
    """OpenAPI of every process in one document: the API, the webhook receiver, and the workers' health."""
    return FileResponse(CATALOGUE, media_type=_JSON)


@router.get("/versions", responses=problems(INTERNAL))
async def list_versions() -> DatedVersions:
    """The dated versions of the API, what changed in each, and until when old paths answer."""
    return DatedVersions(
        header=HEADER,
        versions=[
            DatedVersion(
                version=one.name,
                since=one.since,
                is_newest=one.name == NEWEST,
                changes=[change.title for change in one.changes],
                specification="/api-docs/serving.json"
                if one.name == NEWEST
                else f"/api-docs/serving-{one.name}.json",
            )
            for one in VERSIONS
        ],
        unversioned_paths=UnversionedPaths(
            deprecated_on=deprecation.DEPRECATED_ON, sunset_on=deprecation.SUNSET_ON
        ),
    )


@router.get("/", include_in_schema=False)
async def show_catalog() -> HTMLResponse:
    """All of it to read, without scripts."""
    return HTMLResponse(_page(), headers={"Cache-Control": "no-cache"})


@router.get(
    "/{name}.json",
    responses=problems(NOT_FOUND, INVALID_PARAMETER, INTERNAL),
    response_model=dict[str, object],
)
async def get_specification(
    name: Annotated[
        str,
        Path(description="A process, an older version of the API as `serving-…`, or `asyncapi`.",
             pattern=r"^[a-z0-9-]{1,40}$", examples=["webhooks"]),
    ],
) -> FileResponse:  # fmt: skip
    """The description of one process, or of the events and live updates."""
    file = FOLDER / f"{name}.json"
    if not file.is_file():
        raise ProblemError(NOT_FOUND, f"there is no description {name}; /api-docs/ lists them")
    return FileResponse(file, media_type=_JSON)


@cache
def _page() -> str:
    return api_page.page()
