"""What the demo needs to know of the platform it feeds; `impact` puts it into the environment."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class DemoSettings(BaseSettings):
    """Built once, in `orchestration.demo.command`. The stores' addresses are in `ingest.stores`."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    impact_home: Path = Field(description="Data folder of the platform.")
    impact_api_url: str = Field(description="Serving API.")
    impact_webhook_url: str = Field(description="Webhook receiver.")
    impact_webhook_secret_kintell: SecretStr = Field(description="Signs Kintell's webhooks.")
    dagster_url: str = Field(description="Dagster's web page, which also takes GraphQL.")

    @property
    def landing(self) -> Path:
        return self.impact_home / "landing"

    @property
    def folder(self) -> Path:
        """The demo's own files: what it told the platform, for whoever wants to look."""
        return self.impact_home / "demo"

    @property
    def state_file(self) -> Path:
        return self.impact_home / "demo.json"
