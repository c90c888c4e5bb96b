"""An export holds all of a person and nothing of anybody else, as its own declarations have it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import signal
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import dagster as dg
import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.contracts import CONTRACTS
from ingest.contracts.base import EventData
from ingest.contracts.kintell import KintellRatingCreated, KintellSessionCompleted
from ingest.events import Event, new_event
from ingest.raw_events import event_row, insert_events
from ingest.sealing.fields import sealed_event
from ingest.sealing.keys import BlockingTextKeys
from ingest.sealing.master import MasterKeys
from ingest.stores import StoreSettings, clickhouse_client, postgres_connection
from orchestration.privacy.declarations import declared
from orchestration.privacy.erasure.folders import Folders
from orchestration.privacy.erasure.subjects import Words
from orchestration.privacy.export import rows as export_rows
from orchestration.privacy.export.exporting import Exported, export, remove_expired
from orchestration.privacy.requests import jobs, store
from orchestration.privacy.requests.files import folder_of
from orchestration.privacy.requests.jobs import export_subject, privacy_exports_sensor
from orchestration.privacy.requests.model import Order, PrivacyRequest
from orchestration.resources import DataFolder, Stores
from tests.privacy.requests.conftest import People

AT = datetime(2026, 9, 14, 12, tzinfo=UTC)
OWN_WORDS = "My mentor helped me, and I dare to call employers now"
THEIR_WORDS = "She was late again and I do not know why"
FORMULA = "=HYPERLINK(1)"


@dataclass(frozen=True)
class Pair:
    """A participant and a volunteer of one company who met, and wrote about it."""

    company: UUID
    participant: UUID
    volunteer: UUID
    address: str  # the volunteer's


class Files:
    """An export, unpacked."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            self.all = {name: archive.read(name) for name in archive.namelist()}

    @property
    def manifest(self) -> dict[str, Any]:
        return json.loads(self.all["manifest.json"])  # type: ignore[no-any-return]

    def rows(self, source: str) -> list[dict[str, Any]]:
        return json.loads(self.all[f"data/{source}.json"])  # type: ignore[no-any-return]

    def events(self, event_type: str) -> list[dict[str, Any]]:
        return [row["data"] for row in self.rows("clickhouse/raw.events") if row["event_type"] == event_type]

    @property
    def text(self) -> str:
        return "\n".join(content.decode() for content in self.all.values())


@pytest.fixture
def keys(postgres: psycopg.Connection, store_settings: StoreSettings) -> BlockingTextKeys:
    return BlockingTextKeys(postgres, MasterKeys.of(store_settings))


@pytest.fixture
def pair(people: People, clickhouse: ClickHouseClient, keys: BlockingTextKeys) -> Iterator[Pair]:
    company, address = people.company(), f"{uuid4().hex}@example.org"
    found = Pair(
        company,
        people.person(company, name="Olena"),
        people.person(company, email=address, name="Kari"),
        address,
    )
    store_events(clickhouse, keys, company, *met(found))
    yield found
    clickhouse.command("delete from raw.events where company_id = {company:UUID}", {"company": str(company)})


def met(pair: Pair) -> list[EventData]:
    session = uuid4()
    words = {"participant": f"{OWN_WORDS}. Write to {pair.address}", "volunteer": THEIR_WORDS}
    return [
        KintellSessionCompleted(
            session_id=session, session_type="mentorship", participant_id=pair.participant,
            volunteer_id=pair.volunteer, scheduled_at=AT, completed_at=AT, duration_minutes=45,
            focus_area=FORMULA, metadata={"host": str(pair.volunteer)},
        ),
        *(
            KintellRatingCreated(
                rating_id=uuid4(), session_id=session, from_role=role,  # type: ignore[arg-type]
                participant_id=pair.participant, rating=0.75, feedback_text=text, created_at=AT,
            )
            for role, text in words.items()
        ),
    ]  # fmt: skip


def store_events(
    clickhouse: ClickHouseClient, keys: BlockingTextKeys, company: UUID, *data: EventData
) -> None:
    """As the doors store them: words sealed under the person's key."""
    insert_events(clickhouse, [event_row(sealed(one, keys, company)) for one in data], token=uuid4().hex)


def sealed(data: EventData, keys: BlockingTextKeys, company: UUID) -> Event:
    event = new_event(
        data, subject=f"test/{uuid4()}", company_id=company, source="/webhooks/kintell", source_time=AT,
        origin="test:1",
    )  # fmt: skip
    owner = event.personid or company
    return sealed_event(event, CONTRACTS[event.type], owner, keys.made([owner])[owner])


