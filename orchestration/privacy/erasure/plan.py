"""What an erasure will do, made from the declarations: no list of tables is written by hand."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Literal

import msgspec

from orchestration.privacy.declarations import Declarations, Relation

# After the first five everything is counted again; then what was taken out leaves the files of the stores.
Lane = Literal["tombstones", "postgres", "clickhouse", "jetstream", "folders", "files"]
SWEEPING: tuple[Lane, ...] = ("tombstones", "postgres", "clickhouse", "jetstream", "folders")
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
    """Steps in their order: readers first (Postgres serves the API), what others are made from last."""

    steps: tuple[Step, ...]
    declarations_sha256: str

    def document(self) -> list[dict[str, str]]:
        return [asdict(step) for step in self.steps]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(msgspec.json.encode([self.declarations_sha256, self.document()])).hexdigest()


TOMBSTONES = "tombstones"
POSTGRES_VIEWS = "postgres:views"  # materialized ones: the API shows them until they are refreshed
POSTGRES_FILES = "postgres:files"
JETSTREAM_FILES = "jetstream:files"


def plan_of(declarations: Declarations) -> Plan:
    """The plan that follows from the declarations."""
    swept = [one for one in declarations.in_erasure_order() if is_swept(one)]
    steps = [Step(TOMBSTONES, "tombstones")]
    for lane in SWEEPING[1:]:
        steps += [Step(one.key, lane, one.erase) for one in swept if _LANE_OF_STORE[one.store] == lane]
        if lane == "postgres":
            steps.append(Step(POSTGRES_VIEWS, lane))
    steps += [Step(JETSTREAM_FILES, "files"), Step(POSTGRES_FILES, "files")]
    return Plan(tuple(steps), declarations.sha256)


def is_swept(relation: Relation) -> bool:
    """Whether an erasure has work to do in it."""
    return relation.is_erased_here and relation.kind in _SWEPT
