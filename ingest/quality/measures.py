"""The figures a batch is judged by, counted where its events are: none comes into this process.

Counts, ids and times are of all events. What takes reading each event's JSON (ratings, durations, texts) is
of at most a million of them, texts of about 20,000, both chosen by the hash of the event id: exact for every
file up to that size, the same answer each time, and no more memory or time for a larger one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ingest.backfill.gate import LandedBatch
from ingest.events import NIL

SAMPLED_EVENTS = 1_000_000
SAMPLED_TEXTS = 20_000
SAMPLED_PEOPLE = 50_000
IDS_AT_ONCE = 2_000_000  # about 100 MB in ClickHouse
SHOWN_ROWS = 5
_UNKNOWN_MATCH = "W001"

_EVENTS = """
select
    count() as landed_events,
    countIf(company_id != {nil:UUID}) / count() as company_share,
    countIf(event_time > now64(3) + interval 1 day and event_type != 'kintell.session.scheduled') / count()
        as future_share,
    dateDiff('month', min(event_time), now64(3)) / 12 as oldest_years
from raw.landed_events
where batch_id = {batch:UUID}
"""

# In passes over parts of the ids, so that memory stays flat.
# Reports on a course are states of it and not versions of one fact.
_DISTINCT = """
select
    uniqExactIf(event_id, cityHash64(event_id) % {passes:UInt32} = {pass:UInt32}),
    uniqExactIf(
        (
            event_type,
            sipHash128(subject),
            if(event_type = 'upskilling.progress.updated', toInt64(event_time), 0)
        ),
        cityHash64(subject) % {passes:UInt32} = {pass:UInt32}
    )
from raw.landed_events
where batch_id = {batch:UUID}
"""

_CONTENT = """
with
    JSONExtract(data, 'Tuple(rating Nullable(Float64), durationMinutes Nullable(Float64),
        duration Nullable(Float64), finalScore Nullable(Float64), scheduledAt Nullable(String),
        enrollmentDate Nullable(String), completedAt Nullable(String))') as said,
    parseDateTime64BestEffortOrNull(coalesce(said.scheduledAt, said.enrollmentDate, ''), 3, 'UTC')
        as begins_at,
    parseDateTime64BestEffortOrNull(coalesce(said.completedAt, ''), 3, 'UTC') as ends_at,
    event_type = 'buddy.match.ended' as is_match_end,
    ifNull(said.rating not between 0 and 1, false) as is_off_scale,
    ifNull(said.durationMinutes not between 1 and 480, false) as is_odd_length,
    ifNull(ends_at < begins_at, false) as is_reversed
select
    min(said.rating) as rating_lowest,
    max(said.rating) as rating_highest,
    avg(said.rating) as rating_mean,
    min(said.durationMinutes) as minutes_lowest,
    max(said.durationMinutes) as minutes_highest,
    quantileExactLow(0.5)(said.durationMinutes) as minutes_median,
    maxIf(said.duration, is_match_end) as days_highest,
    min(said.finalScore) as score_lowest,
    max(said.finalScore) as score_highest,
    countIf(is_reversed) / nullIf(countIf(begins_at is not null and ends_at is not null), 0)
        as reversed_share,
    groupArrayIf({shown:UInt8})(file_row, is_off_scale) as rows_off_scale,
    groupArrayIf({shown:UInt8})(file_row, is_odd_length) as rows_of_odd_length,
    groupArrayIf({shown:UInt8})(file_row, is_reversed) as rows_reversed
from raw.landed_events
where batch_id = {batch:UUID} and cityHash64(event_id) % {every:UInt32} = 0
"""

# A guess by letters and small words: it sees a whole file in another language, or broken, and judges no
# single text. Cyrillic with і, ї, є or ґ is Ukrainian, with ы, э, ъ or ё it is not; Latin with æ, ø or å, or
# one of Norwegian's small words, is Norwegian; with one of English's, English. Texts of fewer than 20 letters
# and those without any sign stay undecided and count for nothing.
_TEXTS = """
with
    JSONExtract(data, 'Tuple(feedbackText Nullable(String), notes Nullable(String),
        description Nullable(String))') as said,
    coalesce(said.feedbackText, said.notes, said.description, '') as text,
    countMatches(text, '\\\\p{Cyrillic}') as cyrillic,
    countMatches(text, '\\\\p{Latin}') as latin,
    countMatches(text, '\\\\p{L}') as letters,
    match(text, {damage:String}) as is_damaged,
    multiIf(
        letters < 20, 'undecided',
        cyrillic > latin and match(text, '[іїєґІЇЄҐ]'), 'uk',
        cyrillic > latin and match(text, '[ыэъёЫЭЪЁ]'), 'other',
        cyrillic > latin, 'undecided',
        match(text, '(?i)[æøå]|\\\\b(og|jeg|ikke|det|er|har|som|veldig|med|fra)\\\\b'), 'no',
        match(text, '(?i)\\\\b(the|and|was|is|my|with|we|to|of|very|not)\\\\b'), 'en',
        2 * latin < letters, 'other',
        'undecided'
    ) as language
select
    countIf(letters > 0) as texts,
    countIf(letters > 0 and 2 * (cyrillic + latin) > letters) / nullIf(texts, 0) as expected_letters_share,
    countIf(language in ('uk', 'no', 'en')) / nullIf(countIf(language != 'undecided'), 0)
        as expected_language_share,
    countIf(language = 'uk') / nullIf(texts, 0) as ukrainian_share,
    countIf(language = 'no') / nullIf(texts, 0) as norwegian_share,
    countIf(language = 'en') / nullIf(texts, 0) as english_share,
    countIf(is_damaged) / nullIf(texts, 0) as damaged_text_share,
    groupArrayIf({shown:UInt8})(file_row, is_damaged) as rows_damaged