def asked(postgres: psycopg.Connection, person: UUID, company: UUID | None) -> PrivacyRequest:
    request, _ = store.open_request(postgres, Order("access", person, company, "user:1"))
    return request


@dataclass(frozen=True)
class Exporter:
    postgres: psycopg.Connection
    clickhouse: ClickHouseClient
    keys: BlockingTextKeys
    home: Path

    def of(self, person: UUID, company: UUID | None = None) -> tuple[Exported, Files]:
        request = asked(self.postgres, person, company)
        begun = store.begin(self.postgres, request.request_id, "test")
        done = export(self.postgres, self.clickhouse, self.keys, begun, declared(), self.home)
        return done, Files(done.packed.path)


@pytest.fixture
def exporter(
    postgres: psycopg.Connection, clickhouse: ClickHouseClient, keys: BlockingTextKeys, tmp_path: Path
) -> Exporter:
    return Exporter(postgres, clickhouse, keys, tmp_path)


def test_a_person_gets_their_own_words_and_nobody_else_s(exporter: Exporter, pair: Pair) -> None:
    _, files = exporter.of(pair.participant)
    [session] = files.events("kintell.session.completed")
    ratings = {one["fromRole"]: one for one in files.events("kintell.rating.created")}
    assert session["participantId"] == str(pair.participant)
    assert ratings["participant"]["feedbackText"] == f"{OWN_WORDS}. Write to [another person's address]"
    assert ratings["volunteer"]["feedbackText"] == "[redacted: another person's]"
    assert ratings["volunteer"]["rating"] == 0.75
    # One and the same other person wherever they stand.
    assert session["volunteerId"] == session["metadata"]["host"] == "[another person, no. 1]"
    assert files.rows("postgres/ingest.people")[0]["first_name"] == "Olena"
    for other in (str(pair.volunteer), pair.address, THEIR_WORDS, "Kari", "sealed:1:"):
        assert other not in files.text


def test_the_other_side_gets_the_sessions_they_held(exporter: Exporter, pair: Pair) -> None:
    """A volunteer's sessions are events about participants: found inside, and told from that side."""
    _, files = exporter.of(pair.volunteer)
    [session] = files.events("kintell.session.completed")
    assert (session["volunteerId"], session["durationMinutes"]) == (str(pair.volunteer), 45)
    assert session["participantId"] == "[another person, no. 1]"
    assert files.rows("postgres/ingest.person_identities")[0]["external_id"] == pair.address
    for other in (str(pair.participant), OWN_WORDS, "Olena"):
        assert other not in files.text


def test_every_source_is_there_or_said_to_be_left_out(exporter: Exporter, pair: Pair) -> None:
    done, files = exporter.of(pair.participant)
    wanted = {one.key for one in declared().about_people() if one.export == "own"}
    named = [one["source"] for one in files.manifest["sources"] + files.manifest["left_out"]]
    assert sorted(named) == sorted(wanted)
    assert set(done.rows) | set(done.left_out) == wanted
    for relation in declared().about_people():
        for name, column in relation.columns.items():
            if column.exported_as == "omit" and relation.key in done.rows:
                assert name not in str(files.all[f"schemas/{relation.store}/{relation.name}.json"])


def test_the_manifest_names_every_file_with_its_hash(exporter: Exporter, pair: Pair) -> None:
    done, files = exporter.of(pair.participant)
    assert hashlib.sha256(done.packed.path.read_bytes()).digest() == done.packed.sha256
    assert done.packed.path.stat().st_mode & 0o077 == 0
    listed = files.manifest["files"]
    assert set(listed) == set(files.all) - {"manifest.json"}
    for name, told in listed.items():
        assert told == {"bytes": len(files.all[name]), "sha256": hashlib.sha256(files.all[name]).hexdigest()}
    for source in files.manifest["sources"]:
        name = source["source"].replace(":", "/")
        table = list(csv.DictReader(io.StringIO(files.all[f"data/{name}.csv"].decode("utf-8-sig"))))
        assert len(table) == len(files.rows(name)) == source["rows"]
    assert "<script" not in files.all["index.html"].decode()
    assert OWN_WORDS in files.all["index.html"].decode()


