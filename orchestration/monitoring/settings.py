"""What the monitor needs to know, from the environment."""

from __future__ import annotations

from pydantic import Field

from ingest.stores import StoreSettings


class MonitorSettings(StoreSettings):
    """The stores, and the monitor's own address."""

    impact_host: str = Field("127.0.0.1", description="Address to listen on")
    impact_port_monitor: int = Field(
        8005, ge=1, le=65_535, description="Port of the monitor's /healthz and /metrics"
    )
