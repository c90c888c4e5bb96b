"""Every event type of the platform, one Struct each, grouped by family."""

from ingest.contracts import kintell
from ingest.contracts.base import CONTRACTS, Contract, EventData, contract_of

FAMILIES = (kintell,)

__all__ = ["CONTRACTS", "FAMILIES", "Contract", "EventData", "contract_of"]