def test_a_company_gets_only_its_own_of_a_person_others_know(
    exporter: Exporter, people: People, pair: Pair, clickhouse: ClickHouseClient, keys: BlockingTextKeys
) -> None:
    other = people.company()
    people.postgres.execute(
        "insert into ingest.company_members (company_id, person_id, joined_on) values (%s, %s, '2026-01-01')",
        (other, pair.participant),
    )
    theirs = KintellRatingCreated(
        rating_id=uuid4(), session_id=uuid4(), from_role="participant", participant_id=pair.participant,
        feedback_text="said at the other company", created_at=AT,
    )  # fmt: skip
    store_events(clickhouse, keys, other, theirs)
    _, files = exporter.of(pair.participant, pair.company)
    assert str(other) not in files.text
    assert "said at the other company" not in files.text
    assert OWN_WORDS in files.text
    assert "postgres:ingest.people" in {one["source"] for one in files.manifest["left_out"]}
    done, whole = exporter.of(pair.participant)
    assert "said at the other company" in whole.text
    assert "postgres:ingest.people" in done.rows


def test_words_whose_key_is_gone_are_no_error(exporter: Exporter, pair: Pair) -> None:
    exporter.postgres.execute("delete from privacy.text_keys where owner_id = %s", (pair.participant,))
    exporter.keys._known.clear()
    _, files = exporter.of(pair.participant)
    assert all("feedbackText" not in one for one in files.events("kintell.rating.created")
               if one["fromRole"] == "participant")  # fmt: skip


@pytest.fixture
def stores(store_settings: StoreSettings) -> Stores:
    return Stores(
        postgres_url=store_settings.postgres_url.get_secret_value(),
        clickhouse_url=store_settings.clickhouse_url.get_secret_value(),
        nats_url=store_settings.nats_url.get_secret_value(),
    )


def test_a_run_makes_the_file_and_holds_nothing_of_anybody(
    pair: Pair, postgres: psycopg.Connection, stores: Stores, tmp_path: Path
) -> None:
    request = asked(postgres, pair.participant, pair.company)
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(instance=instance, resources={"stores": stores})
        result = privacy_exports_sensor(context)
        assert isinstance(result, dg.SensorResult)
        [run] = [one for one in result.run_requests or () if str(request.request_id) in str(one.run_config)]
        assert run.run_key == f"{request.request_id}:0"
        done = export_subject.execute_in_process(
            run_config=run.run_config, instance=instance,
            resources={"stores": stores, "data_folder": DataFolder(path=str(tmp_path))},
        )  # fmt: skip
        assert done.success
        told = str(done.all_events)
        shown = {event.asset_key for event in done.all_events if event.is_step_materialization}
        assert dg.AssetKey(["privacy", "export", "postgres", "ingest", "people"]) in shown
    for private in (str(pair.participant), str(pair.volunteer), OWN_WORDS, "Olena", pair.address):
        assert private not in told
    after = store.get(postgres, request.request_id)
    assert (after.state, after.progress, after.attempt) == ("completed", 100, 1)
    again = export_subject.execute_in_process(
        run_config=run.run_config, raise_on_error=False,
        resources={"stores": stores, "data_folder": DataFolder(path=str(tmp_path))},
    )  # fmt: skip
    assert not again.success  # it is completed, and stays so


def test_who_asks_while_nothing_is_due_does_not_wait_for_the_next_look(
    pair: Pair, postgres: psycopg.Connection, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "PATIENCE_S", 60.0)
    monkeypatch.setattr(jobs, "_due", due := Looks(jobs._due))
    with dg.DagsterInstance.ephemeral() as instance, ThreadPoolExecutor(1) as pool:
        context = dg.build_sensor_context(instance=instance, resources={"stores": stores})
        looking = pool.submit(privacy_exports_sensor, context)
        assert due.first.wait(30)
        request = asked(postgres, pair.participant, pair.company)
        result = looking.result(timeout=30)
    assert isinstance(result, dg.SensorResult)
    assert due.count == 2
    assert [one.run_key for one in result.run_requests or ()] == [f"{request.request_id}:0"]


class Looks:
    """What is due of requests that are asked for from now on; counts how often somebody looked."""

    def __init__(self, look: Callable[[psycopg.Connection], list[PrivacyRequest]]) -> None:
        self._look = look
        self._before: set[UUID] | None = None  # what other tests have left
        self.first = threading.Event()
        self.count = 0

    def __call__(self, connection: psycopg.Connection) -> list[PrivacyRequest]:
        found = self._look(connection)
        if self._before is None:
            self._before = {one.request_id for one in found}
        self.count += 1
        self.first.set()
        return [one for one in found if one.request_id not in self._before]


