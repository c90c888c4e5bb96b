"""One export from request to file: read every declared source, take others out, pack, note the download.

Nothing of the person leaves this module but the file: steps and runs carry names of sources and counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.sealing.keys import BlockingTextKeys
from orchestration.privacy.declarations import Declarations
from orchestration.privacy.erasure.folders import is_left_draft
from orchestration.privacy.export.others import others_in
from orchestration.privacy.export.package import Contents, Packed, pack
from orchestration.privacy.export.rows import read_rows
from orchestration.privacy.export.sources import Plan, plan
from orchestration.privacy.requests import audit, store
from orchestration.privacy.requests.files import DRAFT, folder_of
from orchestration.privacy.requests.model import EXPORTS, PrivacyRequest, RequestError
from orchestration.privacy.requests.months import LINK_LIFETIME
from orchestration.privacy.requests.subjects import find_subject

_PACKING, _DONE = 90, 100
_KEEP = """
insert into privacy.downloads (request_id, file_name, file_bytes, file_sha256, expires_at)
values (%s, %s, %s, %s, %s)
on conflict (request_id) do update set file_name = excluded.file_name, file_bytes = excluded.file_bytes,
    file_sha256 = excluded.file_sha256, created_at = now(), expires_at = excluded.expires_at,
    removed_at = null
"""
_EXPIRED = """
select request_id, file_name from privacy.downloads where removed_at is null and expires_at <= %s
"""
_REMOVED = "update privacy.downloads set removed_at = now() where request_id = %s and removed_at is null"

Tell = Callable[[str, int], None]  # a source has been read: its key and how many rows


@dataclass(frozen=True)
class Exported:
    """A finished export, in counts."""

    packed: Packed
    rows: dict[str, int]
    left_out: dict[str, str]


def export(
    postgres: psycopg.Connection,
    clickhouse: ClickHouseClient,
    keys: BlockingTextKeys,
    request: PrivacyRequest,
    declarations: Declarations,
    home: Path,
    tell: Tell = lambda key, rows: None,
) -> Exported:
    """Carry out a running request: the file, its download, and the request completed. May be repeated.

    A company gets what is its own where another one knows the person too, and all there is otherwise.
    """
    if request.right not in EXPORTS or request.subject_id is None:
        raise RequestError(f"request {request.request_id} asks for {request.right}, which is no export")
    person_id = request.subject_id
    subject = find_subject(postgres, clickhouse, person_id=person_id)
    company_id = request.company_id
    of_company = company_id is not None and subject is not None and subject.is_shared(company_id)
    planned = plan(declarations, postgres, clickhouse, of_company=of_company)
    contents = _read(postgres, clickhouse, keys, request, person_id, declarations, planned, of_company, tell)
    path = folder_of(home) / f"{request.request_id}.zip"
    packed = pack(contents, path)
    with postgres.transaction():
        store.advance(
            postgres, request.request_id, "completed", step="packed", progress=_DONE,
            detail={"bytes": packed.size, "sha256": packed.sha256.hex(), "left_out": len(planned.left_out)},
        )  # fmt: skip
        postgres.execute(
            _KEEP,
            (request.request_id, path.name, packed.size, packed.sha256, contents.made_at + LINK_LIFETIME),
        )
    return Exported(
        packed,
        {source.key: len(rows) for source, rows in contents.sources},
        {one.relation.key: one.reason for one in planned.left_out},
    )


def _read(
    postgres: psycopg.Connection, clickhouse: ClickHouseClient, keys: BlockingTextKeys,
    request: PrivacyRequest, person_id: UUID, declarations: Declarations, planned: Plan, of_company: bool,
    tell: Tell,
) -> Contents:  # fmt: skip
    made_at = datetime.now(UTC)
    found = []
    for number, source in enumerate(planned.sources, 1):
        rows = read_rows(source, postgres, clickhouse, keys, person_id, request.company_id)
        found.append((source, rows))
        tell(source.key, len(rows))
        store.advance(
            postgres, request.request_id, "running", step=f"read {source.key}",
            progress=_PACKING * number // len(planned.sources), detail={"rows": len(rows)},
        )  # fmt: skip
    others = others_in([(source.relation, rows) for source, rows in found], person_id, postgres)
    return Contents(
        request.request_id,
        person_id,
        request.company_id if of_company else None,
        made_at,
        declarations.sha256,
        [(source, [others.without(source.relation, row) for row in rows]) for source, rows in found],
        planned.left_out,
    )


def remove_expired(postgres: psycopg.Connection, home: Path, now: datetime) -> int:
    """Delete the files whose time is over, and drafts of exports that were killed; how many were expired."""
    for draft in folder_of(home).glob(f"*{DRAFT}"):
        if is_left_draft(draft, now.timestamp()):
            draft.unlink(missing_ok=True)
    rows = postgres.execute(_EXPIRED, (now,)).fetchall()
    for request_id, name in rows:
        (folder_of(home) / name).unlink(missing_ok=True)
        with postgres.transaction():
            postgres.execute(_REMOVED, (request_id,))
            audit.append(postgres, "download.expired", store.PLATFORM, request_id=request_id)
    return len(rows)
