"""Limits of the front: flags of `python -m orchestration.stack.clickhouse`, or CLICKHOUSE_FRONT_<NAME>."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, CliSuppress, SettingsConfigDict

MIB = 1 << 20


class FrontSettings(BaseSettings):
    """Built once, in the entry point."""

    model_config = SettingsConfigDict(env_prefix="CLICKHOUSE_FRONT_", frozen=True)

    data: Path = Field(description="Folder of the engine's data; made if it is missing.")
    port: int = Field(ge=1, le=65535, description="Port on the loopback interface.")
    user: str = Field("default", min_length=1, description="The one user.")
    password: CliSuppress[SecretStr] = Field(
        validation_alias="CLICKHOUSE_PASSWORD",
        min_length=8,
        description="The user's password, from the environment only. No default: a known password is none.",
    )
    max_concurrent_queries: int = Field(
        32, ge=1, description="Statements running at once; one more gets code 202, HTTP 503."
    )
    max_sessions: int = Field(
        256, ge=1, description="Sessions open at once; one more gets code 202, HTTP 503."
    )
    max_statement_mib: int = Field(16, ge=1, description="Size of a statement without INSERT data.")
    max_request_mib: int = Field(4096, ge=1, description="Size of a request, decompressed.")
    max_result_mib: int = Field(512, ge=1, description="Size of a result that has to be built in memory.")
    max_execution_s: int = Field(
        600, ge=1, description="Default max_execution_time; a client may set its own."
    )
    max_body_wait_s: int = Field(60, ge=1, description="Seconds a client may pause while it sends a request.")
    max_memory_mib: int = Field(2048, ge=256, description="Memory of all statements together.")
    stop_s: int = Field(7, ge=1, description="Seconds running statements get to finish after SIGTERM.")
