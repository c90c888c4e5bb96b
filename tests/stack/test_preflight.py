"""What stands in the way of a start is named before anything is started, with what to do about it."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.stack import preflight, stores
from orchestration.stack.errors import PlatformError
from orchestration.stack.layout import HOST, Layout, Ports


@pytest.fixture
def own_layout(tmp_path: Path) -> Layout:
    return Layout.open(tmp_path / "home", Ports.free())


@pytest.fixture
def occupied(own_layout: Layout) -> Iterator[int]:
    with socket.create_server((HOST, own_layout.ports.nats_monitor)):
        yield own_layout.ports.nats_monitor


def test_a_taken_port_is_named_with_its_user_and_its_setting(own_layout: Layout, occupied: int) -> None:
    (problem,) = preflight.port_problems(own_layout, [stores.nats(own_layout)])
    assert f"port {occupied} (nats_monitor)" in problem
    assert f"(pid {os.getpid()})" in problem
    assert "IMPACT_PORT_NATS_MONITOR" in problem


def test_free_ports_are_no_problem(own_layout: Layout) -> None:
    preflight.check(own_layout, stores.embedded_stores(own_layout))


def test_a_full_disk_is_refused_with_both_numbers(own_layout: Layout) -> None:
    (problem,) = preflight.disk_problems(own_layout, smallest_bytes=1 << 60)
    assert "GiB free and the platform needs 1073741824.00 GiB" in problem
    assert preflight.disk_problems(own_layout, smallest_bytes=0) == []


@pytest.mark.parametrize(
    ("variable", "scheme"),
    [("POSTGRES_URL", "postgresql"), ("CLICKHOUSE_URL", "http"), ("NATS_URL", "nats")],
)
def test_an_external_store_that_does_not_answer_is_named_without_its_password(
    own_layout: Layout, variable: str, scheme: str
) -> None:
    port = Ports.free().api
    layout = Layout.open(
        own_layout.home, own_layout.ports, {variable: f"{scheme}://me:hunter2@{HOST}:{port}/db"}
    )
    with pytest.raises(PlatformError) as caught:
        preflight.check(layout, stores.embedded_stores(layout))
    assert f"{HOST}:{port}) does not answer: connection refused" in str(caught.value)
    assert variable in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_every_obstacle_is_named_at_once(own_layout: Layout, occupied: int) -> None:
    layout = Layout.open(
        own_layout.home, own_layout.ports, {"POSTGRES_URL": f"postgresql://{HOST}:{Ports.free().api}"}
    )
    with pytest.raises(PlatformError) as caught:
        preflight.check(layout, stores.embedded_stores(layout))
    assert "POSTGRES_URL" in str(caught.value)
    assert str(occupied) in str(caught.value)
