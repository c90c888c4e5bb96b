"""Rows that name somebody are found by reading, while others go on writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from uuid import uuid4

import psycopg
import pytest

from orchestration.privacy.declarations import Declarations, Relation
from orchestration.privacy.erasure import postgres as sweeping
from orchestration.privacy.erasure.erasing import Place
from orchestration.privacy.erasure.postgres import Database
from orchestration.privacy.erasure.subjects import Subject
from orchestration.privacy.erasure.sweeping import SweepError

EMAIL = "oksana@example.org"
HERS, ANOTHERS = f"{EMAIL} wrote", "bjørn@example.org wrote"


@pytest.fixture
def notes(postgres: psycopg.Connection) -> Iterator[str]:
    name = f"public.notes_{uuid4().hex}"
    postgres.execute(f"create table {name} (note text not null)")
    yield name
    postgres.execute(f"drop table {name}")


def database(connection: psycopg.Connection, name: str, erase: str) -> tuple[Database, Relation]:
    relation = Relation.model_validate(
        {
            "store": "postgres", "name": name, "kind": "table", "reach": "scan", "erase": erase,
            "columns": {"note": {"pii": "free_text", "mentions": True}},
        }
    )  # fmt: skip
    return Database(connection, Declarations([relation]), [Subject(uuid4(), None, (EMAIL,))]), relation


def said(postgres: psycopg.Connection, name: str) -> list[str]:
    return [row[0] for row in postgres.execute(f"select note from {name} order by note")]


@pytest.mark.parametrize(("erase", "left"), [("delete", [ANOTHERS]), ("redact", ["", ANOTHERS])])
def test_nobody_waits_for_a_table_to_be_read(
    place: Place, postgres: psycopg.Connection, notes: str, erase: str, left: list[str]
) -> None:
    postgres.execute(f"insert into {notes} values (%s), (%s)", (HERS, ANOTHERS))
    with closing(place.postgres()) as other, closing(place.postgres()) as mine:
        mine.execute("set lock_timeout = '5s'")
        with other.transaction():
            other.execute(f"select from {notes} where note = %s for update", (ANOTHERS,))
            mine_, relation = database(mine, notes, erase)
            assert mine_.sweep(relation).before == 1
    assert said(postgres, notes) == left


@pytest.mark.parametrize(("erase", "left"), [("delete", [ANOTHERS]), ("redact", ["", ANOTHERS])])
def test_a_row_that_moves_before_it_is_changed_is_found_again(
    place: Place, postgres: psycopg.Connection, notes: str, erase: str, left: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    postgres.execute(f"insert into {notes} values (%s), (%s)", (HERS, ANOTHERS))
    change, moves = Database._change, iter([True])

    def moved_first(self: Database, *arguments: object) -> int:
        if next(moves, False):
            postgres.execute(f"update {notes} set note = note || '.' where note = %s", (HERS,))
        return change(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Database, "_change", moved_first)
    with closing(place.postgres()) as mine:
        swept, relation = database(mine, notes, erase)
        assert swept.sweep(relation).before == 1
    assert said(postgres, notes) == left


def test_whoever_gets_the_place_of_a_row_that_went_stays(
    place: Place, postgres: psycopg.Connection, notes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.execute(f"insert into {notes} values (%s), (%s)", (HERS, ANOTHERS))
    [place_of_hers] = [
        row[0] for row in postgres.execute(f"select ctid::text from {notes} where note = %s", (HERS,))
    ]
    change, taken = Database._change, iter([True])

    def taken_first(self: Database, *arguments: object) -> int:
        if next(taken, False):
            postgres.execute(f"delete from {notes} where note = %s", (HERS,))
            postgres.execute(f"vacuum {notes}")
            postgres.execute(f"insert into {notes} values (%s)", (ANOTHERS,))
            assert place_of_hers in places()
        return change(self, *arguments)  # type: ignore[arg-type]

    def places() -> list[str]:
        return [row[0] for row in postgres.execute(f"select ctid::text from {notes}")]

    monkeypatch.setattr(Database, "_change", taken_first)
    with closing(place.postgres()) as mine:
        swept, relation = database(mine, notes, "delete")
        assert swept.sweep(relation).before == 0
    assert place_of_hers in places()
    assert set(said(postgres, notes)) == {ANOTHERS}


def test_rows_that_never_rest_are_told(
    place: Place, postgres: psycopg.Connection, notes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.execute(f"insert into {notes} values (%s)", (HERS,))
    change = Database._change

    def moved(self: Database, *arguments: object) -> int:
        postgres.execute(f"update {notes} set note = note || '.'")
        return change(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Database, "_change", moved)
    with closing(place.postgres()) as mine:
        swept, relation = database(mine, notes, "delete")
        with pytest.raises(SweepError, match=rf"{notes} .*{sweeping._READINGS} times.*run the step again"):
            swept.sweep(relation)
    assert said(postgres, notes) == [f"{HERS}....."]
