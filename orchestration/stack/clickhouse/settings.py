"""Limits of the front. Each is a flag of `python -m orchestration.stack.clickhouse` and `CLICKHOUSE_FRONT_<NAME>`."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

MIB = 1 << 20


class FrontSettings(BaseSettings):
    """Built once, in the entry point."""

    model_config = SettingsConfigDict(env_prefix="CLICKHOUSE_FRONT_", frozen=True)

    data: Path = Field(description="Folder of the engine's data; created when missing.")
    port: int = Field(ge=1, le=65535, description="Port on the loopback interface.")
    user: str = Field("default", min_length=1, description="The one user.")
    password: SecretStr = Field(
        validation_alias="CLICKHOUSE_PASSWORD",
        min_length=8,
        description="Its password. No default: a known one is none.",
    )
    max_concurrent_queries: int = Field(
        32, ge=1, description="Statements that run at once; more get code 202."
    )
    max_sessions: int = Field(
        256, ge=1, description="Sessions (`session_id`) open at once; more get code 202."
    )
    max_statement_mib: int = Field(16, ge=1, description="Size of a statement's text, without INSERT data.")
    max_request_mib: int = Field(4096, ge=1, description="Size of a request's body once decompressed.")
    max_execution_s: int = Field(
        600, ge=1, description="Default `max_execution_time`; a client's own setting wins."
    )
    max_body_wait_s: int = Field(60, ge=1, description="Seconds a client may pause while it sends a body.")
    max_result_mib: int = Field(
        1024, ge=1, description="Size of a result in a format that cannot be streamed (JSON, Parquet, …)."
    )
    max_memory_mib: int = Field(
        2048, ge=256, description="Memory of all statements together (`max_server_memory_usage`)."
    )
    stop_s: float = Field(7, gt=0, description="Seconds that running statements get to finish after SIGTERM.")
