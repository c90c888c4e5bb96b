"""A platform holds one demo programme; another one is refused, and the same one goes on."""

from __future__ import annotations

import json
import stat
from datetime import date
from uuid import uuid4

import pytest

from orchestration.demo.state import CompanyKey, DemoState, programme_of
from orchestration.stack.errors import PlatformError

TODAY = date(2026, 11, 23)


@pytest.fixture
def held(tmp_path):
    keys = tuple(CompanyKey(uuid4(), f"Company {n}", f"teei_live_{n}") for n in range(3))
    state = DemoState(7, 0.5, date(2026, 11, 1), keys)
    state.save(tmp_path / "demo.json")
    return tmp_path / "demo.json", state


def test_a_saved_state_is_read_back_and_only_its_owner_can_read_it(held):
    path, state = held
    assert DemoState.load(path) == state
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = json.loads(path.read_text())
    assert content["company_id"] == content["companies"][0]["company_id"]
    assert content["api_key"] == "teei_live_0"
    assert "teei_live" not in repr(state)


def test_a_new_platform_gets_the_programme_that_ends_today(tmp_path):
    population = programme_of(tmp_path / "demo.json", seed=9, scale=2, now=None, today=TODAY)
    assert (population.seed, population.scale, population.window.now) == (9, 2, TODAY)


def test_the_programme_held_keeps_its_day(held):
    path, _ = held
    assert programme_of(path, seed=7, scale=0.5, now=None, today=TODAY).window.now == date(2026, 11, 1)


@pytest.mark.parametrize(
    "other", [{"seed": 8}, {"scale": 1.0}, {"now": date(2026, 11, 2)}], ids=["seed", "scale", "now"]
)
def test_another_programme_is_refused(held, other):
    path, _ = held
    with pytest.raises(PlatformError, match=r"--seed 7 --scale 0.5 --now 2026-11-01"):
        programme_of(path, **{"seed": 7, "scale": 0.5, "now": None, "today": TODAY} | other)


@pytest.mark.parametrize("content", ["", "{}", '{"seed": "x"}'])
def test_a_damaged_state_says_what_to_do(tmp_path, content):
    (tmp_path / "demo.json").write_text(content)
    with pytest.raises(PlatformError, match="remove it and run"):
        DemoState.load(tmp_path / "demo.json")
