"""What processes that call models need to know."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from nlp.spend.prices import PRICES


class AiSettings(BaseSettings):
    """Without a key no provider is ever asked, and everything is labelled on this machine."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    anthropic_api_key: SecretStr | None = Field(
        None,
        description="Key of Claude's API. None: texts are labelled by the local model alone.",
    )
    anthropic_base_url: str | None = Field(None, description="Another address of Claude's API.")
    ai_price_file: Path = Field(PRICES, description="Prices of models; those of this version if left out.")
    ai_requests_per_minute: int = Field(
        100, ge=1, description="Texts a company may have classified over the API in any 60 seconds."
    )
