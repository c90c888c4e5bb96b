"""What an erasure will do, made from the declarations: no list of tables is written by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

import msgspec

from orchestration.privacy.declarations import Declarations, Relation, Via

# After the first six everything is counted again; then what was taken out leaves the files of the stores. The
# last of the six waits for whoever builds the warehouse at that moment: what need not wait goes before it.
Lane = Literal["tombstones", "postgres", "arrivals", "jetstream", "folders", "clickhouse", "files"]
SWEEPING: tuple[Lane, ...] = ("tombstones", "postgres", "arrivals", "jetstream", "folders", "clickhouse")
# Written as things arrive, each time for a moment under the lease of writers. Every other table of the
# warehouse may be in the middle of being built, from what these held before.
ARRIVING = frozenset(
    {
        "clickhouse:raw.events", "clickhouse:raw.landed_events", "clickhouse:journey.events",
        "clickhouse:journey.person_arrivals", "clickhouse:nlp.cleared_texts", "clickhouse:nlp.verdicts",
    }
)  # fmt: skip
_LANE_OF_STORE: dict[str, Lane] = {
    "postgres": "postgres",
    "clickhouse": "clickhouse",
    "jetstream": "jetstream",
    "folder": "folders",
}
# Views hold nothing and follow their tables; materialized ones are refreshed when these are swept.
_SWEPT = ("table", "stream", "folder")


@dataclass(frozen=True)
class Step:
    """One thing to do: `name` is the key of a relation, or what a lane does before or after its relations."""

    name: str
    lane: Lane
    erase: str = ""


@dataclass(frozen=True)
class Plan:
    """Steps in their order: what the API serves first, then what arrives, then what is made from it."""

    steps: tuple[Step, ...]
    declarations_sha256: str

    def document(self) -> list[dict[str, str]]:
        return [asdict(step) for step in self.steps]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(msgspec.json.encode([self.declarations_sha256, self.document()])).hexdigest()


TOMBSTONES = "tombstones"
POSTGRES_VIEWS = "postgres:views"  # materialized ones: the API shows them until they are refreshed
SERVED_AGAIN = "postgres:served"  # tables that a publication filled while the erasure waited for it
POSTGRES_FILES = "postgres:files"
JETSTREAM_FILES = "jetstream:files"


def plan_of(declarations: Declarations) -> Plan:
    """The plan that follows from the declarations."""
    swept = [one for one in declarations.in_erasure_order() if is_swept(one)]
    steps = [Step(TOMBSTONES, "tombstones")]
    for lane in SWEEPING[1:]:
        steps += [Step(one.key, lane, one.erase) for one in swept if _lane_of(one, swept) == lane]
        if lane == "postgres":
            steps.append(Step(POSTGRES_VIEWS, lane))
    steps.append(Step(SERVED_AGAIN, "clickhouse"))
    steps += [Step(JETSTREAM_FILES, "files"), Step(POSTGRES_FILES, "files")]
    return Plan(tuple(steps), declarations.sha256)


def is_copied(relation: Relation) -> bool:
    """Whether it is a table of Postgres that a publication fills from the warehouse."""
    return relation.store == "postgres" and relation.name.startswith("serving.") and is_swept(relation)


def _lane_of(relation: Relation, swept: Sequence[Relation]) -> Lane:
    # A table through which another one of the warehouse is reached goes after that one, as ordered.
    leads = any(
        isinstance(one.reach, Via) and one.reach.via == relation.key
        for one in swept
        if one.store == relation.store
    )
    return "arrivals" if relation.key in ARRIVING and not leads else _LANE_OF_STORE[relation.store]


def is_swept(relation: Relation) -> bool:
    """Whether an erasure has work to do in it."""
    return relation.is_erased_here and relation.kind in _SWEPT
