"""`impact webhooks send-sample`: one signed webhook to the running receiver, to see the way in at work."""

from __future__ import annotations

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.webhooks.sample import send_sample
from orchestration.console import explained, out
from orchestration.stack.errors import PlatformError


class SampleSettings(BaseSettings):
    """Where to send it and what to sign it with; `impact` puts both into the environment."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    impact_webhook_url: str = Field(description="Webhook receiver.")
    impact_webhook_secret_kintell: SecretStr = Field(description="Signs Kintell's webhooks.")


def send() -> None:
    """Sign one Kintell `session-completed` webhook, send it and show the answer."""
    settings = SampleSettings()
    secret = settings.impact_webhook_secret_kintell.get_secret_value().replace(",", " ").split()[0]
    with explained():
        try:
            result = send_sample(settings.impact_webhook_url, secret)
        except OSError as error:
            raise PlatformError(
                f"no receiver answers at {settings.impact_webhook_url}: {error}. `make up` starts it;"
                " `impact status` shows what it does."
            ) from error
        out.print(f"{result.status} {result.answer}", markup=False)
        if result.status >= 300:
            raise PlatformError("The receiver refused it; `impact logs receiver` says why.")
    where = f"subject = 'session/{result.session_id}'"
    out.print(f"Delivery {result.delivery_id}. Within two seconds the warehouse has its event:")
    out.print(
        f'  curl "$CLICKHOUSE_URL" -d "select * from raw.events where {where} format Vertical"',  # noqa: S608
        markup=False, soft_wrap=True,
    )  # fmt: skip
    out.print('`eval "$(.venv/bin/impact env)"` gives this shell the address.', markup=False)
