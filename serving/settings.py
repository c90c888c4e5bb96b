"""What the API process needs to know, read once from the environment (or `.env`)."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, Secret, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from ingest.stores import StoreSettings


class ServingSettings(StoreSettings):
    """Settings of `python -m serving`, beside the addresses of the stores."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    impact_home: Path = Field(
        Path(".impact"),
        description="Data folder; the built dbt docs are served from it.",
    )
    impact_host: str = Field(
        "127.0.0.1",
        description="Address to listen on; loopback unless said otherwise.",
    )
    impact_port_api: int = Field(8000, ge=1, le=65_535, description="Port to listen on.")
    # 32 bytes: RFC 7518 asks HS256 for a key at least as long as its hash. No default: a known key is no key.
    impact_jwt_secret: SecretStr = Field(
        min_length=32,
        description="Verifies HS256 access tokens where no key set is named, and signs the API's own links.",
    )
    impact_jwt_jwks_file: Path | None = Field(
        None, description="JWK set of whoever issues access tokens; then HS256 is refused."
    )
    impact_jwt_jwks_url: str | None = Field(
        None,
        pattern=r"^https?://",
        description="The same, fetched from the issuer and again every 5 minutes.",
    )
    impact_jwt_issuer: str | None = Field(
        None, description="The `iss` every access token has to have; required with a key set."
    )
    impact_jwt_audience: str | None = Field(
        None, description="The `aud` every access token has to have; required with a key set."
    )
    serving_pool_size: int = Field(16, ge=1, le=200, description="Postgres connections of one API process.")
    serving_user_requests_per_minute: int = Field(
        1000,
        ge=1,
        description="Limit of one user with an access token; API keys carry their own limit.",
    )
    serving_marts_database: str = Field(
        "marts", pattern=r"^\w+$", description="ClickHouse database that evidence is read from."
    )
    serving_queries_per_day: int = Field(
        10_000,
        ge=1,
        description="Reads of one company in a UTC day, over all its credentials and all API processes.",
    )
    serving_queries_per_month: int = Field(100_000, ge=1, description="The same in a calendar month, UTC.")
    serving_body_bytes: int = Field(
        1 << 20, ge=1024, description="Bytes a request's body may have; more is answered with 413."
    )
    serving_body_s: float = Field(
        20.0, gt=0, description="Seconds in which a request's body has to arrive, or the answer is 408."
    )
    serving_cors_origins: list[str] = Field(
        default_factory=list,
        description='Browser origins that may call the API, as a JSON list; none: `["https://cockpit.example"]`.',
    )
    streaming_enabled: bool = Field(
        True,
        description="Off: the live stream answers 501 and NATS is not needed.",
    )
    stream_heartbeat_s: float = Field(15.0, gt=0, description="Seconds between comments on a quiet stream.")
    stream_lifetime_s: float = Field(
        900.0,
        gt=0,
        description="Seconds until a stream ends and its client resumes.",
    )
    stream_retry_ms: int = Field(2000, ge=0, description="Milliseconds a client waits before it reconnects.")
    stream_ring_size: int = Field(
        4096,
        ge=2,
        description="Latest events per company kept in memory; a client further behind reads from the log.",
    )

    @model_validator(mode="after")
    def _tokens_are_for_us(self) -> ServingSettings:
        """An issuer's key signs for all its customers: without these two, ours could not be told apart."""
        named = [one for one in (self.impact_jwt_jwks_file, self.impact_jwt_jwks_url) if one is not None]
        if len(named) > 1:
            raise ValueError("name one of IMPACT_JWT_JWKS_FILE and IMPACT_JWT_JWKS_URL")
        if named and not (self.impact_jwt_issuer and self.impact_jwt_audience):
            raise ValueError("a key set needs IMPACT_JWT_ISSUER and IMPACT_JWT_AUDIENCE beside it")
        return self

    @classmethod
    def for_documentation(cls) -> ServingSettings:
        """Enough to describe the API without running it: the addresses are never opened."""
        return cls(
            _env_file=None,
            postgres_url=Secret("postgresql://nowhere"),
            clickhouse_url=Secret("http://nowhere"),
            nats_url=Secret("nats://nowhere"),
            impact_jwt_secret=SecretStr("x" * 32),
        )
