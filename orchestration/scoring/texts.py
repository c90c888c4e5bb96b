"""The texts of a stretch of days that a model has not scored yet, and the scores whose text is gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from clickhouse_connect.driver.client import Client as ClickHouseClient

from nlp.classifiers.base import Text
from nlp.labels import LANGUAGES, Language

# Words that retention has ended (`content` is empty) cannot be scored any more; what was scored stays.
# A text is done with a model when that model, with its present prompt, or another in its place has scored it
# as it is now.
_WITHIN = "written_at >= {first:DateTime64(3, 'UTC')} and written_at < {end:DateTime64(3, 'UTC')}"
_DONE = """
select company_id, text_id, text_sha256, written_at from nlp.text_scores final
where (stands_in_for = {model:String} or model_version = {model:String} and (
    empty({prompted:Array(String)})
    or coalesce(prompt_sha256, '')
        = transform(language, {prompted:Array(String)}, {prompts:Array(String)}, '')
))
"""
_WAITING = (
    "select text_id, company_id, person_id, text_type, language, written_at, content, text_sha256"  # noqa: S608
    " from nlp.cleared_texts final where " + _WITHIN + " and content != ''"
    " and language in {languages:Array(String)}"
    " and ({everything:Bool} or (company_id, text_id, text_sha256, written_at) not in ("
    + _DONE + " and " + _WITHIN + ")) order by written_at, text_id"
)  # fmt: skip
_BY_ID = """
select text_id, company_id, person_id, text_type, language, written_at, content, text_sha256
from nlp.cleared_texts final
where text_id in {ids:Array(UUID)} and content != '' and language in {languages:Array(String)}
"""
_GONE = """
select text_id, company_id, written_at, model_version, is_shadow from nlp.text_scores final
where written_at >= {first:DateTime64(3, 'UTC')} and written_at < {end:DateTime64(3, 'UTC')}
  and (company_id, text_id) not in (
      select company_id, text_id from nlp.cleared_texts final
      where written_at >= {first:DateTime64(3, 'UTC')} and written_at < {end:DateTime64(3, 'UTC')}
  )
"""
_WAITING_DAYS = (
    "select toDate(min(written_at)), toDate(max(written_at)), count() from nlp.cleared_texts final"  # noqa: S608
    " where content != '' and language in {languages:Array(String)}"
    " and (company_id, text_id, text_sha256, written_at) not in (" + _DONE + ")"
)
_MOST_IDS = 1000  # in one query: they travel in its address


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
    prompts: Mapping[Language, str] | None = None,
    everything: bool = False,
) -> list[ClearedText]:
    """The days' texts that this model and its prompts have not scored as they are now; all if `everything`.

    What another model scored in its place does not wait. `prompts` are hashes by language.
    """
    rows = clickhouse.query(
        _WAITING,
        {
            **_times(days),
            **_done_with(model_version, prompts),
            "languages": list(LANGUAGES),
            "everything": everything,
        },
    ).result_rows
    return [_text(row) for row in rows]


def texts_by_id(clickhouse: ClickHouseClient, text_ids: Sequence[UUID]) -> dict[UUID, ClearedText]:
    """Those of the texts that may still be read, as they are now, whenever they were written."""
    found = {}
    for start in range(0, len(text_ids), _MOST_IDS):
        ids = [str(text_id) for text_id in text_ids[start : start + _MOST_IDS]]
        for row in clickhouse.query(_BY_ID, {"ids": ids, "languages": list(LANGUAGES)}).result_rows:
            found[row[0]] = _text(row)
    return found


def gone_scores(clickhouse: ClickHouseClient, days: Days) -> list[GoneScore]:
    """The days' scores, of any model, whose text readers no longer see."""
    rows: Sequence[Sequence[object]] = clickhouse.query(_GONE, _times(days)).result_rows
    return [GoneScore(row[0], row[1], _aware(row[2]), row[3], row[4]) for row in rows]  # type: ignore[arg-type]


def waiting_days(
    clickhouse: ClickHouseClient, model_version: str, *, prompts: Mapping[Language, str] | None = None
) -> Waiting | None:
    """From which to which day texts wait for this model; None if none waits."""
    [row] = clickhouse.query(
        _WAITING_DAYS, {**_done_with(model_version, prompts), "languages": list(LANGUAGES)}
    ).result_rows
    return Waiting(*row) if row[2] else None


def _done_with(model_version: str, prompts: Mapping[Language, str] | None) -> dict[str, object]:
    prompts = prompts or {}
    return {"model": model_version, "prompted": list(prompts), "prompts": list(prompts.values())}


def _text(row: Sequence[Any]) -> ClearedText:
    text_id, company_id, person_id, kind, language, written_at, content, sha256 = row
    return ClearedText(text_id, company_id, person_id, kind, language, _aware(written_at), content, sha256)


def _times(days: Days) -> dict[str, str]:
    return {
        name: moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.000")
        for name, moment in days._asdict().items()
    }


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
