"""The monitor and Prometheus beside the platform: `impact up --with-monitoring`."""

from __future__ import annotations

import shutil
import sys

import yaml

from orchestration.stack.child import Child
from orchestration.stack.errors import PlatformError
from orchestration.stack.health import HttpProbe
from orchestration.stack.layout import HOST, PROJECT, Layout
from orchestration.stack.priority import BEHIND_ANSWERS

ALERTS = PROJECT / "docs" / "monitoring" / "alerts.yaml"
PROGRAM = "prometheus"
SCRAPE_S = 10
KEPT = "15d"
KEPT_SIZE = "2GB"  # whichever is reached first


def monitoring(layout: Layout) -> list[Child]:
    """Who looks on. They change nothing, and the platform works the same without them."""
    ports, folder = layout.ports, layout.home / "prometheus"
    return [
        Child(
            "monitor",
            (sys.executable, "-m", "orchestration.monitoring"),
            ports.monitor,
            HttpProbe(f"http://{HOST}:{ports.monitor}/healthz"),
            group="monitoring",
            niceness=BEHIND_ANSWERS,
        ),
        Child(
            PROGRAM,
            (
                shutil.which(PROGRAM) or PROGRAM, f"--config.file={folder / 'prometheus.yml'}",
                f"--storage.tsdb.path={folder / 'data'}", f"--storage.tsdb.retention.time={KEPT}",
                f"--storage.tsdb.retention.size={KEPT_SIZE}",
                f"--web.listen-address={HOST}:{ports.prometheus}",
                "--log.format=json",
            ),
            ports.prometheus,
            HttpProbe(f"http://{HOST}:{ports.prometheus}/-/ready"),
            group="monitoring",
            niceness=BEHIND_ANSWERS,
        ),
    ]  # fmt: skip


def prepare(layout: Layout) -> None:
    """Write Prometheus' configuration; raises where there is no Prometheus."""
    if shutil.which(PROGRAM) is None:
        raise PlatformError(
            "`--with-monitoring` needs Prometheus, and no program `prometheus` is on PATH. On Debian and"
            " Ubuntu: `apt-get install --no-install-recommends prometheus`; elsewhere take it from"
            " https://prometheus.io/download. Without the option the platform runs as before."
        )
    folder = layout.home / "prometheus"
    folder.mkdir(exist_ok=True)
    text = yaml.safe_dump(configuration(layout), sort_keys=False)
    (folder / "prometheus.yml").write_text(f"# Written by `impact up`; changes are lost.\n{text}", "utf-8")


def configuration(layout: Layout) -> dict[str, object]:
    """What is scraped, from where, and by which rules it is judged."""
    ports = layout.ports
    scraped = {
        "receiver": ports.webhooks,
        "worker": ports.worker,
        "gate": ports.gate,
        "journey": ports.journey,
        "api": ports.api,
        "monitor": ports.monitor,
        "prometheus": ports.prometheus,
    }
    return {
        "global": {"scrape_interval": f"{SCRAPE_S}s", "evaluation_interval": f"{SCRAPE_S}s"},
        "rule_files": [str(ALERTS)],
        "scrape_configs": [
            {"job_name": name, "static_configs": [{"targets": [f"{HOST}:{port}"]}]}
            for name, port in scraped.items()
        ],
    }
