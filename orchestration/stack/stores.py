"""How each embedded store is started: its command, its configuration and how to tell that it is ready."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

from orchestration.stack.child import Child, child_environment
from orchestration.stack.health import HttpProbe, PostgresProbe
from orchestration.stack.layout import HOST, Layout
from orchestration.stack.priority import BEHIND_ANSWERS

__all__ = ["child_environment", "clickhouse", "embedded_stores", "nats", "postgres"]

NATS_CONFIG = """\
# Written by `impact up`; changes are lost.
server_name: impact
host: {host}
port: {port}
http: "{host}:{monitor}"
max_payload: 8MB
authorization {{ user: impact, password: {password} }}
jetstream {{
  store_dir: {store}
  # An acknowledged message is on disk. The default would sync every two minutes.
  sync_interval: always
  max_file_store: 64GB
  max_memory_store: 64MB
}}
"""


def embedded_stores(layout: Layout) -> list[Child]:
    """The stores that this platform runs itself, that is: those without an address from the operator."""
    makers = {"nats": nats, "postgres": postgres, "clickhouse": clickhouse}
    return [make(layout) for store, make in makers.items() if not layout.is_external(store)]


def nats(layout: Layout) -> Child:
    config = layout.home / "nats" / "nats.conf"
    # json.dumps: NATS reads JSON strings, so any folder name is quoted right.
    text = NATS_CONFIG.format(
        host=HOST,
        port=layout.ports.nats,
        monitor=layout.ports.nats_monitor,
        password=json.dumps(layout.secrets.nats_password),
        store=json.dumps(str(layout.home / "nats")),
    )
    _write_private(config, text)
    server = Path(sys.executable).parent / "nats-server"
    return Child(
        "nats",
        (str(server), "-c", str(config)),
        layout.ports.nats,
        HttpProbe(f"http://{HOST}:{layout.ports.nats_monitor}/healthz"),
        group="stores",
        # Goes back to the system what a burst has taken; far above what the idle server uses.
        environment={"GOMEMLIMIT": "512MiB"},
    )


def postgres(layout: Layout) -> Child:
    return Child(
        "postgres",
        (sys.executable, "-m", "orchestration.stack.postgres", "--data", str(layout.home / "postgres"),
         "--port", str(layout.ports.postgres)),
        layout.ports.postgres,
        PostgresProbe(layout.postgres_url),
        group="stores",
        environment={
            "POSTGRES_PASSWORD": layout.secrets.postgres_password,
            "XDG_RUNTIME_DIR": str(layout.run),  # the wheel warns when it is missing
        },
        # Fast shutdown. SIGTERM would wait for every client to leave by itself.
        stop_signal="INT",
    )  # fmt: skip


def clickhouse(layout: Layout) -> Child:
    return Child(
        "clickhouse",
        (sys.executable, "-m", "orchestration.stack.clickhouse", "--data", str(layout.home / "clickhouse"),
         "--port", str(layout.ports.clickhouse)),
        layout.ports.clickhouse,
        HttpProbe(f"http://{HOST}:{layout.ports.clickhouse}/ping"),
        group="stores",
        environment={"CLICKHOUSE_PASSWORD": layout.secrets.clickhouse_password},
        niceness=BEHIND_ANSWERS,
    )  # fmt: skip


def _write_private(path: Path, text: str) -> None:
    """Put the file in its place whole, readable by its owner alone.

    Whoever asks how the platform is writes it anew, and NATS may be starting at that moment.
    """
    descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    Path(beside).replace(path)
