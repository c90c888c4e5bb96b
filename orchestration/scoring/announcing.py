"""Tells live streams what a scoring run did: one message per company, never one per text."""

from __future__ import annotations

import psycopg
from psycopg.types.json import Jsonb

from orchestration.scoring.scoring import Report

NAME = "q2q.scored"


def announce(postgres: psycopg.Connection, report: Report, run: str) -> int:
    """Queue the summaries of a run; the same run again announces nothing new. Returns how many there are."""
    with postgres.transaction():
        for company_id, found in sorted(report.companies.items()):
            data = {
                "textCount": found.text_count,
                "scoreCounts": dict(sorted(found.score_counts.items())),
                "modelVersion": report.model_version,
                "writtenFrom": found.written_from.isoformat() if found.written_from else None,
                "writtenUntil": found.written_until.isoformat() if found.written_until else None,
            }
            message_id = f"{NAME}:{run}:{company_id}"
            postgres.execute(
                "select serving.announce(%s, %s, %s, %s)", (company_id, NAME, message_id, Jsonb(data))
            )
    return len(report.companies)
