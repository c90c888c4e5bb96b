"""When a run for a request is asked for again: Dagster starts one for each key, whatever became of it.

A run that ended before it took its request up leaves the request due and the key used. Without another key it
would never be done.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import dagster as dg

TAG = "impact/attempts_of"
# Leaves Dagster's own retry of a failed run the time to come first; then twice as long each time.
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=2), timedelta(minutes=15)


def next_run_key(instance: dg.DagsterInstance, key: str, now: datetime) -> str | None:
    """The key for a run that is to do what `key` stands for. Its request needs `tags={TAG: key}`.

    None where none is to be started now: one is under way or has succeeded, or the last one ended in failure
    a moment ago.
    """
    records = instance.get_run_records(dg.RunsFilter(tags={TAG: key}))
    ended = [one for one in records if one.dagster_run.is_failure_or_canceled]
    if len(ended) < len(records):
        return None
    if not ended:
        return key
    wait = min(FIRST_WAIT * 2 ** (len(ended) - 1), LONGEST_WAIT)
    if now - max(one.update_timestamp.replace(tzinfo=UTC) for one in ended) < wait:
        return None
    return f"{key}/{len(ended)}"
