"""All declarations together: what they leave open between each other, in which order erasure goes, their
hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

import orjson

from orchestration.privacy.declarations.grammar import DeclarationError, Relation, Via


class Declarations:
    """Every relation that is declared, by key. Names nothing that is not declared itself."""

    def __init__(self, relations: Iterable[Relation]) -> None:
        self._by_key: dict[str, Relation] = {}
        for relation in relations:
            if relation.key in self._by_key:
                raise DeclarationError(f"{relation.key} is declared twice; keep one of the two declarations")
            self._by_key[relation.key] = relation
        for relation in self:
            for named in (
                *relation.depends_on,
                *([relation.reach.via] if isinstance(relation.reach, Via) else []),
            ):
                if named not in self._by_key:
                    raise DeclarationError(f"{relation.key} names {named}, which is not declared")

    def __iter__(self) -> Iterator[Relation]:
        yield from self._by_key.values()

    def __len__(self) -> int:
        return len(self._by_key)

    def __contains__(self, key: str) -> bool:
        return key in self._by_key

    def __getitem__(self, key: str) -> Relation:
        """The relation of a key such as `clickhouse:raw.events`."""
        try:
            return self._by_key[key]
        except KeyError:
            raise DeclarationError(f"{key} is not declared; see docs/privacy-declarations.md") from None

    @property
    def relations(self) -> tuple[Relation, ...]:
        return tuple(self._by_key.values())

    def of_store(self, store: str) -> tuple[Relation, ...]:
        return tuple(relation for relation in self if relation.store == store)

    def about_people(self) -> tuple[Relation, ...]:
        """Those that hold anything of a person, whatever erasure does with them."""
        return tuple(relation for relation in self if relation.is_about_people)

    def in_erasure_order(self) -> tuple[Relation, ...]:
        """Those about people, what is derived before what it is made from, so that nothing is derived anew
        from a person who is half gone. A relation that is reached by another one comes before that one,
        too."""
        # graphlib yields what a node depends on first; here a source depends on what is made from it.
        order: TopologicalSorter[str] = TopologicalSorter({relation.key: set() for relation in self})
        for relation in self:
            for source in relation.depends_on:
                order.add(source, relation.key)
            if isinstance(relation.reach, Via):
                order.add(relation.reach.via, relation.key)
        ordered: list[Relation] = []
        try:
            order.prepare()
        except CycleError as error:
            raise DeclarationError(f"these are made from each other: {', '.join(error.args[1])}") from error
        while order.is_active():
            ready = sorted(order.get_ready())
            ordered += [self._by_key[key] for key in ready if self._by_key[key].is_about_people]
            order.done(*ready)
        return tuple(ordered)

    @cached_property
    def sha256(self) -> str:
        """The same for the same declarations, whatever the order they were read in."""
        documents = [self._by_key[key].model_dump(mode="json") for key in sorted(self._by_key)]
        return hashlib.sha256(orjson.dumps(documents, option=orjson.OPT_SORT_KEYS)).hexdigest()
