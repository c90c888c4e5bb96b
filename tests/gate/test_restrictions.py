"""A restricted person's words reach no reader, old ones and new ones; lifted, they do again."""

from __future__ import annotations

from contextlib import closing
from uuid import UUID

import asyncpg
import psycopg
from clickhouse_connect.driver.client import Client as ClickHouseClient

from ingest.stores import StoreSettings, postgres_connection
from orchestration.gate.decisions import Decisions
from orchestration.gate.gate import Gate
from orchestration.privacy.requests import acts
from orchestration.privacy.requests.model import Order
from tests.gate.readers import COMPANY, CRY, FINE, OTHER_COMPANY, Readers, Text, version


class Gatekeeper:
    """The gate, and events that come by the stream."""

    def __init__(
        self, gate: Gate, clickhouse: ClickHouseClient, readers: Readers, decisions: Decisions
    ) -> None:
        self._gate, self._clickhouse, self._readers, self._decisions = gate, clickhouse, readers, decisions

    async def hears(self, text: Text, words: str) -> None:
        event = text.says(words)
        self._readers.store(event)
        await self._gate.admit([version(event)], way="stream")

    async def applies(self) -> int:
        return await self._decisions.apply_restrictions(self._clickhouse)


async def test_a_restricted_person_s_words_reach_no_reader(
    gate: Gate, clickhouse: ClickHouseClient, readers: Readers, store_settings: StoreSettings,
    pool: asyncpg.Pool,
) -> None:  # fmt: skip
    keeper = Gatekeeper(gate, clickhouse, readers, Decisions(store_settings, pool, gate))
    before = Text()
    person = before.rating_id  # the texts' participant
    after = Text(rating_id=person)
    elsewhere = Text(OTHER_COMPANY, rating_id=person)
    bystander = Text()
    for text in (before, elsewhere, bystander):
        await keeper.hears(text, FINE)
    assert readers.words(before)

    with closing(postgres_connection(store_settings, autocommit=True)) as connection:
        order = Order("restrict", person, COMPANY, "user:1")
        request, _ = acts.restrict(connection, order, "accuracy")
        assert request.state == "completed"
        assert await keeper.applies() == 1
        await keeper.hears(after, FINE)
        assert (readers.words(before), readers.words(after)) == ([], [])
        assert readers.actions(after) == ["allow"]  # judged all the same
        # Another company's own records of the person, and other people's, are not of this restriction.
        assert readers.words(elsewhere)
        assert readers.words(bystander)
        await keeper.hears(after, CRY)
        assert await pool.fetchval(
            "select count(*) from safety.review_items where text_id = $1", after.text_id
        ) == 1  # fmt: skip

        restriction = _restriction(connection, person)
        assert acts.lift(connection, restriction, company_id=COMPANY, actor="user:1")
        assert not acts.lift(connection, restriction, company_id=COMPANY, actor="user:1")
        assert await keeper.applies() == 1
        assert readers.words(before)
        assert readers.words(after) == []  # held for a reviewer, which is another matter
        assert await keeper.applies() == 0


def _restriction(connection: psycopg.Connection, person: UUID) -> UUID:
    [(restriction, is_applied)] = connection.execute(
        "select restriction_id, applied_at is not null from privacy.restrictions where person_id = %s",
        (person,),
    ).fetchall()
    assert is_applied
    return restriction  # type: ignore[no-any-return]
