"""The models, seeds and sources of the dbt project, as its files have them.

What dbt decides when it runs is taken from what is written: a model's schema is its folder's in
`dbt_project.yml`, and it depends on whatever model or source its SQL, or a macro that its SQL calls, names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from orchestration.privacy.declarations.grammar import Kind, Store

COLUMN_WORDS = frozenset({"pii", "erase", "export", "mentions", "fields", "ttl", "on_ttl", "declassify"})

_POSTGRES_FOLDER = "serving"  # the one folder of models whose target is Postgres
_JINJA = re.compile(r"\{[{%].*?[}%]\}", re.DOTALL)
_QUOTED = re.compile(r"'([a-z_0-9]+)'|\"([a-z_0-9]+)\"")
_SOURCE = re.compile(r"source\(\s*['\"](\w+)['\"],\s*['\"](\w+)['\"]\s*\)")
_MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)\s*\(.*?\{%-?\s*endmacro\s*-?%\}", re.DOTALL)
_WORD = re.compile(r"\b\w+\b(?=\s*\()")
_REF = re.compile(r"ref\(\s*['\"](\w+)['\"]\s*\)")
_MATERIALIZED = re.compile(r"materialized\s*=\s*['\"](\w+)['\"]")
_DOC = re.compile(r"\{\{\s*doc\(['\"](\w+)['\"]\)\s*\}\}")
_DOCS = re.compile(r"\{%\s*docs (\w+)\s*%\}(.*?)\{%\s*enddocs\s*%\}", re.DOTALL)
_PREFIX = re.compile(r"\{\{.*?\}\}", re.DOTALL)  # before a source's schema


@dataclass(frozen=True)
class DbtNode:
    """One model, seed or table of a source, with its own and its columns' meta."""

    where: str
    store: Store
    name: str
    kind: Kind
    description: str
    privacy: Any
    columns: Mapping[str, Mapping[str, Any]]
    depends_on: tuple[str, ...]


def dbt_nodes(project: Path) -> list[DbtNode]:
    """Everything of the project that is, or names, a table or view."""
    return list(_Project(project).nodes())


