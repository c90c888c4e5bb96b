"""Which version of a rule counts at which moment.

Rule files are read when the engine starts; each change of a file is a version that is kept. A version counts
from the day it names, if no version before it named that day; else from the moment it was first seen. So
history is not rewritten by a change of wording, and is where somebody says from when on the new rule is
right.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from uuid import UUID

from orchestration.journey.people import BEGINNING, Connection
from orchestration.journey.rules.model import Rule, State
from orchestration.journey.states import Policy

_LOCK = 7_163_202_618  # any constant: one process at a time compares the files with what is recorded
_READ = "select version_id, definition, state, effective_from from journey.rule_versions order by version_id"
_ADD = """
insert into journey.rule_versions (rule_id, rule_hash, definition, state, effective_from, recorded_at)
values ($1, $2, $3::jsonb, $4, $5, $6)
"""
COMPUTED: tuple[State, ...] = ("shadow", "canary", "active")


@dataclass(frozen=True)
class Version:
    """A rule as it counts from a moment on."""

    version_id: int
    rule: Rule
    effective_from: datetime

    @property
    def is_computed(self) -> bool:
        """Drafts are not run, and whoever retires a rule ends its flags."""
        return self.rule.state in COMPUTED

    @cached_property
    def policy(self) -> Policy:
        if not self.is_computed:
            return Policy()
        hold = self.rule.hold or timedelta(0)
        flag = self.rule.then.set_flag
        # What is only a milestone is reached for good; there is no flag that could be cleared.
        return Policy(hold, hold, flag.ttl if flag else None, self.rule.sticky or flag is None)

    def is_in_force_for(self, company_id: UUID) -> bool:
        return self.rule.has_effect_for(company_id)


class Versions:
    """All versions of all rules there have been."""

    def __init__(self, versions: Iterable[Version]) -> None:
        self._by_rule: dict[str, list[Version]] = {}
        for version in sorted(versions, key=lambda one: one.version_id):
            self._by_rule.setdefault(version.rule.id, []).append(version)
        # Rules that clear others' flags first, then by priority: what a rule depends on comes before it.
        self.rule_ids = tuple(sorted(self._by_rule, key=lambda one: _rank(self._by_rule[one][-1].rule)))

    def of(self, rule_id: str) -> Sequence[Version]:
        return self._by_rule.get(rule_id, [])

    def at(self, rule_id: str, moment: datetime) -> Version | None:
        """The version that counts at a moment; None before the first."""
        counting = [one for one in self.of(rule_id) if one.effective_from <= moment]
        return counting[-1] if counting else None

    def in_force(self, moment: datetime) -> list[Version]:
        """The versions that are computed at a moment."""
        found = (self.at(rule_id, moment) for rule_id in self.rule_ids)
        return [one for one in found if one is not None and one.is_computed]

    def hash_at(self, moment: datetime) -> str:
        """Another one where another version of any rule counts."""
        counting = [version for one in self.rule_ids if (version := self.at(one, moment))]
        said = ",".join(str(one.version_id) for one in sorted(counting, key=lambda one: one.version_id))
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def next_change_after(self, moment: datetime) -> datetime | None:
        """When another version begins to count."""
        later = [
            one.effective_from
            for versions in self._by_rule.values()
            for one in versions
            if one.effective_from > moment
        ]
        return min(later, default=None)


def _rank(rule: Rule) -> tuple[bool, int, str]:
    return not rule.then.clear_flag, -rule.priority, rule.id


async def read(connection: Connection) -> Versions:
    """The versions on record."""
    rows = await connection.fetch(_READ)
    return Versions(
        Version(row["version_id"], Rule.model_validate_json(row["definition"]), row["effective_from"])
        for row in rows
    )


async def record(connection: Connection, rules: Sequence[Rule], now: datetime) -> Versions:
    """Bring the record up to these rule files; a rule without a file any more is retired."""
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
        known = await read(connection)
        for rule in rules:
            await _record(connection, known.of(rule.id), rule, now)
        for rule_id in set(known.rule_ids) - {rule.id for rule in rules}:
            last = known.of(rule_id)[-1].rule
            await _record(connection, known.of(rule_id), last.model_copy(update={"state": "retired"}), now)
        return await read(connection)


async def _record(connection: Connection, known: Sequence[Version], rule: Rule, now: datetime) -> None:
    if known and known[-1].rule == rule:
        return
    effective_from = now
    if not known or rule.effective_from not in {one.rule.effective_from for one in known}:
        effective_from = (
            datetime.combine(rule.effective_from, time(), UTC)
            if rule.effective_from
            else now if known else BEGINNING
        )  # fmt: skip
    await connection.execute(
        _ADD, rule.id, rule.hash, rule.model_dump_json(exclude_defaults=True), rule.state, effective_from, now
    )
