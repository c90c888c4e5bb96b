"""Settings of the processes that load Dagster's definitions."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, Secret
from pydantic_settings import BaseSettings, SettingsConfigDict


class OrchestrationSettings(BaseSettings):
    """Built once, in `orchestration/definitions.py`."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    impact_home: Path = Field(
        Path(".impact"), description="Data folder: landing files, dbt artifacts, the embedded stores."
    )
    impact_api_url: str = Field("", description="Serving API, for links to the pages it serves.")
    # Optional, since the definitions load without any store; a run that needs one says so.
    clickhouse_url: Secret[str] | None = Field(None, description="http://user:password@host:port")
    postgres_url: Secret[str] | None = Field(
        None, description="postgresql://user:password@host:port/database"
    )

    @property
    def store_urls(self) -> dict[str, str]:
        """What is known of the stores that dbt builds in, as arguments of `orchestration.dbt.environment`."""
        urls = {"clickhouse_url": self.clickhouse_url, "postgres_url": self.postgres_url}
        return {name: url.get_secret_value() for name, url in urls.items() if url}
