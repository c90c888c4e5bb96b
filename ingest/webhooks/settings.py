"""What the receiver needs to know, from the environment."""

from __future__ import annotations

import re

import asyncpg
from pydantic import Field, Secret, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.webhooks.sealing import Sealer
from ingest.webhooks.sources import BY_NAME, SOURCES


class ReceiverSettings(BaseSettings):
    """A source without a secret is refused with 503: a known or empty secret would let anyone in."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    postgres_url: Secret[str] = Field(description="postgresql://user:password@host:port/database")
    impact_host: str = Field("127.0.0.1", description="Address to listen on")
    impact_port_webhooks: int = Field(8001, description="Port of the webhook receiver")
    impact_webhook_secret_kintell: SecretStr = Field(SecretStr(""), description="Secret of Kintell.")
    impact_webhook_secret_buddy: SecretStr = Field(SecretStr(""), description="Secret of the buddy system.")
    impact_webhook_secret_upskilling: SecretStr = Field(
        SecretStr(""), description="Secret of the learning platforms."
    )
    impact_webhook_secret_discord: SecretStr = Field(SecretStr(""), description="Secret of our Discord bot.")
    impact_webhook_secret_benevity: SecretStr = Field(SecretStr(""), description="Secret of Benevity.")
    impact_webhook_secret_goodera: SecretStr = Field(SecretStr(""), description="Secret of Goodera.")
    impact_webhook_secret_workday: SecretStr = Field(SecretStr(""), description="Secret of Workday.")
    impact_webhook_secrets_key: SecretStr = Field(
        SecretStr(""), description="Opens the secrets that `impact webhooks rotate` made."
    )
    impact_webhook_rate_per_s: float = Field(
        20_000, ge=0, description="Deliveries per second that one source may send; 0 is no limit"
    )
    impact_webhook_rates_per_s: dict[str, float] = Field(
        default_factory=dict, description='Other limits by source, as JSON: {"buddy": 100}'
    )

    @field_validator("impact_webhook_rates_per_s")
    @classmethod
    def _only_sources(cls, rates: dict[str, float]) -> dict[str, float]:
        if unknown := sorted(set(rates).difference(BY_NAME)):
            raise ValueError(f"no such source: {', '.join(unknown)}; there are {', '.join(BY_NAME)}")
        return rates

    def secrets(self) -> dict[str, tuple[bytes, ...]]:
        """The secrets of each source from the environment; several have a space or a comma between them."""
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

    def limits(self) -> dict[str, float]:
        """The most deliveries per second of each source."""
        return {
            name: self.impact_webhook_rates_per_s.get(name, self.impact_webhook_rate_per_s)
            for name in BY_NAME
        }

    def sealer(self) -> Sealer | None:
        key = self.impact_webhook_secrets_key.get_secret_value()
        return Sealer(key) if key else None

    async def connect(self) -> asyncpg.Connection:
        """A connection that gives up rather than hangs: a sender waits for the answer."""
        return await asyncpg.connect(self.postgres_url.get_secret_value(), timeout=5, command_timeout=10)
