"""reporting.*: reports, their citations and the gates they pass."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from ingest.contracts.base import Amount, Count, EventData, Part, Sha256, UtcTime, event

REPORTING = "Report builder"


@event(
    "reporting.citation.edited",
    subject="citation/<citation id>",
    time="edited_at",
    sent_by=REPORTING,
)
class CitationEdited(EventData, kw_only=True, frozen=True):
    """An editor added, changed or removed a citation of a report."""

    report_id: UUID
    citation_id: UUID
    action: Literal["ADDED", "MODIFIED", "REMOVED"]
    editor: Annotated[UUID, Meta(description="Person id of the editor")]
    previous_hash: Sha256 | None = None
    new_hash: Sha256
    edited_at: UtcTime


@event(
    "reporting.redaction.completed",
    subject="redaction/<redaction id>",
    time="completed_at",
    sent_by=REPORTING,
)
class RedactionCompleted(EventData, kw_only=True, frozen=True):
    """Personal data were taken out of the snippets of a report."""

    redaction_id: UUID
    snippets_processed: Count
    pii_detected_count: Count
    pii_removed_count: Count
    leaks_detected: Annotated[int, Meta(ge=0, description="Must be 0 for a report to leave the house")]
    success: bool
    duration_ms: Amount
    completed_at: UtcTime


class CitationViolation(Part, kw_only=True, frozen=True):
    """A paragraph with too few citations."""

    paragraph: Count
    citation_count: Count
    required_count: Count


@event(
    "reporting.evidence_gate.violation",
    subject="evidence-gate/<report id>",
    time="checked_at",
    company="company_id",
    sent_by=REPORTING,
)
class EvidenceGateViolation(EventData, kw_only=True, frozen=True):
    """A report claims more than its evidence carries."""

    report_id: UUID
    company_id: UUID
    violations: list[CitationViolation]
    citation_density: Amount
    rejected: bool
    checked_at: UtcTime
