"""What this version declares is complete in itself, and the pages and exports made of it are current."""

from __future__ import annotations

import dagster as dg
import pytest
from fideslang.default_taxonomy import DEFAULT_TAXONOMY
from fideslang.models import Dataset

from ingest.contracts.base import CONTRACTS
from orchestration.privacy.declarations import declared, record
from orchestration.privacy.declarations.commands import MATRIX, RECORD
from orchestration.privacy.declarations.fides import fides_datasets
from orchestration.privacy.declarations.plans import erasure_plan, export_plan
from orchestration.privacy.declarations.tags import privacy_tags

PERSON_COLUMNS = {
    "person_id", "participant_id", "volunteer_id", "buddy_id", "teacher_id", "learner_id"
}  # fmt: skip


def test_a_column_that_names_a_person_is_a_key_to_find_that_person_by() -> None:
    for relation in declared():
        keys = set(relation.subject_keys.values())
        assert relation.columns.keys() & PERSON_COLUMNS <= keys, relation.key


def test_fields_of_events_have_the_class_that_their_contracts_give_them() -> None:
    fields = declared()["clickhouse:raw.events"].columns["data"].fields or {}
    assert fields == declared()["clickhouse:intermediate.int_arrived_events"].columns["data"].fields
    for contract in CONTRACTS.values():
        names = dict(
            zip(contract.data.__struct_fields__, contract.data.__struct_encode_fields__, strict=True)
        )
        assert {fields.get(names[one]) for one in contract.people} <= {"pseudonym"}, contract.event_type
        assert {fields.get(text.wire[0]) for text in contract.free_texts} <= {"free_text"}, (
            contract.event_type
        )


def test_everything_about_people_says_what_it_is_and_how_long_it_is_kept() -> None:
    for relation in declared().about_people():
        assert relation.about, relation.key
        # What is made from other tables is kept for as long as they are.
        assert relation.retention or relation.depends_on, relation.key


def test_the_erasure_plan_goes_from_what_is_derived_to_the_events_themselves() -> None:
    steps = [step.relation for step in erasure_plan(declared())]
    for relation in declared().about_people():
        for source in relation.depends_on:
            if relation.key in steps and source in steps:
                assert steps.index(relation.key) < steps.index(source)
    assert steps.index("clickhouse:marts.fct_sessions") < steps.index("clickhouse:raw.events")
    assert steps.index("postgres:safety.held_texts") < steps.index("postgres:safety.review_items")


def test_a_plan_redacts_by_the_class_of_each_column() -> None:
    (step,) = [one for one in erasure_plan(declared()) if one.relation == "clickhouse:raw.events"]
    assert step.columns == {"person_id": "nil", "subject": "hash", "data": "null"}
    assert step.physically == "rewrite"


def test_an_export_leaves_out_nothing_that_is_the_persons_own() -> None:
    plan = export_plan(declared())
    assert plan["postgres:ingest.people"]["first_name"] == "original"
    assert "content" in plan["postgres:safety.held_texts"]
    assert "states" not in plan.get("postgres:journey.people", {})


def test_fides_reads_the_declarations() -> None:
    known = {category.fides_key for category in DEFAULT_TAXONOMY.data_category}
    exported = fides_datasets(declared())["dataset"]
    datasets = {one["fides_key"]: Dataset.model_validate(one) for one in exported}
    assert sum(len(one.collections) for one in datasets.values()) == len(declared())
    used = {
        category
        for dataset in datasets.values()
        for collection in dataset.collections
        for field in collection.fields
        for category in field.data_categories or ()
    }
    assert used <= known
    (people,) = [one for one in datasets["postgres_ingest"].collections if one.name == "people"]
    assert {"user.unique_id", "user.unique_id.pseudonymous"} <= {
        category for field in people.fields for category in field.data_categories or ()
    }


def test_the_privacy_test_matrix_is_current() -> None:
    assert MATRIX.read_text("utf-8") == record.privacy_matrix(declared()), "run `impact privacy matrix`"


def test_the_record_of_processing_is_current() -> None:
    assert RECORD.read_text("utf-8") == record.record_of_processing(declared()), "run `impact privacy record`"


def test_an_asset_carries_its_declaration_as_tags() -> None:
    tags = privacy_tags({"privacy": {"subject_keys": {"person": "person_id"}, "erase": "redact"}})
    assert tags == {"privacy/people": "yes", "privacy/erase": "redact"}
    dg.AssetSpec("fct_sessions", tags=tags)  # Dagster takes them
    assert privacy_tags({}) == {}


@pytest.mark.parametrize("name", ["privacy declared", "privacy lineage", "privacy mask"])
def test_the_commands_are_there(name: str) -> None:
    from orchestration.command_table import COMMANDS
    from orchestration.lazy_commands import load

    (command,) = [one for one in COMMANDS if one.path == name]
    assert callable(load(command))
