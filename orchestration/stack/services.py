"""Our own processes and Dagster's, in the order in which they need each other."""

from __future__ import annotations

import shutil
import sys

import yaml

from orchestration.stack.child import Child
from orchestration.stack.health import DaemonProbe, GrpcProbe, HttpProbe
from orchestration.stack.layout import HOST, PROJECT, Layout
from orchestration.stack.priority import BEFORE_OTHERS, BEHIND_ANSWERS, IN_THE_BACKGROUND

DAEMON_INTERVALS = {
    # Looks for failed runs to repeat; every 5 s by default.
    "DAGSTER_EVENT_LOG_CONSUMER_DAEMON_INTERVAL_SECONDS": "20",
    # Works through every asset; every 30 s by default. The policies allow 25 hours and more.
    "FRESHNESS_DAEMON_INTERVAL_SECONDS": "300",
}


def applications(layout: Layout) -> list[Child]:
    """Our own processes and Dagster's code server: they need the migrated stores, not each other."""
    ports = layout.ports
    code = (sys.executable, "-m", "orchestration.code_server", "grpc",
            "--module-name", "orchestration.definitions", "--working-directory", str(PROJECT),
            "--location-name", "impact", "--host", HOST, "--port", str(ports.dagster_code),
            "--use-python-environment-entry-point", "--max-workers", "4")  # fmt: skip
    return [
        _own("receiver", "ingest.webhooks", ports.webhooks, niceness=BEFORE_OTHERS),
        _own("worker", "ingest.worker", ports.worker, niceness=BEHIND_ANSWERS),
        _own("gate", "orchestration.gate", ports.gate, niceness=BEHIND_ANSWERS),
        _own("journey", "orchestration.journey", ports.journey, niceness=BEHIND_ANSWERS),
        _own("api", "serving", ports.api),
        Child(
            "dagster-code",
            code,
            ports.dagster_code,
            GrpcProbe(f"{HOST}:{ports.dagster_code}", "DagsterApi"),
            niceness=IN_THE_BACKGROUND,
        ),
    ]


def dagster_services(layout: Layout) -> list[Child]:
    """Dagster's web interface and daemon: both read the definitions from the one code server."""
    workspace = _prepare_dagster_home(layout)
    url = f"http://{HOST}:{layout.ports.dagster}"
    webserver = (sys.executable, "-m", "dagster_webserver", "--workspace", workspace,
                 "--host", HOST, "--port", str(layout.ports.dagster))  # fmt: skip
    daemon = (sys.executable, "-m", "dagster._daemon", "run", "--workspace", workspace)
    return [
        Child(
            "dagster-webserver",
            webserver,
            layout.ports.dagster,
            HttpProbe(f"{url}/server_info"),
            niceness=BEHIND_ANSWERS,
        ),
        Child(
            "dagster-daemon",
            daemon,
            None,
            DaemonProbe(url),
            environment=DAEMON_INTERVALS,
            niceness=IN_THE_BACKGROUND,
        ),
    ]


def _own(name: str, module: str, port: int, niceness: int = 0) -> Child:
    probe = HttpProbe(f"http://{HOST}:{port}/healthz")
    return Child(name, (sys.executable, "-m", module), port, probe, niceness=niceness)


def _prepare_dagster_home(layout: Layout) -> str:
    """Bring DAGSTER_HOME to this version: the instance's settings and where the code server is."""
    home = layout.home / "dagster"
    # A copy, because Dagster looks for it in DAGSTER_HOME, next to what it writes.
    shutil.copyfile(PROJECT / "dagster.yaml", home / "dagster.yaml")
    server = {"host": HOST, "port": layout.ports.dagster_code, "location_name": "impact"}
    workspace = home / "workspace.yaml"
    workspace.write_text(yaml.safe_dump({"load_from": [{"grpc_server": server}]}), encoding="utf-8")
    return str(workspace)
