"""The texts of a stretch of days that a model has not scored yet, and the scores whose text is gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple
from uuid import UUID

from clickhouse_connect.driver.client import Client as ClickHouseClient

from nlp.classifiers.base import Text
from nlp.labels import LANGUAGES, Language

# Joined in the store: a day's texts against what this model said of them, both as readers see them.
_WAITING = """
select
    cleared.text_id, cleared.company_id, cleared.person_id, cleared.text_type, cleared.language,
    cleared.written_at, cleared.content, cleared.text_sha256
from (
    select * from nlp.cleared_texts final
    where written_at >= {first:DateTime64(3, 'UTC')} and written_at < {end:DateTime64(3, 'UTC')}
      and language in {languages:Array(String)}
) as cleared
left join (
    select text_id, company_id, text_sha256, prompt_sha256, written_at, 1 as is_scored
    from nlp.text_scores final
    where model_version = {model:String}
) as scored
    on scored.company_id = cleared.company_id and scored.text_id = cleared.text_id
where {everything:Bool} or scored.is_scored = 0 or scored.text_sha256 != cleared.text_sha256
   or scored.written_at != cleared.written_at
   or ({prompt:String} != '' and coalesce(scored.prompt_sha256, '') != {prompt:String})
order by cleared.written_at, cleared.text_id
"""
_GONE = """
select text_id, company_id, written_at, model_version, is_shadow from nlp.text_scores final
where written_at >= {first:DateTime64(3, 'UTC')} and written_at < {end:DateTime64(3, 'UTC')}
  and (company_id, text_id) not in (
      select company_id, text_id from nlp.cleared_texts final
      where written_at >= {first:DateTime64(3, 'UTC')} and written_at < {end:DateTime64(3, 'UTC')}
  )
"""
_WAITING_DAYS = """
select toDate(min(cleared.written_at)), toDate(max(cleared.written_at)), count()
from (select * from nlp.cleared_texts final where language in {languages:Array(String)}) as cleared
left join (
    select text_id, company_id, text_sha256, 1 as is_scored from nlp.text_scores final
    where model_version = {model:String}
) as scored
    on scored.company_id = cleared.company_id and scored.text_id = cleared.text_id
where scored.is_scored = 0 or scored.text_sha256 != cleared.text_sha256
"""


class Days(NamedTuple):
    """Days by when their texts were written (UTC), `end` excluded."""

    first: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class ClearedText:
    """A text that may be scored, and what its scores are filed under."""

    text_id: UUID
    company_id: UUID
    person_id: UUID
    text_type: str
    language: Language
    written_at: datetime
    content: str
    text_sha256: str

    @property
    def for_classifier(self) -> Text:
        return Text(self.text_id, self.company_id, self.language, self.content)


class GoneScore(NamedTuple):
    """A score whose text has been withdrawn since, or has moved to another day."""

    text_id: UUID
    company_id: UUID
    written_at: datetime
    model_version: str
    is_shadow: bool


class Waiting(NamedTuple):
    """Texts without a score of the model in force, and the days they were written on."""

    first: date
    last: date
    text_count: int


def waiting_texts(
    clickhouse: ClickHouseClient,
    days: Days,
    model_version: str,
    *,
    prompt_sha256: str | None = None,
    everything: bool = False,
) -> list[ClearedText]:
    """The days' texts that this model and prompt have not scored as they are now; all if `everything`."""
    rows = clickhouse.query(
        _WAITING,
        {
            **_times(days),
            "languages": list(LANGUAGES),
            "model": model_version,
            "prompt": prompt_sha256 or "",
            "everything": everything,
        },
    ).result_rows
    return [
        ClearedText(text_id, company_id, person_id, kind, language, _aware(written_at), content, sha256)
        for text_id, company_id, person_id, kind, language, written_at, content, sha256 in rows
    ]


def gone_scores(clickhouse: ClickHouseClient, days: Days) -> list[GoneScore]:
    """The days' scores, of any model, whose text readers no longer see."""
    rows: Sequence[Sequence[object]] = clickhouse.query(_GONE, _times(days)).result_rows
    return [GoneScore(row[0], row[1], _aware(row[2]), row[3], row[4]) for row in rows]  # type: ignore[arg-type]


def waiting_days(clickhouse: ClickHouseClient, model_version: str) -> Waiting | None:
    """From which to which day texts wait for this model; None if none waits."""
    [row] = clickhouse.query(
        _WAITING_DAYS, {"languages": list(LANGUAGES), "model": model_version}
    ).result_rows
    return Waiting(*row) if row[2] else None


def _times(days: Days) -> dict[str, str]:
    return {
        name: moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.000")
        for name, moment in days._asdict().items()
    }


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
