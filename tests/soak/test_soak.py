"""A soak notices what it is for: a process that grows, a ledger that is not equal, a run that was cut off.

The soak itself is a command: `impact soak --rate 50 --minutes 60`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.load.histogram import Histogram
from tests.soak import judging, report
from tests.soak.judging import Claim
from tests.soak.runs import Run
from tests.soak.trends import trend

KIB_PER_EVENT = 1024 * 50  # bytes a second at 50 deliveries a second
LIMIT = 256 * 50 * 3600  # bytes an hour
MIB = 1 << 20


def memory(seed: int, *, bytes_per_s: float, minutes: float = 60) -> tuple[list[float], list[float]]:
    """A process as it looks: caches fill, the collector draws a saw, noise remembers itself."""
    chance = np.random.default_rng(seed)
    at = np.arange(0, minutes * 60, 10.0)
    noise = np.zeros(at.size)
    for number in range(1, at.size):
        noise[number] = 0.9 * noise[number - 1] + chance.normal(0, 0.3 * MIB)
    saw = 2 * MIB * ((at / chance.uniform(60, 400)) % 1)
    caches = 40 * MIB * (1 - np.exp(-at / 200))
    return list(at), list(120 * MIB + caches + saw + noise + bytes_per_s * at)


def test_a_kilobyte_lost_per_delivery_is_noticed_and_noise_is_not() -> None:
    verdicts = {
        name: [
            found.verdict(LIMIT) for seed in range(25) if (found := trend(*memory(seed, bytes_per_s=lost)))
        ]
        for name, lost in (("leaking", KIB_PER_EVENT), ("sound", 0.0))
    }
    assert verdicts == {"leaking": ["grows"] * 25, "sound": ["flat"] * 25}


def test_of_a_short_run_nothing_is_said() -> None:
    assert trend(*memory(1, bytes_per_s=KIB_PER_EVENT, minutes=3)) is None
    assert trend([], []) is None


def sample(at: float, *, latency_ms: float = 2.0, answers: dict[str, int] | None = None) -> dict[str, Any]:
    counted = Histogram.of([latency_ms / 1000] * 100)
    return {
        "at": at, "processes": {"worker": {"memory": 100 * MIB, "fds": 30, "threads": 9, "restarts": 0}},
        "waiting": {"inbox": 3}, "memory": 2 << 30, "sent": 100, "accepted": 100,
        "answers": answers or {"202": 100}, "latency": counted.to_json(), "reads": {"200": 10}, "updates": 5,
    }  # fmt: skip


def outcome(**changes: Any) -> dict[str, Any]:
    books = {"sent": 100, "accepted": 100, "at_receiver": 100, "events_expected": 90, "events_lost": 0,
             "events_nobody_sent": 0, "events_doubled": 0, "facts_lost": 0,
             "facts_in_another_state": 0}  # fmt: skip
    streams = {"clients": 5, "inexact": 0, "ended_with_an_error": [], "published": 9, "received": 45,
               "connections": 6, "refused": 0, "gaps": 0, "resets": 0, "of_other_companies": 0}  # fmt: skip
    return {
        "is_complete": True, "books": books | changes.get("books", {}), "waiting": {"inbox": 0},
        "settled_after_s": 1.0, "streams": streams | changes.get("streams", {}),
        "erased": {"rows_of_the_person": 0, "rows_told_of_later": 0, "verify_ended_with": 0}
        | changes.get("erased", {}),
        "delivery": {"accepted_by_the_partner": 1, "delivered_says_the_platform": 1,
                     "accepted_more_than_once": 0, "problems": []} | changes.get("delivery", {}),
        "runs": {"refresh_warehouse": {"SUCCESS": 3}} | changes.get("runs", {}),
        "texts": {"arrived": 9, "screened": 9, "scored": 8, "model": "m", "to_score": 0},
    }  # fmt: skip


HAPPENED = [
    {"at": 200.0, "what": "erasure", "state": "completed", "seconds": 9.0},
    {"at": 300.0, "what": "delivery", "period": "2026-10", "seconds": 20.0},
    {"at": 600.0, "what": "sent everything", "deliveries": 100, "was_interrupted": False},
]


def a_run(folder: Path, samples: list[dict[str, Any]], end: dict[str, Any] | None) -> Run:
    plan = {"rate": 50.0, "command": "impact soak", "cores": 2, "machine": "m", "python": "3", "at": "now",
            "load_before": [0.1]}  # fmt: skip
    (folder / "plan.json").write_text(json.dumps(plan))
    (folder / "samples.jsonl").write_text("".join(json.dumps(one) + "\n" for one in samples) + '{"at": 61')
    (folder / "happenings.jsonl").write_text("".join(json.dumps(one) + "\n" for one in HAPPENED if end))
    if end:
        (folder / "outcome.json").write_text(json.dumps(end))
    return Run.read(folder)


def failing(run: Run) -> list[str]:
    return [one.says for one in claims(run) if one.holds is False]


def claims(run: Run) -> list[Claim]:
    return judging.claims(run, judging.budgets())


STEADY = [sample(number * 10.0) for number in range(61)]


def test_a_run_without_fault_holds_in_all(tmp_path: Path) -> None:
    run = a_run(tmp_path, STEADY, outcome())
    assert [one.says for one in claims(run) if one.holds is not True] == []
    assert judging.exit_status(claims(run)) == 0


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"books": {"events_lost": 1}}, 3),
        ({"books": {"at_receiver": 99}}, 3),
        ({"streams": {"inexact": 1}}, 1),
        ({"erased": {"rows_told_of_later": 1}}, 1),
        ({"delivery": {"accepted_by_the_partner": 2}}, 1),
        ({"runs": {"score_texts": {"FAILURE": 1}}}, 1),
    ],
    ids=["lost", "not on disk", "stream", "erased", "delivered twice", "failed run"],
)
def test_one_fault_fails_the_run(tmp_path: Path, changes: dict[str, Any], status: int) -> None:
    run = a_run(tmp_path, STEADY, outcome(**changes))
    assert len(failing(run)) == 1
    assert judging.exit_status(claims(run)) == status


def test_errors_slowness_and_restarts_fail_it_too(tmp_path: Path) -> None:
    late = [sample(number * 10.0, latency_ms=2 if number < 30 else 80) for number in range(61)]
    late[40]["answers"] = {"202": 99, "503": 1}
    late[41]["reads"] = {"200": 9, "no answer": 1}
    late[50]["processes"]["worker"]["restarts"] = 1
    late[51]["waiting"] = {"EVENTS/journey": 6001}
    assert len(failing(a_run(tmp_path, late, outcome()))) == 5


def test_a_run_that_was_killed_is_told_as_far_as_it_came(tmp_path: Path) -> None:
    run = a_run(tmp_path, STEADY, None)
    assert run.seconds == 600.0
    assert failing(run) == []
    assert [one.holds for one in claims(run) if "ledger" in one.says] == [None]
    assert "the run did not come to its end" in report.page(run, judging.budgets())
