"""A few seconds of the kill storm: each of the five processes is killed, and sent = stored in the end.

The long one is a command: `python -m tests.soak.kill_storm --seconds 120 --rate 200`.
"""

from __future__ import annotations

from pathlib import Path

import uvloop

from tests.soak import storm as storms


def test_whatever_is_killed_everything_sent_is_stored_once(tmp_path: Path) -> None:
    with storms.running_platform(tmp_path / "impact") as platform:
        storm = uvloop.run(storms.run(platform, seconds=8, rate=40, kill_every_s=1.2, seed=7))
    assert sum(storm.kills.values()) >= 2
    assert {"sent": len(storm.ledger.sent), **storm.waiting, **storm.differences} == {
        "sent": 320, **dict.fromkeys([*storm.waiting, *storm.differences], 0),
    }  # fmt: skip
    assert storm.is_exact
