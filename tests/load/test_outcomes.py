"""A breach ends with 1, an account that does not balance with 3 and no figure, and every budget can be measured."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from orchestration import load_commands
from orchestration.stack.errors import PlatformError
from tests.load import outcome as outcomes
from tests.load.deliveries import new_run
from tests.load.freshness import Seen, figures
from tests.load.histogram import Histogram
from tests.load.outcome import BREACHED, BUDGETS, KEPT, VOID, Budget, Outcome, budgets_of
from tests.load.report import write

LIMITS = [Budget("p99_ms", "ms", at_most=25), Budget("per_s", "requests/s", at_least=1000)]
LOADS = ("ingest", "reads", "stream", "freshness", "mixed")


def measured(**figures: float) -> Outcome:
    return Outcome("ingest", "A load", "impact load ingest", dict(figures), tails={"all": Histogram.of([0.01])})


@pytest.mark.parametrize(
    ("figures", "code"),
    [
        ({"p99_ms": 25.0, "per_s": 1000.0}, KEPT),
        ({"p99_ms": 25.1, "per_s": 1000.0}, BREACHED),
        ({"p99_ms": 25.0, "per_s": 999.9}, BREACHED),
        ({"p99_ms": 25.0}, BREACHED),  # what was not measured is not kept
    ],
)
def test_a_budget_that_is_not_kept_fails_the_run(figures: dict[str, float], code: int) -> None:
    assert measured(**figures).exit_code(LIMITS) == code


def test_a_void_run_says_why_and_shows_no_figure(tmp_path: Path) -> None:
    void = measured(p99_ms=3.25, per_s=2000.0)
    void.void = ["7 deliveries on disk and not stored"]
    assert void.exit_code(LIMITS) == VOID
    page = write(void, LIMITS, tmp_path)
    assert "7 deliveries on disk and not stored" in page
    assert "3.25" not in page
    raw = json.loads((tmp_path / "load_ingest.json").read_text())["measured"]
    assert (raw["figures"], raw["tails"], raw["exit_code"]) == ({}, {}, VOID)
    assert not (tmp_path / "load_ingest.png").exists()


def test_a_page_sets_each_figure_beside_its_budget(tmp_path: Path) -> None:
    page = write(measured(p99_ms=31.0, memory_gib=2.5), LIMITS, tmp_path)
    assert re.search(r"\| p99 \| 31 ms \| ≤ 25 ms \| \*\*no\*\* \|", page)
    assert re.search(r"\| requests/s answered \| not measured \| ≥ 1000 requests/s \| \*\*no\*\* \|", page)
    assert (tmp_path / "load_ingest.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("load", LOADS)
def test_every_load_has_budgets(load: str) -> None:
    assert budgets_of(load)


def test_the_mixed_day_keeps_each_time_within_three_times_its_budget() -> None:
    alone = {budget.figure: budget.at_most for budget in budgets_of("ingest")}
    mixed = {budget.figure: budget.at_most for budget in budgets_of("mixed")}
    assert mixed["ingest_p99_ms"] == 3 * (alone["p99_ms"] or 0)
    assert mixed["freshness_after_refresh_s"] == 15
    assert mixed["memory_gib"] == alone["memory_gib"]  # memory is no time
    assert "reads_per_s" not in mixed


def test_an_unknown_load_is_named_with_those_there_are() -> None:
    with pytest.raises(KeyError, match="no budgets for soak; it has those of freshness, ingest"):
        budgets_of("soak")


def test_the_k6_scenarios_hold_the_same_budgets() -> None:
    declared = yaml.safe_load(BUDGETS.read_text("utf-8"))

    def script(name: str) -> str:
        return BUDGETS.with_name(f"{name}.js").read_text("utf-8")

    limits = {name: declared["ingest"][f"{name}_ms"]["at_most"] for name in ("p50", "p95", "p99")}
    wanted = f'["med<={limits["p50"]}", "p(95)<={limits["p95"]}", "p(99)<={limits["p99"]}"]'
    assert wanted in script("ingest")
    assert f'["p(95)<={declared["reads"]["p95_ms"]["at_most"]}"]' in script("reads")
    assert f'["rate>={declared["reads"]["per_s"]["at_least"]}"]' in script("reads")
    assert f"const FACTOR = {declared['mixed']['factor']};" in script("mixed")
    scaled = [f"${{{limits['p50']} * FACTOR}}", f"${{{limits['p99']} * FACTOR}}"]
    assert all(part in script("mixed") for part in scaled)


def test_a_number_is_as_fresh_as_the_slowest() -> None:
    fast = Seen(accepted_at=100, seen_at=130, refresh_began_at=110, refresh_ended_at=130.5)
    slow = Seen(accepted_at=200, seen_at=290, refresh_began_at=240, refresh_ended_at=283)
    assert figures([fast, slow]) == {
        "total_s": 90, "refresh_s": 43, "after_refresh_s": 7, "beyond_two_refreshes_s": 4, "probes": 2,
    }  # fmt: skip


def test_without_a_checkout_the_command_says_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load_commands, "PROJECT", tmp_path)
    with pytest.raises(PlatformError, match="needs the project's checkout"):
        load_commands.ingest  # noqa: B018


def test_runs_have_names_of_their_own_without_a_dash() -> None:
    names = {new_run() for _ in range(100)}
    assert len(names) == 100
    assert not any("-" in name for name in names)
    assert outcomes.VOID == 3
