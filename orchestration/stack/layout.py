"""Where an embedded platform keeps its things: one folder, its ports and its secrets."""

from __future__ import annotations

import json
import os
import secrets
import socket
from dataclasses import asdict, dataclass, fields
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"  # nothing of the embedded platform listens beyond loopback


@dataclass(frozen=True)
class Ports:
    """One port per listening process; `IMPACT_PORT_<NAME>` overrides each."""

    api: int = 8000
    webhooks: int = 8001
    worker: int = 8002  # metrics only
    dagster: int = 3000
    dagster_code: int = 3001
    clickhouse: int = 8123
    postgres: int = 15432
    nats: int = 4222
    nats_monitor: int = 8222

    @classmethod
    def from_environment(cls) -> Ports:
        named = {f.name: os.environ.get(f"IMPACT_PORT_{f.name.upper()}") for f in fields(cls)}
        return cls(**{name: int(value) for name, value in named.items() if value})

    @classmethod
    def free(cls) -> Ports:
        """Ports nobody uses now, for tests beside a running platform."""
        sockets = [socket.socket() for _ in fields(cls)]
        try:
            for s in sockets:
                s.bind((HOST, 0))
            return cls(*(s.getsockname()[1] for s in sockets))
        finally:
            for s in sockets:
                s.close()


@dataclass(frozen=True)
class StackSecrets:
    """Made at the first start, kept in a file only its owner can read, never a default."""

    postgres_password: str
    clickhouse_password: str
    nats_password: str
    webhook_secret_kintell: str
    webhook_secret_buddy: str
    webhook_secret_upskilling: str
    jwt_secret: str
    admin_key: str

    def __repr__(self) -> str:
        return "StackSecrets(…)"

    @classmethod
    def load_or_create(cls, path: Path) -> StackSecrets:
        if path.exists():
            return cls(**json.loads(path.read_text()))
        made = cls(
            **{
                f.name: secrets.token_urlsafe(32)
                for f in fields(cls)
                if not f.name.startswith(("webhook_", "admin_"))
            },
            **{
                f.name: f"whsec_{secrets.token_urlsafe(32)}"
                for f in fields(cls)
                if f.name.startswith("webhook_")
            },
            admin_key=f"teei_live_{secrets.token_urlsafe(32)}",
        )
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(asdict(made), file, indent=2)
        return made


@dataclass(frozen=True)
class Layout:
    """The folder of one embedded platform with what it needs to start."""

    home: Path
    ports: Ports
    secrets: StackSecrets

    @classmethod
    def open(cls, home: Path, ports: Ports) -> Layout:
        for folder in ("logs", "run", "clickhouse", "nats", "postgres", "dagster", "dbt", "landing"):
            (home / folder).mkdir(parents=True, exist_ok=True)
        return cls(home, ports, StackSecrets.load_or_create(home / "secrets.json"))

    @property
    def postgres_url(self) -> str:
        return f"postgresql://impact:{self.secrets.postgres_password}@{HOST}:{self.ports.postgres}/impact"

    @property
    def clickhouse_url(self) -> str:
        return f"http://default:{self.secrets.clickhouse_password}@{HOST}:{self.ports.clickhouse}"

    @property
    def nats_url(self) -> str:
        return f"nats://impact:{self.secrets.nats_password}@{HOST}:{self.ports.nats}"

    def environment(self) -> dict[str, str]:
        """What every process of the platform, and every client of it, needs to know."""
        return {
            "IMPACT_HOME": str(self.home),
            "POSTGRES_URL": os.environ.get("POSTGRES_URL") or self.postgres_url,
            "CLICKHOUSE_URL": os.environ.get("CLICKHOUSE_URL") or self.clickhouse_url,
            "NATS_URL": os.environ.get("NATS_URL") or self.nats_url,
            "IMPACT_API_URL": f"http://{HOST}:{self.ports.api}",
            "IMPACT_WEBHOOK_URL": f"http://{HOST}:{self.ports.webhooks}",
            "DAGSTER_URL": f"http://{HOST}:{self.ports.dagster}",
            "DAGSTER_HOME": str(self.home / "dagster"),
            "IMPACT_ADMIN_KEY": self.secrets.admin_key,
            "IMPACT_JWT_SECRET": self.secrets.jwt_secret,
            "IMPACT_WEBHOOK_SECRET_KINTELL": self.secrets.webhook_secret_kintell,
            "IMPACT_WEBHOOK_SECRET_BUDDY": self.secrets.webhook_secret_buddy,
            "IMPACT_WEBHOOK_SECRET_UPSKILLING": self.secrets.webhook_secret_upskilling,
            "DO_NOT_TRACK": "1",
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }
