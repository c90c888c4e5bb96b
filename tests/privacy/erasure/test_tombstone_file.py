"""An older backup of the database forgets nobody who was erased, and nobody rewrites the file unnoticed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from ingest import leases, tombstone_file
from ingest.tombstone_file import Tombstone, TombstoneFileError
from ingest.tombstones import Tombstones, key_of
from orchestration.privacy.erasure.erasing import Place
from tests.privacy.erasure.test_proof import opened


def tombstones(home: Path, count: int) -> list[Tombstone]:
    known = Tombstones(key_of(home))
    return [
        Tombstone(
            known.hash_of("person", str(uuid4())), known.key_id, uuid4() if number % 2 else None,
            datetime.now(UTC),
        )
        for number in range(count)
    ]  # fmt: skip


def test_it_says_what_was_written_and_finds_what_was_changed(tmp_path: Path) -> None:
    ours = tombstones(tmp_path, 3)
    assert tombstone_file.read(tmp_path) == []
    tombstone_file.append(tmp_path, ours[:2])
    tombstone_file.append(tmp_path, ours[2:])
    assert tombstone_file.read(tmp_path) == ours
    path = tombstone_file.path_of(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    whole = path.read_bytes()
    first, second, third = whole.splitlines(keepends=True)
    for changed in (second + third, first + third, second + first + third, whole.replace(b"a", b"b", 1)):
        path.write_bytes(changed)
        with pytest.raises(TombstoneFileError, match="not what was written"):
            tombstone_file.read(tmp_path)


def test_a_line_whose_writer_died_does_not_count_and_the_next_one_follows(tmp_path: Path) -> None:
    ours = tombstones(tmp_path, 3)
    tombstone_file.append(tmp_path, ours[:2])
    path = tombstone_file.path_of(tmp_path)
    path.write_bytes(path.read_bytes()[:-30])
    assert tombstone_file.read(tmp_path) == ours[:1]
    tombstone_file.append(tmp_path, ours[2:])
    assert tombstone_file.read(tmp_path) == [ours[0], ours[2]]


def test_what_an_older_backup_lost_is_there_again(place: Place, postgres: psycopg.Connection) -> None:
    """The database is put back to before an erasure: its tombstones are gone."""
    tombstone_file.merge(postgres, place.home)
    erasure = opened(place, postgres)
    erasure.lane("tombstones")
    hashes = erasure._hashes(postgres)
    postgres.execute("alter table privacy.tombstones disable trigger user")
    try:
        with leases.alone(postgres):
            postgres.execute("delete from privacy.tombstones where subject_hash = any(%s)", (hashes,))
    finally:
        postgres.execute("alter table privacy.tombstones enable trigger user")
    assert tombstone_file.merge(postgres, place.home) == (len(hashes), 0)
    known = place.tombstones()
    known.refresh(postgres)
    assert set(hashes) <= known.hashes
    assert tombstone_file.merge(postgres, place.home) == (0, 0)
    postgres.execute(
        "update privacy.erasures set state = 'partial' where erasure_id = %s", (erasure.erasure_id,)
    )


def test_tombstones_from_before_the_file_are_written_into_it(
    place: Place, postgres: psycopg.Connection
) -> None:
    with leases.alone(postgres), postgres.transaction():
        place.tombstones().add(postgres, [("person", str(uuid4()))], None)
    assert tombstone_file.merge(postgres, place.home)[1] >= 1
    known = place.tombstones()
    known.refresh(postgres)
    assert known.hashes == {one.subject_hash for one in tombstone_file.read(place.home)}
