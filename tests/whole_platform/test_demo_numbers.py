"""The demo ends with the ledger's numbers, in the API and in ClickHouse."""

from __future__ import annotations

from orchestration.stack.layout import Layout
from tests.demo.simulated import Simulated
from tests.whole_platform.demos import assert_a_demo_left_in_peace_is_exact


def test_a_demo_ends_with_the_ledgers_numbers(platform: Layout, simulated: Simulated) -> None:
    assert_a_demo_left_in_peace_is_exact(platform, simulated)
