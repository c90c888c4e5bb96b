"""A declaration that contradicts itself, or leaves a person unfindable, is refused with what to write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from orchestration.privacy.declarations import Column, DeclarationError, Declarations, Relation, declared
from orchestration.privacy.declarations.grammar import days_of, sql_interval

PERSON = {"person_id": Column(pii="pseudonym")}
KEYS = {"person": "person_id"}
COUNTED = {"via": "count", "why": "a count of many"}
WORDS = {"data": Column(pii="free_text", mentions=True)}


def relation(**parts: Any) -> Relation:
    return Relation(**{"store": "postgres", "name": "a.b", "erase": "delete", **parts})


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"subject_keys": KEYS}, "declare it a pseudonym"),
        ({"columns": PERSON}, "nobody can be found in it"),
        ({"reach": "scan", "columns": {"data": Column(pii="free_text")}}, "mentions: true"),
        ({"reach": {"via": "postgres:c.d", "column": "id", "matches": "id"}}, "reached by column id"),
        ({"subject_keys": KEYS, "columns": PERSON, "erase": "aggregate"}, "erase it with delete"),
        ({"columns": PERSON, "erase": "retain"}, "needs retention with basis and max_age"),
        ({"erase": "view", "physical": "delete"}, "leaves nothing to do"),
        ({"redacts": "shared"}, "erase is delete"),
        ({"export": "own"}, "nothing of a person"),
        ({"retention": {"basis": "contract", "max_age": "90x"}}, "90d or 5y"),
        ({"retention": {"basis": "contract", "max_age": "9y", "bounds": ["1y", "5y"]}}, "not within"),
        ({"retention": {"basis": "contract", "clock": "at"}, "columns": WORDS, "reach": "scan"}, "column at"),
        ({"columns": {"a": {"pii": "contact", "declassify": COUNTED}}}, "not both"),
        ({"erases": "delete"}, "Extra inputs"),
    ],
)  # fmt: skip
def test_a_contradiction_is_refused(parts: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        relation(**parts)


def test_what_is_not_declared_cannot_be_named() -> None:
    with pytest.raises(DeclarationError, match=r"a\.b names postgres:c\.d, which is not declared"):
        Declarations([relation(depends_on=["postgres:c.d"])])


def test_two_declarations_of_one_table_are_refused() -> None:
    with pytest.raises(DeclarationError, match="declared twice"):
        Declarations([relation(), relation()])


def test_what_is_derived_comes_before_what_it_is_made_from() -> None:
    keys = {"subject_keys": {"person": "person_id"}, "columns": PERSON}
    source = relation(name="a.source", **keys)
    step = relation(name="a.step", depends_on=[source.key], **keys)
    last = relation(
        name="a.last",
        reach={"via": step.key, "column": "id", "matches": "id"},
        columns={"id": Column(), **WORDS},
    )
    order = Declarations([source, step, last]).in_erasure_order()
    assert [one.name for one in order] == ["a.last", "a.step", "a.source"]


def test_a_circle_is_named() -> None:
    keys = {"subject_keys": {"person": "person_id"}, "columns": PERSON}
    one, other = relation(name="a.b", depends_on=["postgres:c.d"], **keys), relation(
        name="c.d", depends_on=["postgres:a.b"], **keys
    )  # fmt: skip
    with pytest.raises(DeclarationError, match="made from each other"):
        Declarations([one, other]).in_erasure_order()


def test_a_redacted_row_keeps_no_person() -> None:
    assert Column(pii="pseudonym").erased_to == "nil"
    assert Column(pii="pseudonym", mentions=True).erased_to == "hash"
    assert Column(pii="free_text").erased_to == "null"
    assert Column().erased_to == "keep"


def test_a_period_is_the_same_in_both_stores() -> None:
    assert [sql_interval(period) for period in ("90d", "5y")] == ["INTERVAL '90' DAY", "INTERVAL '5' YEAR"]
    assert days_of("2y") == 730


def test_a_file_that_is_not_in_the_grammar_is_named(tmp_path: Path) -> None:
    (tmp_path / "postgres.yaml").write_text("a.b: {erase: forget}\n")
    with pytest.raises(DeclarationError, match=r"postgres\.yaml: a\.b: erase: Input should be 'delete'"):
        declared(folder=tmp_path)


def test_a_file_that_is_no_yaml_is_named(tmp_path: Path) -> None:
    (tmp_path / "postgres.yaml").write_text("a.b: {erase: forget\n")
    with pytest.raises(DeclarationError, match=r"postgres\.yaml: "):
        declared(folder=tmp_path)


def test_the_order_of_files_does_not_change_the_hash() -> None:
    relations = [relation(name="a.b"), relation(name="c.d")]
    assert Declarations(relations).sha256 == Declarations(reversed(relations)).sha256
    assert Declarations(relations).sha256 != Declarations(relations[:1]).sha256
