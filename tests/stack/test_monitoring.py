"""Prometheus is told where everything is, and its absence is said before anything is started."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from orchestration.stack import monitoring, platform
from orchestration.stack.errors import PlatformError
from orchestration.stack.layout import Layout, Ports
from orchestration.stack.services import applications


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout.open(tmp_path / "home", Ports.free())


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "prometheus"
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))


def test_without_prometheus_nothing_starts_and_the_message_says_how_to_get_it(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(PlatformError, match="apt-get install --no-install-recommends prometheus"):
        platform.up(layout, print, with_monitoring=True)
    assert not (layout.run / "supervisord.conf").exists()


def test_monitoring_of_stores_alone_is_refused(layout: Layout) -> None:
    with pytest.raises(PlatformError, match="leave out `--stores-only`"):
        platform.up(layout, print, stores_only=True, with_monitoring=True)


@pytest.mark.usefixtures("installed")
def test_every_process_with_metrics_is_a_target(layout: Layout) -> None:
    monitoring.prepare(layout)
    written = yaml.safe_load((layout.home / "prometheus" / "prometheus.yml").read_text("utf-8"))
    targets = {job["job_name"]: job["static_configs"][0]["targets"] for job in written["scrape_configs"]}
    own = {child.name: child.port for child in applications(layout) if child.name != "dagster-code"}
    looking = {child.name: child.port for child in monitoring.monitoring(layout)}
    assert targets == {name: [f"127.0.0.1:{port}"] for name, port in (own | looking).items()}
    assert [Path(file).name for file in written["rule_files"]] == ["alerts.yaml"]
    assert Path(written["rule_files"][0]).exists()
