"""Traces of Dagster's runs: what they build links to the loads it takes in. Off as in `ingest/tracing.py`.

A run's trace has the run's id. `serving.data_versions` names the run behind each version of the figures, and
the API's spans name the version: so the way from an answer to the events behind it is open.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from ingest import tracing
from ingest.worker.dagster import ASSET, TRACES

_LOADS = 8  # the newest reports; each names a few traces
_RAW_EVENTS = dg.AssetKey(ASSET.split("/"))


@contextmanager
def traced(context: dg.AssetExecutionContext, step: str) -> Iterator[tracing.Hop | None]:
    """Record a step of a run, linked to the newest loads; None where tracing is off."""
    if not tracing.is_on():
        tracing.configure("dagster")  # a run is forked, and the threads that send spans are not
    if not tracing.is_on():
        yield None
        return
    hop = tracing.begin(
        step, tracing.of_run(context.run.run_id), links=loads(context.instance), run_id=context.run.run_id
    )
    problem: str | None = "failed"
    try:
        yield hop
        problem = None
    finally:
        hop.end(problem)
        tracing.flush()  # the process may be ended as soon as its last step is


def loads(instance: dg.DagsterInstance) -> list[str]:
    """Traces of events that were loaded lately, as the worker reported them; the newest first."""
    found: list[str] = []
    for record in instance.fetch_materializations(_RAW_EVENTS, limit=_LOADS).records:
        materialization = record.asset_materialization
        value = materialization.metadata.get(TRACES) if materialization else None
        found += str(value.value).split() if value is not None else []
    return [one for one in found if tracing.read_traceparent(one)]
