"""What the operator may set about the platform, from the environment or the project's `.env`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, TypeVar

import psutil
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from orchestration.stack.errors import PlatformError
from orchestration.stack.folder import read_id
from orchestration.stack.layout import PROJECT, Layout, Ports
from orchestration.stack.priority import PrioritySettings

STATE = "state.json"
_Settings = TypeVar("_Settings", bound=BaseSettings)


class StackSettings(BaseSettings):
    """Everything is optional: without it the platform makes its own stores and secrets."""

    model_config = SettingsConfigDict(env_file=PROJECT / ".env", extra="ignore", frozen=True)

    impact_home: Path = Field(Path(".impact"), description="Data folder; a relative one is in the project.")
    postgres_url: SecretStr | None = Field(
        None, description="An external Postgres instead of the embedded one."
    )
    clickhouse_url: SecretStr | None = Field(None, description="An external ClickHouse, by its HTTP address.")
    nats_url: SecretStr | None = Field(None, description="An external NATS with JetStream.")
    impact_admin_key: SecretStr | None = Field(None, description="Replaces the generated admin API key.")
    impact_jwt_secret: SecretStr | None = Field(None, description="Replaces the generated JWT secret.")
    impact_webhook_secret_kintell: SecretStr | None = Field(None, description="Secret agreed with Kintell.")
    impact_webhook_secret_buddy: SecretStr | None = Field(None, description="Secret agreed with Buddy.")
    impact_webhook_secret_upskilling: SecretStr | None = Field(
        None, description="Secret agreed with Upskilling."
    )
    impact_webhook_secret_discord: SecretStr | None = Field(None, description="Secret of our Discord bot.")
    impact_webhook_secret_benevity: SecretStr | None = Field(None, description="Secret of Benevity.")
    impact_webhook_secret_goodera: SecretStr | None = Field(None, description="Secret of Goodera.")
    impact_webhook_secret_workday: SecretStr | None = Field(None, description="Secret of Workday.")
    impact_webhook_secrets_key: SecretStr | None = Field(
        None, description="Replaces the generated key that encrypts rotated webhook secrets."
    )
    impact_text_hash_key: SecretStr | None = Field(
        None, description="Replaces the generated key of the hashes of texts."
    )
    impact_text_keys: SecretStr | None = Field(
        None, description="Replaces the generated file with the master key of people's texts."
    )
    impact_delivery_secrets_key: SecretStr | None = Field(
        None, description="Replaces the generated key that encrypts the secrets of CSR suites."
    )

    @property
    def home(self) -> Path:
        return (PROJECT / self.impact_home.expanduser()).absolute()

    def overrides(self) -> dict[str, str]:
        """The variables that are set, by their environment name."""
        return {
            name.upper(): value.get_secret_value()
            for name, value in self
            if isinstance(value, SecretStr) and value.get_secret_value()
        }


def startable_layout() -> Layout:
    """The platform to start: as it was started if it runs, else as this shell's environment describes it.

    Makes the data folder if it is new.
    """
    settings = _read(StackSettings)
    if state := _recall(settings.home / "run" / STATE):
        return Layout.open(settings.home, Ports(**state["ports"]), state["overrides"])
    _read(PrioritySettings)  # refused here, before anything is made
    return Layout.open(settings.home, _read(Ports), settings.overrides())


def running_layout() -> Layout:
    """The platform as it was started, whatever this shell's environment says now about ports and stores.

    Refuses a folder that holds no platform.
    """
    read_id(_read(StackSettings).home)
    return startable_layout()


def remember(layout: Layout, supervisor: psutil.Process) -> None:
    """Keep what the platform was started with, for as long as its supervisor lives or until `forget`."""
    state = {
        "ports": layout.ports.model_dump(),
        "overrides": dict(layout.overrides),
        "supervisor": [supervisor.pid, supervisor.create_time()],
    }
    path = layout.run / STATE
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(state, file, indent=2)


def forget(layout: Layout) -> None:
    (layout.run / STATE).unlink(missing_ok=True)


def _recall(path: Path) -> dict[str, Any] | None:
    """What `remember` kept, if the supervisor it names still runs."""
    try:
        state: dict[str, Any] = json.loads(path.read_text("utf-8"))
        pid, created = state["supervisor"]
        return state if psutil.Process(pid).create_time() == created else None
    except (OSError, ValueError, psutil.Error):  # stopped, killed, or the machine has restarted
        return None


def _read(model: type[_Settings]) -> _Settings:
    try:
        return model()
    except ValidationError as error:
        # Names and reasons only: pydantic would quote the values, which may be secrets.
        problems = "; ".join(
            f"{model.model_config.get('env_prefix', '')}{item['loc'][0]}".upper() + f": {item['msg']}"
            for item in error.errors(include_input=False, include_url=False)
        )
        raise PlatformError(
            f"a setting in the environment or {PROJECT / '.env'} is wrong: {problems}"
        ) from None
