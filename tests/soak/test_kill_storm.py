"""A few seconds of the kill storm: processes are killed as fast as they come back, and sent = stored.

The long one is a command: `python -m tests.soak.kill_storm --seconds 120 --rate 200`.
"""

from __future__ import annotations

from pathlib import Path

import uvloop

from tests.soak import storm as storms


def test_whatever_is_killed_everything_sent_is_stored_once(tmp_path: Path) -> None:
    with storms.running_platform(tmp_path / "impact") as platform:
        storm = uvloop.run(storms.run(platform, seconds=8, rate=40, kill_every_s=1.2, seed=7))
    assert storm.kills  # how many there are in these seconds is the machine's affair
    assert {"sent": len(storm.ledger.sent), **storm.waiting, **storm.differences} == {
        "sent": 320, **dict.fromkeys([*storm.waiting, *storm.differences], 0),
    }  # fmt: skip
    assert storm.is_exact