def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("at", ["reading", "packing"])
def test_an_export_that_was_killed_is_made_anew(
    exporter: Exporter, pair: Pair, store_settings: StoreSettings, at: str
) -> None:
    request_id = asked(exporter.postgres, pair.participant, pair.company).request_id
    child = os.fork()
    if child == 0:  # in there nothing may return to pytest
        try:
            if at == "packing":  # the draft is written, and is not the file yet
                Path.replace = _die  # type: ignore[assignment, method-assign]
            with (
                closing(postgres_connection(store_settings, autocommit=True)) as postgres,
                closing(clickhouse_client(store_settings)) as clickhouse,
            ):
                keys = BlockingTextKeys(postgres, MasterKeys.of(store_settings))
                begun = store.begin(postgres, request_id, "run-1")
                tell = _die if at == "reading" else lambda *_: None
                export(postgres, clickhouse, keys, begun, declared(), exporter.home, tell)
        finally:
            os._exit(3)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert store.get(exporter.postgres, request_id).state == "running"
    assert len(list(folder_of(exporter.home).glob("*"))) == (at == "packing")
    done, files = exporter.of(pair.participant, pair.company)  # what is open is the same request
    assert [one.name for one in folder_of(exporter.home).iterdir()] == [f"{request_id}.zip"]
    assert hashlib.sha256(done.packed.path.read_bytes()).digest() == done.packed.sha256
    assert len(files.events("kintell.rating.created")) == 2
    after = store.get(exporter.postgres, request_id)
    assert (after.state, after.progress, after.attempt) == ("completed", 100, 2)


def test_a_draft_that_nobody_packs_any_more_goes(postgres: psycopg.Connection, tmp_path: Path) -> None:
    """Half a ZIP cannot be searched, so an erasure takes drafts whoever they are about."""
    folder = folder_of(tmp_path)
    folder.mkdir(parents=True)
    old, new = (folder / f"{uuid4()}.part" for _ in range(2))
    for draft in (old, new):
        draft.write_bytes(b"PK\x03\x04 cut off")
    os.utime(old, (time.time() - 4_000,) * 2)
    remove_expired(postgres, tmp_path, datetime.now(UTC))
    assert list(folder.iterdir()) == [new]
    swept = Folders(tmp_path, declared(), Words([]), postgres).sweep(declared()["folder:privacy/exports"])
    assert (swept.before, list(folder.iterdir())) == (1, [])


@dg.job
def _once() -> None:
    """The job without its waiting between tries."""
    jobs.read_and_pack.with_retry_policy(dg.RetryPolicy(max_retries=0))()


def test_what_fails_to_the_last_is_a_failed_request_without_the_store_s_words(
    pair: Pair,
    postgres: psycopg.Connection,
    stores: Stores,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jobs, "RETRIES", dg.RetryPolicy(max_retries=0))
    request = asked(postgres, pair.participant, pair.company)
    (tmp_path / "privacy").write_text("in the way of the folder")
    config = {"ops": {"read_and_pack": {"config": {"request_id": str(request.request_id)}}}}
    failed = _once.execute_in_process(
        run_config=config, raise_on_error=False,
        resources={"stores": stores, "data_folder": DataFolder(path=str(tmp_path))},
    )  # fmt: skip
    assert not failed.success
    after = store.get(postgres, request.request_id)
    assert (after.state, after.error) == ("failed", "NotADirectoryError")
    (tmp_path / "privacy").unlink()
    store.try_again(postgres, request.request_id, actor="user:1")
    assert export_subject.execute_in_process(
        run_config=config, resources={"stores": stores, "data_folder": DataFolder(path=str(tmp_path))}
    ).success
    assert store.get(postgres, request.request_id).state == "completed"


@pytest.mark.parametrize(
    ("value", "cell"), [("=1+1", "'=1+1"), ("-5.5", "-5.5"), ("+47 900", "'+47 900"), ("fine", "fine")]
)
def test_a_spreadsheet_runs_nothing(value: str, cell: str) -> None:
    from orchestration.privacy.export.package import _cell

    assert _cell(value) == cell
    assert export_rows.plain({"a": [UUID(int=1), AT]}) == {"a": [str(UUID(int=1)), AT.isoformat()]}
