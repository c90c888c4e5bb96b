"""Data points for a sustainability report (CSRD), in the format the report's tool reads."""

from __future__ import annotations

import asyncio
import csv
import io
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from serving.openapi import READ_PROBLEMS
from serving.parameters import PeriodsQuery
from serving.periods import Grain, Period
from serving.problems import COMPANY_NOT_FOUND, ProblemError
from serving.queries import export
from serving.reads import ExportRead, ReadRoute
from serving.representation import DAY_S, answer, answer_bytes
from serving.routers.companies import CompanyAnswer

router = APIRouter(prefix="/v1/companies/{company_id}/export", tags=["value"], route_class=ReadRoute)

_PARQUET = "application/vnd.apache.parquet"


class DataPoint(BaseModel):
    model_config = ConfigDict(extra="forbid")

    datapoint: str = Field(examples=["volunteering_hours"])
    disclosure: str = Field(
        description="The ESRS disclosure requirement it may support: a proposal, the preparer decides.",
        examples=["S3-4"],
    )
    title: str = Field(examples=["Volunteering hours logged in CSR suites"])
    period: str = Field(examples=["2026-Q3"])
    unit: str = Field(examples=["hours"])
    amount: float | None = Field(examples=[318.5])
    missing_reason: str | None = Field(description="Why there is no amount; null if there is one.")


class CsrdExport(CompanyAnswer):
    """Every data point of the periods."""

    grain: Grain
    items: list[DataPoint]


class ExportQuery(BaseModel):
    format: Literal["csv", "json", "parquet"] = Field("json", description="How to write it.")
    grain: Grain = Field("quarter", description="The length of the periods.")
    first: Period | None = Field(None, alias="from", description="First period, included.")
    last: Period | None = Field(None, alias="to", description="Last period, included.")


_FORMATS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The data points. A CSV or Parquet file has them as rows, with the version in each.",
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            _PARQUET: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@router.get("/csrd", response_model=CsrdExport, responses={**_FORMATS, **READ_PROBLEMS})
async def export_csrd(read: ExportRead, query: Annotated[ExportQuery, Query()]) -> Response:
    """All data points for a report, each with unit, period and the reason of a missing number."""
    grain, first, last = PeriodsQuery.model_validate(
        {"grain": query.grain, "from": query.first, "to": query.last}
    ).checked_periods()
    rows = await export.csrd(read.pool, read.company_id, grain, first, last)
    if not rows:
        raise ProblemError(COMPANY_NOT_FOUND, f"there is no company {read.company_id}")
    version, as_of = rows[0]["data_version"], rows[0]["published_at"]
    points = [{name: row[name] for name in export.COLUMNS} for row in rows if row["datapoint"] is not None]
    if query.format == "json":
        members = {
            "company_id": read.company_id, "grain": grain, "items": points, "data_version": version,
            "as_of": as_of,
        }  # fmt: skip
        return answer(read.request, members, version, keep_s=DAY_S)
    table = [{**point, "data_version": version} for point in points]
    if query.format == "csv":
        body, media_type = _csv(table), "text/csv; charset=utf-8"
    else:
        body, media_type = await asyncio.to_thread(_parquet, table), _PARQUET
    file_name = f"csrd-{read.company_id}-{version or 0}.{query.format}"
    return answer_bytes(
        read.request,
        body,
        version,
        media_type,
        keep_s=DAY_S,
        headers={"Content-Disposition": f'attachment; filename="{file_name}"'},
    )


def _csv(table: list[dict[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, [*export.COLUMNS, "data_version"])
    writer.writeheader()
    writer.writerows(table)
    return text.getvalue().encode()


def _parquet(table: list[dict[str, Any]]) -> bytes:
    import pyarrow as pa  # 40 MB that only this format needs
    import pyarrow.parquet as pq

    kinds = {"amount": pa.float64(), "data_version": pa.int64()}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in (*export.COLUMNS, "data_version")])
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(table, schema), buffer)
    return buffer.getvalue()
