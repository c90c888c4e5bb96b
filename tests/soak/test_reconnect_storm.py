"""Some seconds of the reconnect storm: whatever ends a connection, each client has what was published.

The long one is a command: `python -m tests.soak.reconnect_storm --clients 1000 --seconds 300`.
"""

from __future__ import annotations

from pathlib import Path

import uvloop

from tests.soak import reconnecting


def test_dropped_slow_and_restarted_streams_are_exact(tmp_path: Path) -> None:
    with reconnecting.stores(tmp_path) as place:
        figures = uvloop.run(
            reconnecting.storm(
                place, clients=60, seconds=8, rate=80, processes=2, restart_every_s=2.5, seed=7
            )
        )
    assert figures["inexact"] == []
    assert figures["is_exact"]
    assert figures["connections"] > 60  # they came back
    assert figures["processes_stopped"] + figures["processes_killed"] > 0
    assert (figures["foreign_events"], figures["resets"]) == (0, 0)
