"""What the gate needs to know, from the environment."""

from __future__ import annotations

from pydantic import Field, SecretStr

from ingest.stores import StoreSettings
from orchestration.gate.stream import ACK_WAIT_S
from orchestration.gate.sweep import EVERY_S


class GateSettings(StoreSettings):
    """The stores, the gate's own address, and the key of its hashes."""

    impact_host: str = Field("127.0.0.1", description="Address to listen on")
    impact_port_gate: int = Field(
        8003, ge=1, le=65_535, description="Port of the gate's /healthz and /metrics"
    )
    # No default: with a known key anybody could try out what a text may have been.
    impact_text_hash_key: SecretStr = Field(min_length=32, description="Keys the hashes of texts")
    impact_ack_wait_s: float = Field(
        ACK_WAIT_S, gt=0, description="Seconds until the messages of a gate that died go to another one"
    )
    impact_sweep_every_s: float = Field(
        EVERY_S, gt=0, description="Seconds between looks for texts that came by another way than the stream"
    )

    @property
    def hash_key(self) -> bytes:
        return self.impact_text_hash_key.get_secret_value().encode()
