"""When the warehouse is refreshed: soon after something arrived, once per burst, never for nothing.

A decision over values: the sensor in `orchestration/automation.py` collects them and acts on the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SETTLE_LIMIT_S = 20.0  # under a steady trickle, how long to wait for the burst to end
NO_WATCH = "-"  # as a cursor: in place of an empty one, Dagster would keep the one before
FED_LIMIT_S = 300.0  # how long to wait for the end of what is being fed in: dashboards should not be older
RETRY_AFTER_S = 30.0  # after a failed refresh; doubles with each further failure
RETRY_LIMIT_S = 900.0


@dataclass(frozen=True)
class Refresh:
    """One earlier refresh. `covers`: the token of the arrivals it took in; None if it failed before."""

    run_id: str
    is_finished: bool
    has_succeeded: bool
    covers: str | None
    ended_at: float  # seconds since the epoch; 0 while it runs


@dataclass(frozen=True)
class Watch:
    """What the sensor remembers between looks: the token it saw, and since when there is something new."""

    token: str
    new_since: float

    def encode(self) -> str:
        return f"{self.token} {self.new_since:.1f}"

    @classmethod
    def decode(cls, cursor: str | None) -> Watch | None:
        if not cursor or cursor == NO_WATCH:
            return None
        token, new_since = cursor.split(" ")
        return cls(token, float(new_since))


@dataclass(frozen=True)
class Decision:
    """Whether to refresh now, why (or why not), and what to remember."""

    refresh: bool
    reason: str
    watch: Watch | None


def decide(
    token: str,
    *,
    updates_wait: bool,
    refreshes: Sequence[Refresh],
    watch: Watch | None,
    now: float,
    is_fed: bool = False,
) -> Decision:
    """Decide from the present arrivals and the latest refreshes, newest first.

    A refresh covers what had arrived when it began. Anything later, during it or after it, asks for one more.
    While the warehouse `is_fed` by somebody who brings much, a refresh on the way would be for nothing.
    """
    latest = refreshes[0] if refreshes else None
    if latest and not latest.is_finished:
        return Decision(False, f"refresh {latest.run_id} is under way", watch)
    if latest and not latest.has_succeeded:
        failures = _leading_failures(refreshes)
        wait_s = min(RETRY_AFTER_S * 2 ** (failures - 1), RETRY_LIMIT_S) - (now - latest.ended_at)
        if wait_s > 0:
            return Decision(
                False, f"refresh {latest.run_id} failed ({failures} in a row): again in {wait_s:.0f} s", watch
            )
        return Decision(True, f"retrying after {failures} failed refreshes", None)
    if updates_wait:
        return Decision(True, "changed numbers wait to be announced", None)
    if latest and latest.covers == token:
        return Decision(False, "nothing has arrived since the last refresh", None)
    if watch is None:
        return Decision(False, "something has arrived: waiting for the rest of it", Watch(token, now))
    if is_fed and now - watch.new_since < FED_LIMIT_S:
        return Decision(False, "much is being fed in: waiting for its end", Watch(token, watch.new_since))
    if watch.token != token and now - watch.new_since < SETTLE_LIMIT_S:
        return Decision(False, "still arriving", Watch(token, watch.new_since))
    return Decision(True, "new events or reference data", None)


def _leading_failures(refreshes: Sequence[Refresh]) -> int:
    for count, refresh in enumerate(refreshes):
        if refresh.has_succeeded:
            return count
    return len(refreshes)
