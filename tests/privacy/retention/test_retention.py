"""Nothing is kept longer than its period, a keyed hash stays of words, and no number changes with them."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import psycopg
import pytest
from clickhouse_connect.driver.client import Client as ClickHouseClient
from nats.aio.client import Client as NatsClient

from ingest.events import Event
from ingest.sealing import tokens
from ingest.stores import StoreSettings
from orchestration.gate.gate import Gate
from orchestration.gate.sweep import Sweep
from orchestration.gate.texts import keyed_hash
from orchestration.privacy.declarations.grammar import days_of
from orchestration.privacy.declarations.reading import declared
from orchestration.privacy.retention import enforcing, texts
from orchestration.privacy.retention.elsewhere import FOLDERS
from orchestration.privacy.retention.enforcing import FOLLOWS, RetentionSettings, enforce, of_declared
from orchestration.privacy.retention.outcome import Outcome
from orchestration.privacy.retention.periods import PeriodRefusedError, override, periods
from orchestration.privacy.retention.tables import RULES
from orchestration.scoring.texts import texts_by_id
from tests.gate.readers import COMPANY, FINE, OTHER_COMPANY, Readers, Text, version
from tests.text_keys import text_keys

KEY = "a key of thirty-two bytes or more"
LATER = timedelta(days=60)  # over for a company that keeps texts for 30 days, not for others


@pytest.fixture
def settings(store_settings: StoreSettings, tmp_path: Path) -> RetentionSettings:
    return RetentionSettings.model_validate({
        **store_settings.model_dump(exclude_none=True), "impact_home": tmp_path, "impact_text_hash_key": KEY,
    })  # fmt: skip


@pytest.fixture
def thirty_days(postgres: psycopg.Connection) -> Iterator[None]:
    override(postgres, COMPANY, "texts", 30, by="test")
    yield
    override(postgres, COMPANY, "texts", None, by="test")


def data_of(clickhouse: ClickHouseClient, event: Event) -> dict[str, Any]:
    rows = clickhouse.query(
        "select data from raw.events final where event_id = {id:UUID}", {"id": str(event.id)}
    ).result_rows
    return dict(json.loads(rows[0][0]))


def score(clickhouse: ClickHouseClient, text: Text) -> None:
    clickhouse.query(
        "insert into nlp.text_scores (text_id, company_id, person_id, written_at, model_version, scored_at,"
        " evidence) select text_id, company_id, person_id, written_at, 'test', now64(6),"
        " [('belonging', 0, 4, 'I le', 'kind')] from nlp.cleared_texts final where text_id = {id:UUID}",
        {"id": str(text.text_id)},
    )


async def test_words_end_where_their_time_is_over_and_leave_their_hash(
    settings: RetentionSettings, thirty_days: None, pool: asyncpg.Pool, postgres: psycopg.Connection,
    clickhouse: ClickHouseClient, readers: Readers, gate: Gate, nats: NatsClient,
) -> None:  # fmt: skip
    mine, theirs = Text(), Text(company_id=OTHER_COMPANY)
    over, kept = await text_keys(pool).sealed([mine.says(FINE), theirs.says(FINE)])
    readers.store(over, kept)
    await gate.admit([version(over), version(kept)], way="stream")
    for text in (mine, theirs):
        score(clickhouse, text)
    verdicts = readers.actions(mine)
    now = datetime.now(UTC)

    early = await enforce(settings, nats.jetstream(), now)
    assert all(one.is_proven for one in early if not one.relation.startswith("jetstream:"))
    assert tokens.is_sealed(data_of(clickhouse, over)["feedbackText"])

    outcomes = await enforce(settings, nats.jetstream(), now + LATER)
    found = {(one.relation, one.period): one for one in outcomes}
    ended = found["clickhouse:raw.events", "texts"]
    assert (ended.removed_count >= 1, ended.left_count) == (True, 0)
    # A keyed hash, the gate's own, in the place of the words; for others' texts it is too early.
    assert data_of(clickhouse, over)["feedbackText"] == tokens.ENDED + keyed_hash(KEY.encode(), FINE)
    assert tokens.is_sealed(data_of(clickhouse, kept)["feedbackText"])
    assert (readers.words(mine), readers.words(theirs)) == ([""], [FINE])
    [row] = readers.read(mine)
    assert row["text_sha256"]
    cited = clickhouse.query(
        "select evidence[1].1, evidence[1].4 from nlp.text_scores final where text_id in {ids:Array(UUID)}"
        " order by company_id",
        {"ids": [str(mine.text_id), str(theirs.text_id)]},
    ).result_rows
    assert cited == [("belonging", ""), ("belonging", "I le")]
    # What is over is not scored again, nor judged again, nor withdrawn: its score stays.
    assert list(texts_by_id(clickhouse, [mine.text_id, theirs.text_id])) == [theirs.text_id]
    await Sweep(settings, gate).whole(clickhouse)
    assert (readers.actions(mine), readers.words(mine)) == (verdicts, [""])
    # The proof is kept, and doing it again finds nothing.
    again = await enforce(settings, nats.jetstream(), now + LATER)
    assert sum(one.removed_count for one in again) == 0
    proofs = postgres.execute(
        "select removed_count, left_count from privacy.retention_proofs"
        " where relation = 'clickhouse:raw.events' and period = 'texts' order by proof_id desc limit 2"
    ).fetchall()
    assert proofs == [(0, 0), (ended.removed_count, 0)]


async def test_a_pass_that_was_killed_is_run_again(
    settings: RetentionSettings, thirty_days: None, pool: asyncpg.Pool, clickhouse: ClickHouseClient,
    readers: Readers, nats: NatsClient, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    [event] = await text_keys(pool).sealed([Text().says(FINE)])
    readers.store(event)

    def killed(*_: Any, **__: Any) -> Outcome:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(texts, "_emptied", killed)  # after the events, before what was made of them
        with pytest.raises(KeyboardInterrupt):
            await enforce(settings, nats.jetstream(), datetime.now(UTC) + LATER)
    outcomes = await enforce(settings, nats.jetstream(), datetime.now(UTC) + LATER)
    assert {one.left_count for one in outcomes if one.period == "texts"} == {0}
    assert tokens.is_ended(data_of(clickhouse, event)["feedbackText"])


@contextmanager
def person(postgres: psycopg.Connection, *, left_on: str | None) -> Iterator[UUID]:
    person_id = uuid.uuid4()
    postgres.execute(
        "insert into ingest.people (person_id, first_name, created_at) values (%s, 'Oksana', '2019-01-01')",
        (person_id,),
    )
    postgres.execute(
        "insert into ingest.person_identities (provider, external_id, person_id) values ('email', %s, %s)",
        (f"{person_id}@example.org", person_id),
    )
    postgres.execute(
        "insert into ingest.company_members (company_id, person_id, joined_on, left_on)"
        " values (%s, %s, '2019-01-01', %s)",
        (COMPANY, person_id, left_on),
    )
    yield person_id
    postgres.execute("delete from ingest.people where person_id = %s", (person_id,))


async def test_names_end_two_years_after_the_last_known_end_and_not_while_somebody_is_there(
    settings: RetentionSettings, postgres: psycopg.Connection, nats: NatsClient
) -> None:
    with (
        person(postgres, left_on="2020-01-01") as gone,
        person(postgres, left_on=None) as there,
        person(postgres, left_on=f"{datetime.now(UTC) - timedelta(days=300):%Y-%m-%d}") as lately,
    ):
        await enforce(settings, nats.jetstream(), datetime.now(UTC))
        rows = postgres.execute(
            "select person_id, first_name, (select count(*) from ingest.person_identities as one"
            " where one.person_id = people.person_id) from ingest.people where person_id = any(%s)",
            ([gone, there, lately],),
        ).fetchall()
    assert {row[0]: row[1:] for row in rows} == {
        gone: (None, 0), there: ("Oksana", 1), lately: ("Oksana", 1)
    }  # fmt: skip


async def test_old_files_end_and_those_an_import_still_needs_stay(
    settings: RetentionSettings, postgres: psycopg.Connection, nats: NatsClient
) -> None:
    names = [f"{uuid.uuid4().hex}.csv" for _ in range(3)]
    for name in names:
        for folder in FOLDERS[:2]:
            path = settings.impact_home / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x")
            age = 10 if name == names[1] else 100
            at = (datetime.now(UTC) - timedelta(days=age)).timestamp()
            os.utime(path, (at, at))
    postgres.execute(
        "insert into ingest.batches (file_name, file_sha256, file_bytes, file_format, source_system, status)"
        " values (%s, %s, 1, 'kintell-language-v1.1', 'kintell', 'withheld')",
        (names[2], uuid.uuid4().bytes),
    )
    await enforce(settings, nats.jetstream(), datetime.now(UTC))
    postgres.execute("delete from ingest.batches where file_name = %s", (names[2],))
    left = {path.name for path in (settings.impact_home / "landing").glob("*.csv")}
    assert left == {names[1], names[2]}


def test_a_company_may_set_what_its_bounds_allow(postgres: psycopg.Connection, companies: None) -> None:
    for period, days, reason in (
        ("texts", 29, "30 to 90 days"), ("texts", 91, "30 to 90 days"), ("identity", 10, "for all companies"),
        ("nothing", 10, "there are texts"),
    ):  # fmt: skip
        with pytest.raises(PeriodRefusedError, match=reason):
            override(postgres, COMPANY, period, days, by="test")
    with pytest.raises(PeriodRefusedError, match="no company"):
        override(postgres, uuid.uuid4(), "texts", 40, by="test")


def test_every_declared_period_is_enforced_or_is_said_to_follow() -> None:
    """A relation that is declared with a period and that nothing ends fails here."""
    rules = {
        rule.relation: periods()[rule.period] for rule in RULES if rule.relation != "clickhouse:raw.events"
    }
    rules |= {f"folder:{folder}": periods()["landing"] for folder in FOLDERS}
    rules["clickhouse:raw.events"] = periods()["activity"]
    kept = [one for one in declared() if one.retention and one.retention.max_age and one.store != "jetstream"]
    unknown = [
        one.key for one in kept if one.key not in rules and one.key not in FOLLOWS and not _is_derived(one)
    ]
    assert unknown == []
    differing = [
        (one.key, one.retention.max_age, rules[one.key].days)
        for one in kept
        if one.key in rules
        and one.retention
        and days_of(one.retention.max_age or "1d") != rules[one.key].days
    ]
    assert differing == []
    assert not set(rules) & set(FOLLOWS)


def _is_derived(relation: Any) -> bool:
    """dbt builds it anew from what is ended."""
    return (
        relation.store == "clickhouse" and relation.name.partition(".")[0] not in ("raw", "nlp", "journey")
    ) or (relation.key.startswith("postgres:serving.") and relation.name != "serving.announcements")


def test_the_asset_ends_and_proves(settings: RetentionSettings) -> None:
    import dagster as dg

    from orchestration.privacy.retention import assets
    from orchestration.resources import DataFolder, Stores

    os.environ["IMPACT_TEXT_HASH_KEY"] = KEY
    urls = {name: getattr(settings, name).get_secret_value() for name in Stores.model_fields if "url" in name}
    result = dg.materialize(
        [assets.retention, assets.nothing_is_kept_longer_than_allowed],
        resources={"stores": Stores(**urls), "data_folder": DataFolder(path=str(settings.impact_home))},
    )
    assert result.success
    [check] = result.get_asset_check_evaluations()
    assert check.passed, check.metadata
    [materialized] = result.asset_materializations_for_node("privacy__retention")
    assert materialized.metadata["unproven_count"].value == 0
    assert len(materialized.metadata["proofs"].records) == len(of_declared(RULES)) + 3 + len(FOLDERS) + 5
    assert enforcing.renew_master_key(settings, datetime.now(UTC)) is None
