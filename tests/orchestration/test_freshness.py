"""One burst leads to one refresh, nothing new to none, a burst during a refresh to exactly one more."""

from __future__ import annotations

import pytest

from orchestration.freshness import (
    FED_LIMIT_S,
    NO_WATCH,
    RETRY_LIMIT_S,
    SETTLE_LIMIT_S,
    Decision,
    Refresh,
    Watch,
    decide,
)


def running(run_id: str = "r") -> Refresh:
    return Refresh(run_id, is_finished=False, has_succeeded=False, covers=None, ended_at=0)


def succeeded(covers: str) -> Refresh:
    return Refresh("r", is_finished=True, has_succeeded=True, covers=covers, ended_at=100)


def failed(ended_at: float = 100) -> Refresh:
    return Refresh("r", is_finished=True, has_succeeded=False, covers="1.0", ended_at=ended_at)


class Sensor:
    """The sensor as Dagster runs it: a look every ten seconds, remembering what it said to remember."""

    def __init__(self, *refreshes: Refresh) -> None:
        self.refreshes = list(refreshes)
        self.watch: Watch | None = None
        self.now = 1000.0

    def look(self, token: str, *, updates_wait: bool = False, is_fed: bool = False) -> bool:
        decision = decide(
            token,
            updates_wait=updates_wait,
            refreshes=self.refreshes,
            watch=self.watch,
            now=self.now,
            is_fed=is_fed,
        )
        self.watch = Watch.decode(decision.watch.encode() if decision.watch else NO_WATCH)
        self.now += 5
        return decision.refresh


def test_a_burst_leads_to_one_refresh_once_it_has_settled() -> None:
    sensor = Sensor(succeeded("1.0"))
    assert [sensor.look(token) for token in ("1.0", "2.0", "3.0", "3.0")] == [False, False, False, True]
    sensor.refreshes = [succeeded("3.0")]
    assert [sensor.look("3.0") for _ in range(3)] == [False, False, False]


def test_a_steady_trickle_is_not_waited_out() -> None:
    sensor = Sensor(succeeded("0.0"))
    looks = [sensor.look(f"{n}.0") for n in range(1, 8)]
    assert looks.index(True) * 5 == SETTLE_LIMIT_S


def test_much_that_is_fed_in_is_refreshed_at_its_end() -> None:
    sensor = Sensor(succeeded("0.0"))
    assert [sensor.look(f"{n // 3}.0", is_fed=True) for n in range(3, 18)] == [False] * 15
    assert sensor.look("5.0") is True


def test_feeding_without_end_does_not_keep_the_marts_from_being_refreshed() -> None:
    sensor = Sensor(succeeded("0.0"))
    looks = [sensor.look("1.0", is_fed=True) for _ in range(100)]
    assert looks.index(True) * 5 == FED_LIMIT_S


def test_a_burst_during_a_refresh_leads_to_exactly_one_more() -> None:
    sensor = Sensor(running())
    assert [sensor.look(token) for token in ("2.0", "3.0", "4.0")] == [False, False, False]
    sensor.refreshes = [succeeded("1.0")]  # it had begun before the burst
    assert [sensor.look("4.0") for _ in range(2)] == [False, True]
    sensor.refreshes = [succeeded("4.0")]
    assert [sensor.look("4.0") for _ in range(3)] == [False, False, False]


def test_what_a_refresh_took_in_after_it_was_asked_for_needs_no_other() -> None:
    sensor = Sensor(succeeded("1.0"))
    assert [sensor.look("2.0"), sensor.look("2.0")] == [False, True]
    sensor.refreshes = [succeeded("3.0")]  # the rest arrived before it read the counters
    assert sensor.look("3.0") is False


def test_the_first_events_of_a_new_platform_are_refreshed() -> None:
    sensor = Sensor()
    assert [sensor.look("1.0"), sensor.look("1.0")] == [False, True]


@pytest.mark.parametrize(("failures", "wait_s"), [(1, 30), (2, 60), (4, 240), (8, RETRY_LIMIT_S)])
def test_a_failed_refresh_is_repeated_with_growing_pauses(failures: int, wait_s: float) -> None:
    def decided(after_s: float) -> Decision:
        refreshes = [failed(), *[failed(50)] * (failures - 1)]
        return decide("1.0", updates_wait=False, refreshes=refreshes, watch=None, now=100 + after_s)

    assert decided(wait_s - 1).refresh is False
    assert decided(wait_s).refresh is True


def test_changes_left_unannounced_by_a_crash_are_sent() -> None:
    assert Sensor(succeeded("1.0")).look("1.0", updates_wait=True) is True