class _Project:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.settings = _yaml(root / "dbt_project.yml")
        self.documents = {
            path: _yaml(path)
            for folder in ("models", "seeds")
            for path in sorted((root / folder).rglob("*.yml"))
        }
        self.sql = {path.stem: path for path in sorted((root / "models").rglob("*.sql"))}

    def nodes(self) -> Iterator[DbtNode]:
        for path, document in self.documents.items():
            for source in document.get("sources") or ():
                yield from self._tables(path, source)
            for model in document.get("models") or ():
                yield self._model(path, model)
            for seed in document.get("seeds") or ():
                name = f"{self.settings['seeds'][self.settings['name']]['+schema']}.{seed['name']}"
                yield self._node(path, "clickhouse", name, "table", seed, ())

    def _tables(self, path: Path, source: Mapping[str, Any]) -> Iterator[DbtNode]:
        schema = _PREFIX.sub("", source.get("schema", source["name"]))
        for table in source["tables"]:
            yield self._node(path, _store(self._below(path)), f"{schema}.{table['name']}", "table", table, ())

    def _model(self, path: Path, model: Mapping[str, Any]) -> DbtNode:
        name = model["name"]
        below = self._below(self.sql[name])
        return self._node(
            path, _store(below), self.relation_names[name], self._kind(name, below), model,
            tuple(sorted(self._sources_of(name, _store(below)))),
        )  # fmt: skip

    def _node(
        self,
        path: Path,
        store: Store,
        name: str,
        kind: Kind,
        entry: Mapping[str, Any],
        depends_on: tuple[str, ...],
    ) -> DbtNode:
        return DbtNode(
            where=str(path.relative_to(self.root)),
            store=store,
            name=name,
            kind=kind,
            description=self._described(str(entry.get("description", ""))),
            privacy=_meta(entry).get("privacy"),
            columns={column["name"]: _meta(column) for column in entry.get("columns") or ()},
            depends_on=depends_on,
        )

    def _described(self, text: str) -> str:
        """A description in one line; of a docs block its first paragraph."""
        resolved = _DOC.sub(lambda found: self._docs.get(found[1], "").strip().partition("\n\n")[0], text)
        return " ".join(resolved.split())

    @cached_property
    def _docs(self) -> dict[str, str]:
        pages = (path.read_text("utf-8") for path in sorted((self.root / "models").rglob("*.md")))
        return {found[1]: found[2] for page in pages for found in _DOCS.finditer(page)}

    def _below(self, path: Path) -> tuple[str, ...]:
        """Folders between `models` and the file."""
        return path.relative_to(self.root / "models").parts[:-1]

    @cached_property
    def relation_names(self) -> dict[str, str]:
        """schema.name of every model and seed, by its own name."""
        names = {
            name: f"{self._setting(name, self._below(path), '+schema')}.{name}"
            for name, path in self.sql.items()
        }
        seeds = self.settings["seeds"][self.settings["name"]]["+schema"]
        return names | {path.stem: f"{seeds}.{path.stem}" for path in (self.root / "seeds").glob("*.csv")}

    def _setting(self, name: str, below: tuple[str, ...], word: str) -> Any:
        """A setting of dbt_project.yml; the one nearest to the model counts."""
        found, level = None, self.settings["models"][self.settings["name"]]
        for part in (*below, name):
            found = level.get(word, found)
            level = level.get(part)
            if level is None:
                return found
        return level.get(word, found)

    def _kind(self, name: str, below: tuple[str, ...]) -> Kind:
        written = _MATERIALIZED.search(self._text(name))
        setting = written[1] if written else str(self._setting(name, below, "+materialized"))
        if setting == "materialized_view":
            return "materialized_view"
        return "view" if setting == "view" else "table"

    def _text(self, name: str) -> str:
        return self.sql[name].read_text("utf-8")

    def _sources_of(self, name: str, store: Store) -> set[str]:
        """Keys of the models and sources that the model's SQL names, itself left out."""
        text = self._text(name)
        named = _tables_named(text)
        for block in _JINJA.findall(_SOURCE.sub("", text)):
            named |= {first or second for first, second in _QUOTED.findall(block)}
        for macro in self._macros_called(text):
            named |= self._macro_tables[macro]
        known = {one for one in named if one in self.relation_names or "." in one} - {name}
        return {f"{store}:{self.relation_names.get(one, one)}" for one in known}

    def _macros_called(self, text: str) -> set[str]:
        """Macros that the text calls, and those that these call."""
        called: set[str] = set()
        waiting = set(_WORD.findall(" ".join(_JINJA.findall(text)))) & self._macro_texts.keys()
        while waiting:
            called |= waiting
            waiting = {
                word for macro in waiting for word in _WORD.findall(self._macro_texts[macro])
                if word in self._macro_texts
            } - called  # fmt: skip
        return called

    @cached_property
    def _macro_texts(self) -> dict[str, str]:
        texts = (path.read_text("utf-8") for path in sorted((self.root / "macros").glob("*.sql")))
        return {found[1]: found[0] for text in texts for found in _MACRO.finditer(text)}

    @cached_property
    def _macro_tables(self) -> dict[str, set[str]]:
        return {name: _tables_named(text) for name, text in self._macro_texts.items()}


def _tables_named(text: str) -> set[str]:
    return set(_REF.findall(text)) | {f"{schema}.{table}" for schema, table in _SOURCE.findall(text)}


def _store(below: tuple[str, ...]) -> Store:
    return "postgres" if below[:1] == (_POSTGRES_FOLDER,) else "clickhouse"


def _meta(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    return (entry.get("config") or {}).get("meta") or entry.get("meta") or {}


def _yaml(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), yaml.CSafeLoader) or {}
