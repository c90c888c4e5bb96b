"""Settings of the processes that load Dagster's definitions. The stores' addresses are in `ingest.stores`."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class OrchestrationSettings(BaseSettings):
    """Built once, in `orchestration/definitions.py`."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    impact_home: Path = Field(
        Path(".impact"), description="Data folder: landing files, dbt artifacts, the embedded stores."
    )
