"""`impact privacy erasures|verify|restored`: how far erasures are, what holds, who came back."""

from __future__ import annotations

import asyncio
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)
from pydantic import Field
from rich.table import Table

from ingest.stores import StoreSettings
from orchestration.console import out
from orchestration.privacy.erasure import certificates
from orchestration.privacy.erasure.carrying_out import LeftoverError, erase_who_came_back
from orchestration.privacy.erasure.certificate_page import certificate_page
from orchestration.privacy.erasure.certificates import Certificate, CertificateError
from orchestration.privacy.erasure.erasing import Place
from orchestration.privacy.erasure.verifying import verify as count_again

_ERASURES = """
select erasure_id::text, state, person_count, begun_at, finished_at, certificate_id::text
from privacy.erasures left join privacy.certificates using (erasure_id) order by begun_at desc limit 50
"""
_UNDONE = """
select step, steps.state, coalesce(problem, '')
from privacy.erasure_steps as steps inner join privacy.erasures using (erasure_id)
where erasures.state <> 'certified' and steps.state <> 'done' order by erasures.begun_at, position
"""
_NOTE = "update privacy.certificates set verified_at = now(), remaining_count = %s where certificate_id = %s"


class _Settings(StoreSettings):
    impact_home: Path = Field(Path(".impact"), description="Data folder of the platform")

    @property
    def place(self) -> Place:
        return Place(self, self.impact_home)


def erasures() -> None:
    """List erasures, the newest first, and what is left to do of those that are not finished."""
    place = _Settings().place
    with closing(place.postgres()) as connection:
        rows = connection.execute(_ERASURES).fetchall()
        undone = connection.execute(_UNDONE).fetchall()
    table = Table(box=None)
    for name in ("erasure", "state", "people", "begun", "took", "certificate"):
        table.add_column(name, overflow="fold")
    for erasure_id, state, people, begun_at, finished_at, certificate_id in rows:
        took = f"{(finished_at - begun_at).total_seconds():.0f} s" if finished_at else ""
        table.add_row(
            erasure_id, state, str(people), f"{begun_at:%Y-%m-%d %H:%M}", took, certificate_id or ""
        )
    out.print(table if rows else "Nobody has been erased.")
    for step, state, problem in undone:
        out.print(f"  {state}: {step} {problem}")


def verify(
    certificate: Annotated[str, typer.Argument(help="A certificate's file, its id, or its erasure's.")],
    key: Annotated[
        Path | None, typer.Option(help="Public key to check with; the platform's own if left out.")
    ] = None,
    save: Annotated[Path | None, typer.Option(help="Also write the certificate to this file.")] = None,
    page: Annotated[Path | None, typer.Option(help="Also write it as a page to read (HTML).")] = None,
) -> None:
    """Check signature and chain, then count again what is left. Ends with 1 if anything is wrong."""
    place = _Settings().place
    try:
        with closing(place.postgres()) as connection:
            one = _read(certificate, place)
            certificates.check(one, public_key=_public_key(place, key), connection=connection)
    except CertificateError as error:
        typer.echo(f"not valid: {error}", err=True)
        raise typer.Exit(1) from None
    said = one.said
    out.print(
        f"Certificate {said['certificate_id']}, number {said['sequence']} of its chain, issued"
        f" {said['issued_at']}: signature and chain hold."
        f" People: {said['person_count']}, steps: {len(said['steps'])}."
    )
    if save is not None:
        save.write_bytes(one.document())
    report = asyncio.run(count_again(place, one.hashes))
    with closing(place.postgres()) as connection:
        connection.execute(_NOTE, (report.remaining, said["certificate_id"]))
    counted = sum(count.state == "counted" for count in report.counts)
    out.print(f"Counted again in {counted} relations: {report.explained()}.")
    if page is not None:
        checked = f"{datetime.now(UTC):%d %B %Y, %H:%M} UTC: signature and chain hold; {report.explained()}"
        page.write_text(certificate_page(one, checked), encoding="utf-8")
    if not report.is_clean:
        raise typer.Exit(1)


def restored() -> None:
    """After a backup was put back: find whoever has a tombstone and is there, and erase them again."""
    try:
        count, certificate = erase_who_came_back(_Settings().place, f"cli-{uuid4().hex[:8]}", told=out.print)
    except LeftoverError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    if certificate is None:
        out.print("Nobody who was erased is there.")
    else:
        out.print(f"{count} traces found and erased; certificate {certificate.said['certificate_id']}.")


def _read(name: str, place: Place) -> Certificate:
    path = Path(name)
    if path.is_file():
        return Certificate.read(path.read_bytes())
    with closing(place.postgres()) as connection:
        found = certificates.stored(connection, name)
    if found is None:
        raise CertificateError(f"{name} is neither a file nor the id of a certificate or an erasure")
    return found


def _public_key(place: Place, path: Path | None) -> bytes:
    if path is None:
        return certificates.public_bytes(certificates.signing_key(place.home))
    key = load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise CertificateError(f"{path} holds no Ed25519 key")
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)
