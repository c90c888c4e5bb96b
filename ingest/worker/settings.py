"""What the worker needs to know, from the environment."""

from __future__ import annotations

from pydantic import Field

from ingest.loader import ACK_WAIT_S
from ingest.stores import StoreSettings


class WorkerSettings(StoreSettings):
    """The stores, and the worker's own address and patience."""

    impact_host: str = Field("127.0.0.1", description="Address to listen on")
    impact_port_worker: int = Field(8002, description="Port of the worker's /healthz and /metrics")
    dagster_url: str = Field(
        "http://127.0.0.1:3000", description="Where loads are reported as materializations"
    )
    impact_ack_wait_s: float = Field(
        ACK_WAIT_S, gt=0, description="Seconds until the messages of a worker that died go to another one"
    )
    impact_retry_base_s: float = Field(
        5.0,
        gt=0,
        description="Longest pause before a failed delivery's first retry; six times longer each time after",
    )
