"""An answer is given again as long as the company's figures are of its publication, and no longer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import pytest

from ingest.stores import StoreSettings
from serving import answers
from serving.answers import Answers


@pytest.fixture
async def pool(store_settings: StoreSettings) -> AsyncIterator[asyncpg.Pool]:
    async with asyncpg.create_pool(store_settings.postgres_url.get_secret_value(), min_size=0) as pool:
        yield pool


@pytest.fixture
async def company(pool: asyncpg.Pool) -> AsyncIterator[UUID]:
    company = uuid4()
    await pool.execute("insert into ingest.companies (company_id, name) values ($1, 'Answers')", company)
    await publish(pool, company)
    yield company
    await pool.execute("delete from serving.company_versions where company_id = $1", company)
    await pool.execute("delete from ingest.companies where company_id = $1", company)


async def publish(pool: asyncpg.Pool, company: UUID) -> int:
    version: int = await pool.fetchval(
        "insert into serving.data_versions (run_id) values ('answers') returning data_version"
    )
    await pool.execute(
        "insert into serving.company_versions (company_id, data_version) values ($1, $2)"
        " on conflict (company_id) do update set data_version = excluded.data_version",
        company, version,
    )  # fmt: skip
    return version


async def version_of(pool: asyncpg.Pool, company: UUID) -> int:
    version: int = await pool.fetchval(
        "select data_version from serving.company_versions where company_id = $1", company
    )
    return version


async def test_a_publication_ends_an_answer(pool: asyncpg.Pool, company: UUID) -> None:
    kept, key = Answers(pool), (company, "/vis", b"grain=month")
    assert await kept.find(key) is None
    kept.keep(key, b"{}", await version_of(pool, company))
    found = await kept.find(key)
    assert found is not None
    assert found.body == b"{}"
    assert await kept.find((company, "/vis", b"grain=quarter")) is None
    assert await kept.find((uuid4(), "/vis", b"grain=month")) is None
    await publish(pool, company)
    assert await kept.find(key) is None


async def test_an_answer_without_figures_is_not_kept(pool: asyncpg.Pool, company: UUID) -> None:
    kept, key = Answers(pool), (company, "/vis", b"")
    kept.keep(key, b"{}", None)
    assert await kept.find(key) is None


async def test_an_answer_grows_old(pool: asyncpg.Pool, company: UUID) -> None:
    now = 0.0
    kept, key = Answers(pool, clock=lambda: now), (company, "/vis", b"")
    kept.keep(key, b"{}", await version_of(pool, company))
    now = answers.KEEP_S + 1
    assert await kept.find(key) is None


async def test_only_so_many_bytes_are_kept(pool: asyncpg.Pool, company: UUID) -> None:
    kept, version = Answers(pool), await version_of(pool, company)
    body = bytes(answers.LARGEST_BYTES)
    keys = [(company, "/trends", b"%d" % number) for number in range(answers.MAX_BYTES // len(body) + 1)]
    for key in keys:
        kept.keep(key, body, version)
    assert await kept.find(keys[0]) is None
    assert await kept.find(keys[1]) is not None
    kept.keep(keys[0], body + b"1", version)
    assert await kept.find(keys[0]) is None
