"""From requests that are due to their certificate: the lanes in their order, and what is told on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from ingest.contracts.privacy import PrivacySubjectErased
from ingest.events import Event, new_event
from ingest.outbox import emit
from ingest.stores import clickhouse_client
from orchestration.privacy.declarations import Declarations, declared
from orchestration.privacy.erasure import certificates
from orchestration.privacy.erasure.certificates import Certificate
from orchestration.privacy.erasure.clickhouse import refuse_what_cannot_be_swept
from orchestration.privacy.erasure.erasing import Place, do_again, open_erasure, run_lane, subjects_of
from orchestration.privacy.erasure.plan import SWEEPING, Lane
from orchestration.privacy.erasure.sweeping import UnsweepableError
from orchestration.privacy.erasure.verifying import Report, verify
from orchestration.privacy.requests import store
from orchestration.privacy.requests.model import State, StateError

Told = Callable[[str], None]

# Each recorded step of a request is a transaction: a large batch tells of its first and last steps alone.
TOLD_STEP_BY_STEP = 50
DONE_BY: dict[Lane, int] = {
    "tombstones": 10, "postgres": 25, "arrivals": 45, "jetstream": 55, "folders": 60, "clickhouse": 80,
    "files": 95,
}  # fmt: skip
_REQUESTS = "select request_ids, person_count from privacy.erasures where erasure_id = %s"
_NOTE_COUNTS = "update privacy.erasures set counts = %s, counted_at = now() where erasure_id = %s"
# Nothing is swept after it but the files of the stores, which nobody reads.
_COUNTS = """
select counts from privacy.erasures as erasure
where erasure_id = %s and counts is not null and not exists (
    select from privacy.erasure_steps as step
    where step.erasure_id = erasure.erasure_id and step.lane <> 'files'
        and (step.state <> 'done' or step.finished_at > erasure.counted_at)
)
"""
_ROWS = "select coalesce(sum(rows_before), 0), count(*) from privacy.erasure_steps where erasure_id = %s"


class LeftoverError(Exception):
    """Somebody is left, or could not be counted. The steps concerned are done again by the next attempt."""


@dataclass(frozen=True)
class Erasure:
    """One erasure being carried out. Every method may be called again after a crash."""

    place: Place
    erasure_id: UUID
    run_id: str
    declarations: Declarations | None = None
    backup_days: int = 35

    @classmethod
    def of_due(cls, place: Place, request_ids: Sequence[UUID], run_id: str, **options: object) -> Erasure:
        """One erasure for all of these requests; the same again for requests that are in one already.

        Raises UnsweepableError, and fails the requests, where ClickHouse is a cluster; nothing is done then.
        """
        with closing(place.postgres()) as connection:
            try:
                with closing(clickhouse_client(place.settings)) as clickhouse:
                    refuse_what_cannot_be_swept(clickhouse, options.get("declarations") or declared())  # type: ignore[arg-type]
            except UnsweepableError as error:
                for request_id in request_ids:
                    store.begin(connection, request_id, run_id)
                    _fail(connection, request_id, run_id, error)
                raise
            requests = [store.get(connection, one) for one in request_ids]
            people = [(one.subject_id, one.request_id) for one in requests if one.subject_id is not None]
            erasure_id = open_erasure(
                connection, people, request_ids=request_ids, run_id=run_id,
                declarations=options.get("declarations"),  # type: ignore[arg-type]
            )  # fmt: skip
            erasure = cls(place, erasure_id, run_id, **options)  # type: ignore[arg-type]
            connection.execute(
                "update privacy.erasures set attempt_count = attempt_count + 1, run_id = %s"
                " where erasure_id = %s",
                (run_id, erasure_id),
            )
            is_signed = certificates.stored(connection, str(erasure_id)) is not None
            told: tuple[type[Exception], ...] = (StateError,) if is_signed else ()
            for request_id in erasure.requests(connection):
                # Of an attempt that died when it had signed: whom it has told already stays as it is.
                with suppress(*told):
                    store.begin(connection, request_id, run_id)
        return erasure

    def run(self, told: Told = lambda _: None) -> Certificate:
        """All of it: sweep, count, clean the files, certify."""
        for lane in SWEEPING:
            self.lane(lane, told)
        report = self._counted() or self.count_again()
        self.lane("files", told)
        return self.certify(report)

    def lane(self, lane: Lane, told: Told = lambda _: None) -> list[str]:
        """Do what is left of a lane; returns the steps that were done."""
        done = run_lane(self.place, self.erasure_id, lane, declarations=self.declarations, told=told)
        self._tell(lane)
        return [one.name for one in done]

    def count_again(self) -> Report:
        """Count everything; raises LeftoverError if anybody is left, and has those steps done again."""
        with closing(self.place.postgres()) as connection:
            hashes = self._hashes(connection)
        report = asyncio.run(verify(self.place, hashes, declarations=self.declarations))
        if not report.is_clean:
            with closing(self.place.postgres()) as connection:
                if subjects_of(connection, self.erasure_id):
                    do_again(connection, self.erasure_id, report.unclean)
                connection.execute(
                    "update privacy.erasures set state = 'partial' where erasure_id = %s", (self.erasure_id,)
                )
            raise LeftoverError(f"erasure {self.erasure_id} is not finished: {report.explained()}")
        with closing(self.place.postgres()) as connection:
            connection.execute(_NOTE_COUNTS, (Jsonb(report.documents()), self.erasure_id))
        return report

    def certify(self, report: Report | None = None) -> Certificate:
        """Sign what was counted since the last sweep, or is counted now; complete the requests."""
        report = report or self._counted() or self.count_again()
        with closing(self.place.postgres()) as connection:
            certificate = certificates.issue(
                connection, self.place.home, self.erasure_id, report, backup_days=self.backup_days
            )
            for request_id in self.requests(connection):
                with connection.transaction():
                    emit(connection, self._event(connection, request_id, certificate))
                    with suppress(StateError):  # completed by an attempt that died right after
                        store.advance(
                            connection, request_id, "completed", step="certified", progress=100,
                            actor=f"run:{self.run_id}",
                            detail={"certificate": certificate.said["certificate_id"]},
                        )  # fmt: skip
        return certificate

    def failed(self, error: Exception) -> None:
        """Note on each request that this attempt ended: `partial` where something was left, else `failed`."""
        with closing(self.place.postgres()) as connection:
            for request_id in self.requests(connection):
                _fail(connection, request_id, self.run_id, error, erasure=str(self.erasure_id))

    def requests(self, connection: psycopg.Connection) -> list[UUID]:
        row = connection.execute(_REQUESTS, (self.erasure_id,)).fetchone()
        return list(row[0]) if row else []

    def _counted(self) -> Report | None:
        with closing(self.place.postgres()) as connection:
            row = connection.execute(_COUNTS, (self.erasure_id,)).fetchone()
        return Report.of(row[0]) if row else None

    def _hashes(self, connection: psycopg.Connection) -> list[bytes]:
        row = connection.execute(
            "select subject_hashes from privacy.erasures where erasure_id = %s", (self.erasure_id,)
        ).fetchone()
        return [bytes(one) for one in row[0]] if row else []

    def _tell(self, lane: Lane) -> None:
        with closing(self.place.postgres()) as connection:
            requests = self.requests(connection)
            if len(requests) > TOLD_STEP_BY_STEP and lane != "tombstones":
                return
            for request_id in requests:
                with suppress(StateError):
                    store.advance(
                        connection, request_id, "running", step=lane, progress=DONE_BY[lane],
                        actor=f"run:{self.run_id}",
                    )  # fmt: skip

    def _event(self, connection: psycopg.Connection, request_id: UUID, certificate: Certificate) -> Event:
        row = connection.execute(_ROWS, (self.erasure_id,)).fetchone()
        rows, steps = (int(row[0]), int(row[1])) if row else (0, 0)
        now = datetime.now(UTC)
        return new_event(
            PrivacySubjectErased(
                request_id=request_id, tables_swept=steps, rows_erased=rows, rows_remaining=0,
                verification_sha256=certificate.sha256.hex(), erased_at=now,
            ),
            subject=f"erasure/{request_id}", company_id=None, source="/privacy", source_time=now,
            origin=f"privacy:{request_id}",
        )  # fmt: skip


def _fail(
    connection: psycopg.Connection, request_id: UUID, run_id: str, error: Exception, **detail: str
) -> None:
    state: State = "partial" if isinstance(error, LeftoverError) else "failed"
    with suppress(StateError):
        store.advance(
            connection, request_id, state, actor=f"run:{run_id}", error=type(error).__name__, detail=detail
        )


def erase_who_came_back(
    place: Place, run_id: str, *, declarations: Declarations | None = None, told: Told = lambda _: None
) -> tuple[int, Certificate | None]:
    """Erase again whoever has a tombstone and is there, as after a backup was put back; how many that were.

    Raises LeftoverError where something could not be looked at.
    """
    report = asyncio.run(verify(place, declarations=declarations))
    if report.is_clean:
        return 0, None
    if not report.remaining:
        raise LeftoverError(f"who came back is not known: {report.explained()}")
    with closing(place.postgres()) as connection:
        erasure_id = open_erasure(
            connection, [(one, None) for one in sorted(report.people)], run_id=run_id,
            declarations=declarations, words=sorted(report.words),
        )  # fmt: skip
    certificate = Erasure(place, erasure_id, run_id, declarations).run(told)
    if report.unknown:
        raise LeftoverError(
            f"{report.remaining} traces were erased (certificate {certificate.said['certificate_id']}), but"
            f" these could not be looked at: {', '.join(report.unknown)}; run it again"
        )
    return report.remaining, certificate
