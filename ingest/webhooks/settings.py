"""What the receiver needs to know, from the environment."""

from __future__ import annotations

import re

import asyncpg
from pydantic import Field, Secret, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.webhooks.sources import SOURCES


class ReceiverSettings(BaseSettings):
    """A source without a secret is refused with 503: a known or empty secret would let anyone in."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    postgres_url: Secret[str] = Field(description="postgresql://user:password@host:port/database")
    impact_host: str = Field("127.0.0.1", description="Address to listen on")
    impact_port_webhooks: int = Field(8001, description="Port of the webhook receiver")
    impact_webhook_secret_kintell: SecretStr = Field(
        SecretStr(""),
        description="Secret of Kintell's signatures; several (space or comma between) during a rotation",
    )

    def secrets(self) -> dict[str, tuple[bytes, ...]]:
        """The active secrets of each source, empty where none is set."""
        return {
            source.name: tuple(
                secret.encode()
                for secret in re.split(
                    r"[\s,]+", getattr(self, source.secret_variable.lower()).get_secret_value()
                )
                if secret
            )
            for source in SOURCES
        }

    async def connect(self) -> asyncpg.Connection:
        """A connection that gives up rather than hangs: a sender waits for the answer."""
        return await asyncpg.connect(self.postgres_url.get_secret_value(), timeout=5, command_timeout=10)
