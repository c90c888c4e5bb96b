"""How each embedded store is started: the command, its configuration file and how to tell that it is ready."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.stack.layout import HOST, Layout


@dataclass(frozen=True)
class Child:
    """One process of the platform, run in the foreground by whoever supervises it."""

    name: str
    command: tuple[str, ...]
    port: int
    health_url: str | None = None  # None: healthy when the port accepts connections
    environment: Mapping[str, str] = field(default_factory=dict)


def nats(layout: Layout) -> Child:
    config = layout.home / "nats" / "nats.conf"
    config.write_text(
        f"""
server_name: impact
host: {HOST}
port: {layout.ports.nats}
http: "{HOST}:{layout.ports.nats_monitor}"
max_payload: 8MB
authorization {{ user: impact, password: "{layout.secrets.nats_password}" }}
jetstream {{
  store_dir: "{layout.home / "nats"}"
  # An acknowledged message is on disk. The default would sync every two minutes.
  sync_interval: always
  max_file_store: 64GB
}}
""",
        encoding="utf-8",
    )
    config.chmod(0o600)
    server = Path(sys.executable).parent / "nats-server"
    return Child(
        "nats", (str(server), "-c", str(config)), layout.ports.nats,
        health_url=f"http://{HOST}:{layout.ports.nats_monitor}/healthz",
    )  # fmt: skip


def postgres(layout: Layout) -> Child:
    return Child(
        "postgres",
        (sys.executable, "-m", "orchestration.stack.postgres", "--data", str(layout.home / "postgres"),
         "--port", str(layout.ports.postgres)),
        layout.ports.postgres,
        environment={"POSTGRES_PASSWORD": layout.secrets.postgres_password},
    )  # fmt: skip


def clickhouse(layout: Layout) -> Child:
    return Child(
        "clickhouse",
        (sys.executable, "-m", "orchestration.stack.clickhouse", "--data", str(layout.home / "clickhouse"),
         "--port", str(layout.ports.clickhouse)),
        layout.ports.clickhouse,
        health_url=f"http://{HOST}:{layout.ports.clickhouse}/ping",
        environment={"CLICKHOUSE_PASSWORD": layout.secrets.clickhouse_password},
    )  # fmt: skip


def child_environment(layout: Layout, child: Child) -> dict[str, str]:
    return {**os.environ, **layout.environment(), **child.environment}
