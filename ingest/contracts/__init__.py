"""Every event type of the platform, one Struct each, grouped by family.

Importing this package registers them all. Schemas, the AsyncAPI document and the catalogue in
`docs/events.md` are generated from these Structs: `python -m ingest.contracts generate`.
"""

from ingest.contracts import (
    ai,
    buddy,
    external,
    impact,
    ingested,
    kintell,
    metrics,
    nlq,
    orchestration,
    privacy,
    reporting,
    safety,
    upskilling,
    users,
)
from ingest.contracts.base import CONTRACTS, Contract, EventData, contract_of

FAMILIES = (
    kintell,
    buddy,
    upskilling,
    ingested,
    external,
    orchestration,
    safety,
    ai,
    metrics,
    impact,
    privacy,
    nlq,
    reporting,
    users,
)

__all__ = ["CONTRACTS", "FAMILIES", "Contract", "EventData", "contract_of"]
