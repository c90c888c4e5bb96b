"""What the journey engine needs to know, from the environment."""

from __future__ import annotations

from pydantic import Field

from ingest.stores import StoreSettings
from orchestration.journey.stream import ACK_WAIT_S
from orchestration.journey.sweep import EVERY_S


class JourneySettings(StoreSettings):
    """The stores, and the engine's own address."""

    impact_host: str = Field("127.0.0.1", description="Address to listen on")
    impact_port_journey: int = Field(
        8004, ge=1, le=65_535, description="Port of the journey engine's /healthz and /metrics"
    )
    impact_ack_wait_s: float = Field(
        ACK_WAIT_S, gt=0, description="Seconds until the messages of an engine that died go to another one"
    )
    impact_sweep_every_s: float = Field(
        EVERY_S, gt=0, description="Seconds between looks for activities that came by another way"
    )
