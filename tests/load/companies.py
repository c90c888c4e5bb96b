"""The companies that loads are about: the same in every platform, and recognised by their names."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from uuid import UUID, uuid5

from ingest.reference import import_folder
from ingest.stores import postgres_connection
from tests.load.deliveries import VOLUNTEERS, volunteer_email
from tests.load.platform import Target

_ALL = UUID("10adf00d-0000-4000-8000-000000000000")
COUNT = 10
EMPLOYERS = [uuid5(_ALL, str(number)) for number in range(COUNT)]  # of those whose sessions a load sends
STREAMED = uuid5(_ALL, "stream")  # nobody works there: its only updates are the publisher's
WATCHED = uuid5(_ALL, "freshness")
WATCHED_VOLUNTEER = "load-freshness@example.com"


def introduce(target: Target) -> None:
    """Make the companies and their members known; again changes nothing."""
    names = {company: f"Load test {number}" for number, company in enumerate(EMPLOYERS)}
    names |= {STREAMED: "Load test of streams", WATCHED: "Load test of freshness"}
    members = [(EMPLOYERS[number % COUNT], volunteer_email(number)) for number in range(VOLUNTEERS)]
    members.append((WATCHED, WATCHED_VOLUNTEER))
    with tempfile.TemporaryDirectory(prefix="impact-load-") as name:
        folder = Path(name)
        _write(folder / "companies.csv", ("company_id", "name"), names.items())
        _write(
            folder / "company_members.csv",
            ("company_id", "email", "joined_on"),
            [(*member, "2020-01-01") for member in members],
        )
        with closing(postgres_connection(target.stores)) as connection:
            import_folder(connection, folder)
            connection.commit()


def _write(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
