"""dbt as a Dagster run starts it, and what a refresh does besides.

A run of a whole target leaves out the views and seeds that stand as dbt once built them, and asks the tests
of the data afterwards, in a query per model. Any other run, and the nightly rebuild, is left to dbt entirely.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from importlib import metadata
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliResource
from packaging.version import Version

from orchestration import standing
from orchestration.dbt import EXECUTABLE, PROJECT_DIR, DbtTarget

_UNIQUE_ID = "dagster_dbt/unique_id"  # dagster-dbt's note on assets and checks: whose they are
# What nobody reads of a refresh: the manifest again, with all that was compiled, and each statement in a log.
_WITHOUT_ARTIFACTS = ("--no-write-json", "--log-level-file", "none")


@dataclass(frozen=True)
class Building:
    """One build of what a run selects of a target."""

    context: dg.AssetExecutionContext
    target: DbtTarget
    manifest: Mapping[str, Any]
    built: standing.Built
    environment: Mapping[str, str]

    @property
    def is_whole(self) -> bool:
        return bool(self.context.selected_asset_keys == self.context.assets_def.keys)

    def events(self, *, full_refresh: bool) -> Iterator[Any]:
        """Build, and yield Dagster's events as they come."""
        project = self.environment["DBT_PROJECT_VERSION"]
        with _variables(self.environment):
            if self.is_whole and not full_refresh:
                stands = standing.what_stands(self.target, self.manifest, self.built, project)
                if stands:
                    yield from self._refresh(stands)
                    return
            # Unit tests check SQL, not data: `make test` runs them, and a refresh need not.
            arguments = ["build", "--exclude-resource-type", "unit_test"]
            if full_refresh:
                arguments.append("--full-refresh")
            standing.forget(self.target)
            yield from self._dbt(arguments)
            if self.is_whole:
                standing.remember(self.target, self.manifest, self.built, project)

    def _refresh(self, stands: standing.Standing) -> Iterator[Any]:
        unchanged = _Unchanged(self.context, self.manifest)
        if len(unchanged.waiting) < len(self.context.selected_asset_keys):
            arguments = [*_WITHOUT_ARTIFACTS, "run", "--exclude", "config.materialized:view"]
            with _variables({"DBT_DEFINITIONS_STAND": "true"}):
                for event in self._dbt(arguments):
                    if isinstance(event, dg.Output):
                        yield from unchanged.above(str(event.metadata["unique_id"].value))
                    yield event
        yield from unchanged.rest()
        yield from self._judge(stands)

    def _dbt(self, arguments: Sequence[str]) -> Iterator[Any]:
        dbt = DbtCommand(
            project_dir=str(PROJECT_DIR),
            profiles_dir=str(PROJECT_DIR),
            target=self.target.name,
            dbt_executable=str(EXECUTABLE),
        )
        invocation = dbt.cli(arguments, context=self.context, target_path=self.target.run_folder)
        for event in invocation.stream():
            if isinstance(event, dg.Output):
                model = self.manifest["nodes"][event.metadata["unique_id"].value]
                if model["config"]["materialized"] != "view":  # counting a view would be running it
                    rows = self.built.count_rows(model["relation_name"])
                    self.context.add_output_metadata(
                        {"dagster/row_count": rows}, output_name=event.output_name
                    )
            yield event

    def _judge(self, stands: standing.Standing) -> Iterator[Any]:
        """The result of every data test as the check it is; fails the step if one that matters is broken."""
        checks = {spec.metadata[_UNIQUE_ID]: spec for spec in self.context.assets_def.check_specs}
        broken = []
        for rule, rows in standing.broken_rows(self.built, stands.rules):
            if rows and rule.is_error:
                broken.append(f"{rule.unique_id.split('.')[2]} ({rows} rows)")
            spec = checks.get(rule.unique_id)
            if spec and self._is_asked_for(spec):
                yield dg.AssetCheckResult(
                    asset_key=spec.asset_key,
                    check_name=spec.name,
                    passed=not rows,
                    severity=dg.AssetCheckSeverity.ERROR if rule.is_error else dg.AssetCheckSeverity.WARN,
                    metadata={"unique_id": rule.unique_id, "dagster_dbt/failed_row_count": rows},
                )
        if broken:
            raise dg.Failure(
                f"data tests of target {self.target.name} are broken: {', '.join(sorted(broken))}."
                " Nothing of this refresh is published; `dbt test --select <name>` shows the rows"
            )

    def _is_asked_for(self, spec: dg.AssetCheckSpec) -> bool:
        return spec.key in self.context.selected_asset_check_keys


@dataclass
class _Unchanged:
    """Views and seeds that stand. Each is told of before what is built from it, as Dagster wants it."""

    context: dg.AssetExecutionContext
    manifest: Mapping[str, Any]
    waiting: dict[str, dg.AssetKey] = field(init=False)

    def __post_init__(self) -> None:
        keys = {spec.metadata[_UNIQUE_ID]: spec.key for spec in self.context.assets_def.specs}
        self.waiting = {
            node["unique_id"]: keys[node["unique_id"]] for node in standing.defined_once(self.manifest)
        }

    def above(self, unique_id: str) -> Iterator[dg.Output[None]]:
        for parent in self.manifest["parent_map"].get(unique_id, ()):
            if parent in self.waiting:
                yield from self._told(parent)

    def rest(self) -> Iterator[dg.Output[None]]:
        for unique_id in tuple(self.waiting):
            if unique_id in self.waiting:
                yield from self._told(unique_id)

    def _told(self, unique_id: str) -> Iterator[dg.Output[None]]:
        yield from self.above(unique_id)
        key = self.waiting.pop(unique_id)
        note = {"unique_id": unique_id, "status": "unchanged: its definition stands"}
        yield dg.Output(None, output_name=key.to_python_identifier(), metadata=note)


class DbtCommand(DbtCliResource):
    """dagster-dbt's client without the two further dbts it starts (dagster-dbt 0.29).

    One in this process counts rows, which a query does: 2 s of CPU per refresh to start it, and 10 s more
    because the counting waits in a busy loop. The other is `dbt --version` before each command: 3 s of CPU,
    and a call to PyPI. To be dropped when dagster-dbt makes them optional.
    """

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:  # type: ignore[override]
        return None

    @cached_property
    def _cli_version(self) -> Version:
        return Version(metadata.version("dbt-core"))  # the executable is of this environment


@contextmanager
def _variables(variables: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for a while: dagster-dbt passes this process's environment on to dbt."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
