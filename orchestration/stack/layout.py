"""Where an embedded platform keeps its things: one folder, its ports, its secrets and its addresses."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.sealing.master import ensure_file
from orchestration import dbt
from orchestration.stack import folder
from orchestration.stack.credentials import StackSecrets

PROJECT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"  # nothing of the embedded platform listens beyond loopback
TEXT_KEYS = "text-keys"
STORES = ("postgres", "clickhouse", "nats")
_BELOW_OUTGOING = range(16_384, 32_768)  # Linux begins its outgoing ports at 32768, macOS at 49152


class Ports(BaseSettings):
    """One port per listening process, each set by `IMPACT_PORT_<NAME>`."""

    model_config = SettingsConfigDict(
        env_prefix="IMPACT_PORT_", env_file=PROJECT / ".env", extra="ignore", frozen=True
    )

    api: int = Field(8000, ge=1, le=65535, description="Serving API.")
    webhooks: int = Field(8001, ge=1, le=65535, description="Webhook receiver.")
    worker: int = Field(8002, ge=1, le=65535, description="Worker: health and metrics only.")
    gate: int = Field(8003, ge=1, le=65535, description="Gate of texts: health and metrics only.")
    journey: int = Field(8004, ge=1, le=65535, description="Journey engine: health and metrics only.")
    monitor: int = Field(8005, ge=1, le=65535, description="Monitor: health and metrics only.")
    prometheus: int = Field(9090, ge=1, le=65535, description="Prometheus, with `--with-monitoring`.")
    dagster: int = Field(3000, ge=1, le=65535, description="Dagster's web interface.")
    dagster_code: int = Field(3001, ge=1, le=65535, description="Dagster's code server (gRPC).")
    clickhouse: int = Field(8123, ge=1, le=65535, description="Embedded ClickHouse, HTTP.")
    postgres: int = Field(15432, ge=1, le=65535, description="Embedded Postgres.")
    nats: int = Field(4222, ge=1, le=65535, description="Embedded NATS.")
    nats_monitor: int = Field(8222, ge=1, le=65535, description="Embedded NATS, health and monitoring.")

    @classmethod
    def free(cls) -> Ports:
        """Ports nobody uses now, for tests beside a running platform.

        From below the range out of which the kernel serves outgoing connections: one of those could take the
        port before its server does, or while its server is killed and comes back.
        """
        with ExitStack() as open_sockets:
            free: list[Any] = []
            while len(free) < len(cls.model_fields):
                candidate = open_sockets.enter_context(socket.socket())
                with suppress(OSError):  # in use: try another
                    candidate.bind((HOST, _BELOW_OUTGOING.start + secrets.randbelow(len(_BELOW_OUTGOING))))
                    free.append(candidate.getsockname()[1])
            return cls(**dict(zip(cls.model_fields, free, strict=True)))


@dataclass(frozen=True)
class Layout:
    """One platform: its data folder with what it needs to start, and what the operator has set instead."""

    home: Path
    ports: Ports
    secrets: StackSecrets
    stack_id: str
    overrides: Mapping[str, str] = field(default_factory=dict, repr=False)  # may hold passwords

    @classmethod
    def open(cls, home: Path, ports: Ports, overrides: Mapping[str, str] | None = None) -> Layout:
        """Open the data folder, making it if it is new or empty. `overrides` are environment variables
        that replace generated values: addresses of external stores, or secrets agreed with others."""
        home = home.expanduser().absolute()
        stack_id = folder.claim(home)
        secrets = StackSecrets.load_or_create(home / "secrets.json")
        ensure_file(home / TEXT_KEYS)
        return cls(home, ports, secrets, stack_id)._with(overrides or {})

    def _with(self, overrides: Mapping[str, str]) -> Layout:
        # A shell that has read `impact env` holds this platform's own addresses: those replace nothing.
        own = self.environment()
        differing = {name: value for name, value in overrides.items() if value != own.get(name)}
        return Layout(self.home, self.ports, self.secrets, self.stack_id, differing)

    def is_external(self, store: str) -> bool:
        """True if the operator gave the store's address, so that it is not started here."""
        return f"{store.upper()}_URL" in self.overrides

    @property
    def postgres_url(self) -> str:
        return self.overrides.get(
            "POSTGRES_URL",
            f"postgresql://impact:{self.secrets.postgres_password}@{HOST}:{self.ports.postgres}/impact",
        )

    @property
    def clickhouse_url(self) -> str:
        return self.overrides.get(
            "CLICKHOUSE_URL",
            f"http://default:{self.secrets.clickhouse_password}@{HOST}:{self.ports.clickhouse}",
        )

    @property
    def nats_url(self) -> str:
        return self.overrides.get(
            "NATS_URL", f"nats://impact:{self.secrets.nats_password}@{HOST}:{self.ports.nats}"
        )

    @property
    def text_keys(self) -> Path:
        """The master key of people's texts. A file of its own: backups of the folder must not hold it."""
        return self.home / TEXT_KEYS

    @property
    def run(self) -> Path:
        return self.home / "run"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    def environment(self) -> dict[str, str]:
        """What every process of the platform, and every client of it, needs to know."""
        return {
            "IMPACT_HOME": str(self.home),
            "POSTGRES_URL": self.postgres_url,
            "CLICKHOUSE_URL": self.clickhouse_url,
            "NATS_URL": self.nats_url,
            "IMPACT_API_URL": f"http://{HOST}:{self.ports.api}",
            "IMPACT_WEBHOOK_URL": f"http://{HOST}:{self.ports.webhooks}",
            "DAGSTER_URL": f"http://{HOST}:{self.ports.dagster}",
            "DAGSTER_HOME": str(self.home / "dagster"),
            "DAGSTER_POSTGRES_URL": dagster_storage_url(self.postgres_url),
            "IMPACT_ADMIN_KEY": self.secrets.admin_key,
            "IMPACT_JWT_SECRET": self.secrets.jwt_secret,
            "IMPACT_WEBHOOK_SECRET_KINTELL": self.secrets.webhook_secret_kintell,
            "IMPACT_WEBHOOK_SECRET_BUDDY": self.secrets.webhook_secret_buddy,
            "IMPACT_WEBHOOK_SECRET_UPSKILLING": self.secrets.webhook_secret_upskilling,
            "IMPACT_WEBHOOK_SECRETS_KEY": self.secrets.webhook_secrets_key,
            "IMPACT_TEXT_HASH_KEY": self.secrets.text_hash_key,
            "IMPACT_DELIVERY_SECRETS_KEY": self.secrets.delivery_secrets_key,
            # Its place and not the key: rotation changes the file while everything runs.
            "IMPACT_TEXT_KEYS_FILE": str(self.text_keys),
            **{f"IMPACT_PORT_{name.upper()}": str(port) for name, port in self.ports.model_dump().items()},
            **self.overrides,
            # The same two addresses in the pieces that dbt's profiles ask for.
            **dbt.environment(clickhouse_url=self.clickhouse_url, postgres_url=self.postgres_url),
        }


def dagster_storage_url(postgres_url: str) -> str:
    """The same database with `dagster` as its schema, so that Dagster's tables stay out of ours."""
    separator = "&" if urlsplit(postgres_url).query else "?"
    # Dagster 1.13 speaks psycopg2. SQLAlchemy 2.1 would choose psycopg 3, on which Dagster's NOTIFY fails and
    # its statement timeout closes the connection.
    address = postgres_url.partition("://")[2]
    options = quote("-csearch_path=dagster")
    # The plugin is in orchestration/stack/kept_connections.py.
    return f"postgresql+psycopg2://{address}{separator}options={options}&plugin=kept_connections"
