"""Scored texts as drift looks at them: labels, scores, language and length, without any words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from clickhouse_connect.driver.client import Client as ClickHouseClient

from nlp.drift.series import ScoredText, read_labels
from nlp.labels import Labels, scores


def scored_texts(
    clickhouse: ClickHouseClient, model_id: str, written_from: datetime, written_until: datetime
) -> list[ScoredText]:
    """What a model said of the texts written in a window, the newest version of each."""
    rows = clickhouse.query(
        """
        select scored.language, scored.labels, cleared.character_count
        from (select * from nlp.text_scores final) as scored
        left join (select text_id, company_id, character_count from nlp.cleared_texts final) as cleared
            on cleared.company_id = scored.company_id and cleared.text_id = scored.text_id
        where scored.model_version = {model:String}
            and scored.written_at >= {since:DateTime64(3, 'UTC')}
            and scored.written_at < {until:DateTime64(3, 'UTC')}
        settings join_use_nulls = 1
        """,
        parameters={"model": model_id, "since": plain(written_from), "until": plain(written_until)},
    ).result_rows
    return [_scored(str(language), read_labels(labels), length) for language, labels, length in rows]


def models_that_scored(
    clickhouse: ClickHouseClient, written_from: datetime, written_until: datetime
) -> list[str]:
    """Every model, shadows too, with scores of texts written in a window."""
    rows = clickhouse.query(
        "select distinct model_version from nlp.text_scores"
        " where written_at >= {since:DateTime64(3, 'UTC')} and written_at < {until:DateTime64(3, 'UTC')}"
        " order by model_version",
        parameters={"since": plain(written_from), "until": plain(written_until)},
    ).result_rows
    return [str(row[0]) for row in rows]


def _scored(language: str, labels: Mapping[str, Any], length: int | None) -> ScoredText:
    # Scores are arithmetic over labels, so they are computed here rather than read.
    signals, cues = labels.get("employability_signals"), labels.get("risk_cues")
    return ScoredText(
        language=language,
        labels=labels,
        scores={
            str(dimension): score
            for dimension, score in scores(
                Labels(
                    confidence_increase=labels.get("confidence_increase"),
                    confidence_decrease=labels.get("confidence_decrease"),
                    belonging_increase=labels.get("belonging_increase"),
                    belonging_decrease=labels.get("belonging_decrease"),
                    language_comfort=labels.get("language_comfort"),
                    employability_signals=None if signals is None else frozenset(signals),
                    risk_cues=None if cues is None else frozenset(cues),
                )
            ).items()
        },
        character_count=length,
    )


def plain(moment: datetime) -> datetime:
    """UTC without a zone, as ClickHouse takes it."""
    return moment.astimezone(UTC).replace(tzinfo=None)
