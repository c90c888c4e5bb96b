"""The declarations as Fides datasets: https://ethyca.github.io/fideslang/resources/dataset/

So that a customer's own Fides can ask us, and so that the grammar says nothing a second tool could not
understand.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from orchestration.privacy.declarations.declarations import Declarations
from orchestration.privacy.declarations.grammar import Column, Pii, Relation

# Of Fides' default taxonomy.
CATEGORY: dict[Pii, str] = {
    "none": "system.operations",
    "pseudonym": "user.unique_id.pseudonymous",
    "identifier": "user.unique_id",
    "contact": "user.contact",
    "free_text": "user.content.private",
    "third_party": "user.social",
    "special": "user.demographic",
    "derived_text": "user.content",
}


def fides_datasets(declarations: Declarations) -> dict[str, list[dict[str, Any]]]:
    """One dataset per schema of a store, as a Fides file has it: `{"dataset": [...]}`."""
    of_schema: dict[str, list[Relation]] = defaultdict(list)
    for relation in declarations:
        of_schema[_dataset(relation)].append(relation)
    return {
        "dataset": [
            {
                "fides_key": key,
                "name": key,
                "description": f"{relations[0].store}, {relations[0].name.partition('.')[0]}",
                "data_categories": sorted({CATEGORY[pii] for one in relations for pii in _classes(one)}),
                "collections": [_collection(declarations, one) for one in relations],
            }
            for key, relations in sorted(of_schema.items())
        ]
    }


def _collection(declarations: Declarations, relation: Relation) -> dict[str, Any]:
    # Fides erases a collection after those it names; ours are erased before what they are made from.
    before = [one for one in declarations.about_people() if relation.key in one.depends_on]
    meta: dict[str, Any] = {"skip_processing": not relation.is_erased_here}
    if before and relation.is_erased_here:
        meta["erase_after"] = [f"{_dataset(one)}.{_collection_name(one)}" for one in before]
    if relation.is_erased_here and relation.erase == "delete":
        meta["masking_strategy_override"] = {"strategy": "delete"}
    return {
        "name": _collection_name(relation),
        "description": relation.about,
        "data_categories": sorted({CATEGORY[pii] for pii in _classes(relation)}),
        "fields": [_field(relation, name, column) for name, column in relation.columns.items()],
        "fides_meta": meta,
    }


def _field(relation: Relation, name: str, column: Column) -> dict[str, Any]:
    document: dict[str, Any] = {"name": name, "data_categories": [CATEGORY[column.pii]]}
    if name in relation.subject_keys.values() and relation.key != "postgres:ingest.people":
        document["fides_meta"] = {
            "references": [{"dataset": "postgres_ingest", "field": "people.person_id", "direction": "from"}]
        }
    if column.fields:
        document["fields"] = [
            {"name": inner, "data_categories": [CATEGORY[pii]]} for inner, pii in column.fields.items()
        ]
    return document


def _classes(relation: Relation) -> set[Pii]:
    return {column.pii for column in relation.columns.values()} or {"none"}


def _dataset(relation: Relation) -> str:
    schema = relation.name.partition(".")[0] if relation.store in ("clickhouse", "postgres") else "all"
    return f"{relation.store}_{schema}"


def _collection_name(relation: Relation) -> str:
    name = relation.name.partition(".")[2] if relation.store in ("clickhouse", "postgres") else relation.name
    return name.replace("/", "_").replace("*", "all")
