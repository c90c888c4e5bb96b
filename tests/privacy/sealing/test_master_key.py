"""The master key: readable by its owner alone, replaced while all runs, and with it old backups go dark."""

from __future__ import annotations

import os
import stat
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from ingest.sealing import shred, tokens
from ingest.sealing.keys import BlockingTextKeys, forget_old, rotate, rotation_is_due
from ingest.sealing.master import KEPT, MasterKeyError, MasterKeys, ensure_file
from ingest.stores import StoreSettings
from orchestration.stack.layout import Layout
from tests.text_keys import master_keys

PLACE = tokens.place_of("buddy.checkin.completed", "checkin/1", "notes")
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def test_the_file_is_made_once_for_its_owner_alone(layout: Layout, tmp_path: Path) -> None:
    assert stat.S_IMODE(layout.text_keys.stat().st_mode) == 0o600
    path = tmp_path / "keys"
    ensure_file(path)
    made = path.read_text()
    ensure_file(path)
    assert path.read_text() == made
    assert made.strip() not in repr(MasterKeys(file=path))


def test_without_a_key_it_is_said_what_to_set(tmp_path: Path) -> None:
    settings = StoreSettings.model_construct(impact_text_keys=None, impact_text_keys_file=None)
    with pytest.raises(MasterKeyError, match="IMPACT_TEXT_KEYS_FILE"):
        MasterKeys.of(settings)
    with pytest.raises(MasterKeyError, match="where your keys are kept"):
        MasterKeys(file=tmp_path / "nowhere")
    with pytest.raises(MasterKeyError, match="32"):
        MasterKeys(["short"])


def test_rotation_keeps_texts_readable_and_makes_an_old_backup_dark(
    postgres: psycopg.Connection, keys: BlockingTextKeys
) -> None:
    stays, goes = uuid.uuid4(), uuid.uuid4()
    made = keys.made([stays, goes])
    texts = [(tokens.seal(made[owner], owner, b"words", PLACE), PLACE) for owner in (stays, goes)]
    running = master_keys()  # of a process that is not restarted
    backup = postgres.execute("select * from privacy.text_keys where owner_id = %s", (goes,)).fetchone()
    shred(postgres, [goes])
    assert rotation_is_due(postgres)
    done = rotate(postgres, master_keys(), now=NOW)
    assert done.rewrapped_count >= 1
    assert not rotation_is_due(postgres)
    assert BlockingTextKeys(postgres, running).texts(texts) == ["words", None]
    # Somebody restores what Postgres held before: within KEPT it opens, after it nothing does.
    restore = "insert into privacy.text_keys values (%s, %s, %s, %s)"
    forget_old(postgres, running, now=NOW + KEPT - timedelta(seconds=1))
    postgres.execute(restore, backup)
    assert BlockingTextKeys(postgres, running).texts(texts) == ["words", "words"]
    shred(postgres, [goes])
    assert forget_old(postgres, running, now=NOW + KEPT + timedelta(seconds=1)) == ()
    postgres.execute(restore, backup)
    with pytest.raises(MasterKeyError, match="older backup"):
        BlockingTextKeys(postgres, running).texts(texts)
    assert rotate(postgres, running, now=NOW, drop_unreadable=True).dropped_count == 1
    assert BlockingTextKeys(postgres, running).texts(texts) == ["words", None]


def test_a_rotation_that_was_killed_is_run_again(
    postgres: psycopg.Connection, keys: BlockingTextKeys
) -> None:
    owner = uuid.uuid4()
    token = tokens.seal(keys.made([owner])[owner], owner, b"words", PLACE)

    class Killed(MasterKeys):
        def wrap(self, owner_id: uuid.UUID, key: bytes):  # type: ignore[no-untyped-def]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate(postgres, Killed(file=Path(os.environ["IMPACT_TEXT_KEYS_FILE"])), now=NOW)
    # The key that wraps everything still is not forgotten, however long nobody looks.
    forget_old(postgres, master_keys(), now=NOW + 10 * KEPT)
    assert BlockingTextKeys(postgres, master_keys()).texts([(token, PLACE)]) == ["words"]
    rotate(postgres, master_keys(), now=NOW)
    assert BlockingTextKeys(postgres, master_keys()).texts([(token, PLACE)]) == ["words"]
    versions = postgres.execute("select distinct version from privacy.text_keys").fetchall()
    assert versions == [(master_keys().versions[0],)]


def test_the_environment_names_the_new_key_first(
    postgres: psycopg.Connection, keys: BlockingTextKeys
) -> None:
    keys.made([uuid.uuid4()])
    held = [one.key for one in master_keys().lines()]
    with pytest.raises(MasterKeyError, match="NEW,OLD"):
        rotate(postgres, MasterKeys(held[:1]), now=NOW)
    # And back again, for the tests that follow.
    assert rotate(postgres, MasterKeys(["n" * 40, *held]), now=NOW).rewrapped_count >= 1
    assert rotate(postgres, MasterKeys([held[0], "n" * 40, *held[1:]]), now=NOW).rewrapped_count >= 1