from (
    select data, file_row from raw.landed_events
    where batch_id = {batch:UUID} and cityHash64(event_id) % {every:UInt32} = 0
        and match(data, {fields:String})
    limit {texts:UInt32}
)
"""

# The replacement character, and what UTF-8 becomes when it is read as Windows-1252 or Latin-1 (Ã¥ for å, a
# row of Ð and Ñ for Cyrillic) or as Windows-1251 (Г and a sign for å, a row of Р and С for Cyrillic).
_DAMAGE = "\ufffd|Ã[\u0080-\u00bf…†˜ž‡]|(?:[ÐÑ].){3}|[A-Za-z]Г[ҐёҘ¦…†˜]|(?:[РС].){4}"

_PEOPLE = """
select distinct person from (
    select arrayJoin([toString(person_id), JSONExtractString(data, 'volunteerId'),
        JSONExtractString(data, 'buddyId')]) as person
    from raw.landed_events
    where batch_id = {batch:UUID} and cityHash64(event_id) % {every:UInt32} = 0
)
where person not in ('', {nil:String})
limit {people:UInt32}
"""

_KNOWN_PEOPLE = """
select count(*) filter (where person.status = 'known' or person.created_at < batch.created_at)
from unnest(%s::uuid[]) as mentioned (person_id)
inner join ingest.people as person using (person_id)
cross join (select created_at from ingest.batches where batch_id = %s) as batch
"""

# Which example rows belong to which measure.
_EXAMPLES = {
    "rows_off_scale": ("rating_lowest", "rating_highest"),
    "rows_of_odd_length": ("minutes_lowest", "minutes_highest"),
    "rows_reversed": ("reversed_share",),
    "rows_damaged": ("damaged_text_share",),
}


@dataclass(frozen=True)
class Measured:
    """The batch in figures. A measure that makes no sense for it (a median of nothing) is None."""

    values: Mapping[str, float | None]
    example_rows: Mapping[str, list[int]]  # by measure: some rows of the file that it should be looked up in


def measure(batch: LandedBatch) -> Measured:
    """Count everything a suite may speak of."""
    every = max(1, math.ceil(batch.event_count / SAMPLED_EVENTS))
    # Texts are in at most every event, so a sample of as many events has no more of them.
    texts_every = max(1, batch.event_count // (2 * SAMPLED_TEXTS))
    found = _row(batch, _EVENTS, nil=str(NIL))
    landed = found.pop("landed_events")
    if not landed:
        found = {}  # of nothing there is no share and no oldest
    else:
        found |= _row(batch, _CONTENT, every=every, shown=SHOWN_ROWS)
        found |= _row(
            batch, _TEXTS, every=texts_every, texts=SAMPLED_TEXTS, shown=SHOWN_ROWS,
            damage=_DAMAGE, fields='"(feedbackText|notes|description)":',
        )  # fmt: skip
    examples = {name: found.pop(name, []) for name in _EXAMPLES}
    events, facts = _distinct(batch, landed)
    values: dict[str, Any] = {
        "row_count": batch.total_rows,
        "event_count": landed,
        "landed_share": landed / batch.event_count if batch.event_count else 1,
        "rejected_share": _share(batch.error_rows, batch.total_rows),
        "repeated_share": _share(batch.skipped_rows, batch.total_rows),
        "repeated_event_share": _share(landed - events, landed),
        "repeated_fact_share": _share(landed - facts, landed),
        "unknown_match_share": _share(batch.warnings.get(_UNKNOWN_MATCH, 0), batch.success_rows),
        "known_people_share": _known_people_share(batch, every),
        **found,
    }
    return Measured(
        {
            name: None if value is None or math.isnan(value) else float(value)
            for name, value in values.items()
        },
        {name: rows for key, rows in examples.items() if rows for name in _EXAMPLES[key]},
    )


def _row(batch: LandedBatch, sql: str, **parameters: Any) -> dict[str, Any]:
    result = batch.clickhouse.query(sql, {"batch": str(batch.batch_id), **parameters})
    return dict(zip(result.column_names, result.result_rows[0], strict=True))


def _distinct(batch: LandedBatch, landed: int) -> tuple[int, int]:
    """How many event ids, and how many facts (a subject of an event type), the events have."""
    passes = max(1, math.ceil(landed / IDS_AT_ONCE))
    events = facts = 0
    for number in range(passes):
        parameters = {"batch": str(batch.batch_id), "passes": passes, "pass": number}
        row = batch.clickhouse.query(_DISTINCT, parameters).result_rows[0]
        events, facts = events + int(row[0]), facts + int(row[1])
    return events, facts


def _known_people_share(batch: LandedBatch, every: int) -> float | None:
    parameters = {
        "batch": str(batch.batch_id),
        "every": every,
        "nil": str(NIL),
        "people": SAMPLED_PEOPLE,
    }
    mentioned = [row[0] for row in batch.clickhouse.query(_PEOPLE, parameters).result_rows]
    if not mentioned:
        return None
    known = batch.postgres.execute(_KNOWN_PEOPLE, (mentioned, batch.batch_id)).fetchall()[0][0]
    return int(known) / len(mentioned)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
