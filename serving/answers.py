"""Answers that were given before, kept while the company's figures are of the same publication.

A publication moves a company's data version exactly when one of its figures changes, so an answer of the same
version is the answer. Asking for the version costs Postgres a lookup; asking for the figures, a query and its
JSON. Each API process keeps its own.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import asyncpg

MAX_BYTES = 32 << 20
LARGEST_BYTES = 1 << 20  # one page of one caller must not push out everybody else's
# A view that an upgrade built anew has new fields and the same version: then answers are this old at most.
KEEP_S = 600.0

Key = tuple[UUID, str, bytes]  # company, path, query

_VERSION = """
select versions.data_version
from ingest.companies as companies
inner join serving.company_versions as versions on companies.company_id = versions.company_id
where companies.company_id = $1
"""


@dataclass(frozen=True, slots=True)
class Answer:
    body: bytes
    data_version: int
    given_at: float


class Answers:
    """The bodies that were asked for last, `MAX_BYTES` of them."""

    def __init__(self, pool: asyncpg.Pool, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._pool, self._clock = pool, clock
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._size = 0

    async def find(self, key: Key) -> Answer | None:
        """The answer, if the company's figures have not been published anew since."""
        answer = self._answers.get(key)
        if answer is None:
            return None
        version = await self._pool.fetchval(_VERSION, key[0])
        if version != answer.data_version or self._clock() - answer.given_at > KEEP_S:
            self._drop(key)
            return None
        if key in self._answers:  # not pushed out while Postgres was asked
            self._answers.move_to_end(key)
        return answer

    def keep(self, key: Key, body: bytes, data_version: int | None) -> None:
        """Keep an answer; one of a company without figures changes too easily to be kept."""
        if data_version is None or len(body) > LARGEST_BYTES:
            return
        self._drop(key)
        self._answers[key] = Answer(body, data_version, self._clock())
        self._size += len(body)
        while self._size > MAX_BYTES:
            self._drop(next(iter(self._answers)))

    def _drop(self, key: Key) -> None:
        answer = self._answers.pop(key, None)
        if answer is not None:
            self._size -= len(answer.body)
