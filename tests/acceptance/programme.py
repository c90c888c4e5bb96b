"""The programme that the walk goes over: who takes part, what was sent, and how one asks about it."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from orchestration.stack.layout import PROJECT, Layout
from tests.acceptance.stream import Listener
from tests.benchmarks.backfill_file import write_language_file
from tests.ingest.processes import Sender, session_completed

COMPANY = UUID("ac000000-0000-4000-8000-000000000001")
OTHER_COMPANY = UUID("ac000000-0000-4000-8000-000000000002")
FILE_ROWS = 10_000
WRONG_ROWS = FILE_ROWS // 100  # write_language_file gives one in a hundred a rating that is none
VOLUNTEERS = FILE_ROWS // 60  # as many as the file has
LEARNERS, SESSIONS_EACH = 8, 3  # of last month; the third session makes a mentor
RUDE = "You are an idiot and should never have been a mentor"


@dataclass(frozen=True)
class Reader:
    """Somebody with a key of the API."""

    url: str
    key: str = field(repr=False)  # what a failed test prints is kept

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    @property
    def stream(self) -> str:
        return f"{self.url}/v1/stream/updates"

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.url + path, headers=self.headers, timeout=60)

    def post(self, path: str, body: object = None, **headers: str) -> httpx.Response:
        return httpx.post(self.url + path, json=body, headers={**self.headers, **headers}, timeout=60)

    def put(self, path: str, body: object) -> httpx.Response:
        return httpx.put(self.url + path, json=body, headers=self.headers, timeout=60)

    def items(self, path: str) -> list[dict[str, Any]]:
        """The first page of a list that is there."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found


@dataclass(frozen=True)
class Programme:
    """What is there after everything was sent."""

    ours: Reader  # a company_admin
    theirs: Reader  # one of another company
    user: Reader  # a company_user
    cohort: str
    imported: str  # what the import of the file said
    import_s: float
    file: Path
    sessions: Sequence[dict[str, Any]]  # webhooks of last month
    our_updates: Listener
    their_updates: Listener

    @property
    def month(self) -> str:
        return _last_month().strftime("%Y-%m")


def impact(
    platform: Layout, *arguments: str, given: str = "", may_fail: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run the `impact` command against the platform; AssertionError with what it said if it failed."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("impact")), *arguments], cwd=PROJECT, input=given,
        env={**os.environ, **platform.environment()}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert may_fail or done.returncode == 0, (
        f"impact {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    )
    return done


def write_reference(folder: Path) -> Path:
    """Two companies, and the volunteers of the file between them: two of ours to one of theirs."""
    folder.mkdir()
    _write(
        folder / "companies.csv",
        ["company_id", "name", "industry", "country", "employee_size", "time_zone"],
        [[COMPANY, "Ours", "technology", "NO", "large", "Europe/Oslo"],
         [OTHER_COMPANY, "Theirs", "finance", "NO", "medium", "Europe/Oslo"]],
    )  # fmt: skip
    _write(
        folder / "company_members.csv",
        ["company_id", "email", "joined_on"],
        [[company_of(number), volunteer(number), "2024-01-01"] for number in range(VOLUNTEERS)],
    )
    return folder


def volunteer(number: int) -> str:
    return f"volunteer{number}@example.com"  # as write_language_file calls them


def company_of(number: int) -> UUID:
    return OTHER_COMPANY if number % 3 == 2 else COMPANY


def write_history(path: Path) -> Path:
    """A file of FILE_ROWS rows, of which WRONG_ROWS break a rule and one is rude."""
    write_language_file(path, FILE_ROWS, seed=12)
    lines = path.read_text("utf-8").splitlines()
    head, last = lines[0].split(","), next(csv.reader([lines[-1]]))
    row = dict(zip(head, last, strict=True)) | {
        "participant_email": "rude@example.org", "volunteer_email": volunteer(0), "rating": "2",
        "feedback_text": RUDE,
    }  # fmt: skip
    with path.open("w", newline="", encoding="utf-8") as file:
        file.write("\n".join(lines[:-1]) + "\n")
        csv.DictWriter(file, head).writerow(row)
    return path


def learner(number: int) -> str:
    return f"learner{number}@example.org"


def last_months_sessions() -> list[dict[str, Any]]:
    """Each learner's sessions with volunteers of ours, in the month that has closed."""
    begins = _last_month().replace(hour=12)
    return [
        session_completed(
            session_id=f"AC-{number}-{turn}", participant_email=learner(number),
            volunteer_email=volunteer(turn * 3), duration_minutes=45,
            scheduled_at=_iso(at - timedelta(hours=1)), completed_at=_iso(at),
        )
        for number in range(LEARNERS)
        for turn in range(SESSIONS_EACH)
        if (at := begins + timedelta(days=3 + 7 * turn, minutes=number))
    ]  # fmt: skip


def sent_all(kintell: Sender, sessions: Sequence[dict[str, Any]]) -> None:
    for session in sessions:
        answer = kintell.send("session-completed", session)
        assert answer.status_code == 202, answer.text


def _last_month() -> datetime:
    this = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (this - timedelta(days=1)).replace(day=1)


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _write(path: Path, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([head, *rows])
