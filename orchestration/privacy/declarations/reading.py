"""Reads all declarations: the meta of the dbt project's files, and `orchestration/privacy/declared/*.yaml`.

The dbt files are read as they are written, without dbt: whoever serves a request or erases a person has no
manifest and no ten seconds for one. A test holds what is read here against dbt's own manifest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from orchestration.dbt import PROJECT_DIR
from orchestration.privacy.declarations.dbt_files import COLUMN_WORDS, DbtNode, dbt_nodes
from orchestration.privacy.declarations.declarations import Declarations
from orchestration.privacy.declarations.grammar import DeclarationError, Relation

DECLARED = Path(__file__).parents[1] / "declared"


def declared(project: Path | None = None, folder: Path | None = None) -> Declarations:
    """Every declaration of this version of the platform. Read once per process unless other places are given.

    Raises DeclarationError with the file's name and what to change, at the first one that is not in the
    grammar.
    """
    return _read(project or PROJECT_DIR, folder or DECLARED)


@lru_cache(maxsize=4)
def _read(project: Path, folder: Path) -> Declarations:
    return Declarations([*_of_dbt(project), *_of_files(folder)])


def _of_dbt(project: Path) -> Iterator[Relation]:
    for node in dbt_nodes(project):
        if not isinstance(node.privacy, Mapping):
            raise DeclarationError(
                f"{node.where}: {node.name} has no `privacy` in its meta; declare whom it is about"
            )
        yield _relation(
            node.where,
            {
                "store": node.store,
                "name": node.name,
                "kind": node.kind,
                "about": node.description,
                **node.privacy,
                # What no SQL names literally is declared beside it.
                "depends_on": [*node.depends_on, *(node.privacy.get("depends_on") or ())],
                "columns": {**_columns(node), **(node.privacy.get("columns") or {})},
            },
        )


def _columns(node: DbtNode) -> dict[str, dict[str, Any]]:
    return {
        name: {word: value for word, value in meta.items() if word in COLUMN_WORDS}
        for name, meta in node.columns.items()
    }


def _of_files(folder: Path) -> Iterator[Relation]:
    """`declared/<store>.yaml`: a mapping of names to declarations, one file per store."""
    for path in sorted(folder.glob("*.yaml")):
        try:
            document = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader) or {}
        except yaml.YAMLError as error:
            raise DeclarationError(f"{path.name}: {error}") from error
        for name, declaration in document.items():
            yield _relation(
                path.name, {"store": STORE_OF_FILE[path.stem], "name": name, **(declaration or {})}
            )


STORE_OF_FILE = {
    "postgres": "postgres",
    "clickhouse": "clickhouse",
    "jetstream": "jetstream",
    "folders": "folder",
}


def _relation(where: str, declaration: Mapping[str, Any]) -> Relation:
    """One declaration in the grammar. Two ways to write less are spelled out here: a column that is only
    given a class, and `plain`, the columns that say nothing about anybody."""
    document = dict(declaration)
    columns = {
        name: {"pii": column} if isinstance(column, str) else (column or {})
        for name, column in (document.get("columns") or {}).items()
    }
    for name in document.pop("plain", ()):
        if name in columns:
            raise DeclarationError(
                f"{where}: {document['name']} declares column {name} as plain and once more"
            )
        columns[name] = {}
    document["columns"] = columns
    store = document["store"]
    document["depends_on"] = [_key(store, name) for name in document.get("depends_on") or ()]
    if isinstance(reach := document.get("reach"), Mapping):
        document["reach"] = {**reach, "via": _key(store, reach.get("via", ""))}
    try:
        return Relation.model_validate(document)
    except ValidationError as error:
        problems = "; ".join(
            ": ".join(
                filter(None, (".".join(map(str, one["loc"])), one["msg"].removeprefix("Value error, ")))
            )
            for one in error.errors(include_url=False, include_input=False)
        )
        raise DeclarationError(f"{where}: {document['name']}: {problems}") from None


def _key(store: str, name: str) -> str:
    """A relation of the same store goes by its name alone."""
    return name if ":" in name else f"{store}:{name}"
