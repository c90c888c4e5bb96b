"""What deliveries need to know, from the environment."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.webhooks.sealing import Sealer
from orchestration.impact_in.cron import Cron
from orchestration.impact_in.periods import GRAIN_OF


def _is_cadence(text: str) -> str:
    if text and text not in GRAIN_OF:
        Cron.parse(text)  # its error says what five fields look like
    return text


Cadence = Annotated[str, AfterValidator(_is_cadence)]
_SCHEDULE = (
    "monthly, quarterly, weekly, daily or five cron fields, for connections that never had a schedule."
)


class DeliverySettings(BaseSettings):
    """Everything is off until it is switched on: nobody's numbers leave by default."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    scheduler_enabled: bool = Field(False, description="Whether schedules come due and deliveries are sent.")
    impact_in_benevity_enabled: bool = Field(False, description="For companies that say nothing themselves.")
    impact_in_goodera_enabled: bool = Field(False, description="For companies that say nothing themselves.")
    impact_in_workday_enabled: bool = Field(False, description="For companies that say nothing themselves.")
    impact_in_webhook_enabled: bool = Field(False, description="For companies that say nothing themselves.")
    schedule_benevity: Cadence = Field("", description=_SCHEDULE)
    schedule_goodera: Cadence = Field("", description=_SCHEDULE)
    schedule_workday: Cadence = Field("", description=_SCHEDULE)
    schedule_webhook: Cadence = Field("", description=_SCHEDULE)
    impact_in_private_hosts: frozenset[str] = Field(
        frozenset(),
        description="Hosts that may be on a private address and without TLS, as a JSON list of host:port.",
    )
    impact_delivery_secrets_key: SecretStr = Field(
        SecretStr(""), description="Encrypts the partners' secrets in Postgres."
    )

    def enabled_platforms(self) -> list[str]:
        """The platforms that are on for companies that say nothing; another one needs each company's yes."""
        return sorted(
            name.removeprefix("impact_in_").removesuffix("_enabled")
            for name, is_on in self
            if name.startswith("impact_in_") and name.endswith("_enabled") and is_on
        )

    def default_cadences(self) -> dict[str, str]:
        """By platform: the schedule that a connection without one gets."""
        return {
            name.removeprefix("schedule_"): cadence
            for name, cadence in self
            if name.startswith("schedule_") and cadence
        }

    def sealer(self) -> Sealer | None:
        key = self.impact_delivery_secrets_key.get_secret_value()
        return Sealer(key) if key else None
