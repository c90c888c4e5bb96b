"""The active secrets of every source, from the environment and from Postgres, kept current while running."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg
import structlog

from ingest.webhooks.schemes import Keys
from ingest.webhooks.sealing import Sealer, UnsealError
from ingest.webhooks.sources import BY_NAME, SOURCES

log = structlog.get_logger(__name__)

CHANNEL = "webhook_secrets"
REFRESH_S = 10.0  # a lost notification is made up for, and uses are noted
RETRY_S = 1.0

_ACTIVE = """
select secret_id, source, sealed, expires_at
from ingest.webhook_secrets
where expires_at is null or expires_at > now()
order by created_at desc
"""
_USED = "update ingest.webhook_secrets set last_used_at = now() where secret_id = any($1::uuid[])"


@dataclass(frozen=True, repr=False)  # its repr must not show the secret
class StoredSecret:
    secret_id: UUID
    secret: bytes
    expires_at: datetime | None


class Active(NamedTuple):
    """What a source verifies with until then (unix seconds): stored secrets first, the environment's next."""

    keys: Keys
    ids: Sequence[UUID | None]
    until: float


class SecretBook:
    """Answers from memory; `run` keeps it current. While Postgres is away it goes on with what it knew."""

    def __init__(
        self,
        environment: Mapping[str, Sequence[bytes]],
        connect: Callable[[], Awaitable[asyncpg.Connection]],
        sealer: Sealer | None,
    ) -> None:
        self._environment = environment
        self._connect = connect
        self._sealer = sealer
        self._stored: Mapping[str, Sequence[StoredSecret]] = {}
        self._active: dict[str, Active] = {}
        self._used: set[UUID] = set()
        self._told: dict[str, int] = {}
        self._unopened: set[UUID] = set()
        self._changed = asyncio.Event()
        self._attempted = asyncio.Event()
        self.is_loaded = False

    def active(self, source: str, now: float) -> Active:
        """The secrets of `source` that have not expired at `now`, in unix seconds."""
        active = self._active.get(source)
        if active is None or now >= active.until:
            active = self._active[source] = self._active_at(source, now)
        return active

    def note_use(self, secret_id: UUID | None) -> None:
        """A delivery was verified with this stored secret."""
        if secret_id is not None:
            self._used.add(secret_id)

    async def wait_for_first_attempt(self) -> None:
        """Return once the stored secrets were read, or could not be."""
        await self._attempted.wait()

    async def run(self) -> None:
        """Follow the table until cancelled."""
        is_away = False
        while True:
            try:
                connection = await self._connect()
                try:
                    await connection.add_listener(CHANNEL, lambda *_: self._changed.set())
                    while True:
                        self._changed.clear()
                        await self._load(connection)
                        if is_away:
                            log.info("secrets are followed again")
                        is_away = False
                        await _wait(self._changed, REFRESH_S)
                finally:
                    connection.terminate()
            except Exception as error:  # whatever went wrong, requests are judged by what is known
                if not is_away:
                    log.warning("stored secrets cannot be read", error=type(error).__name__)
                is_away = True
                self._tell()
                self._attempted.set()
                await asyncio.sleep(RETRY_S)

    async def _load(self, connection: asyncpg.Connection) -> None:
        stored: dict[str, list[StoredSecret]] = {}
        for row in await connection.fetch(_ACTIVE):
            if (secret := self._open(row)) is not None:
                stored.setdefault(row["source"], []).append(secret)
        self._stored = stored
        self._active.clear()
        self.is_loaded = True
        self._tell()
        self._attempted.set()
        if used := list(self._used):
            await connection.execute(_USED, used)
            self._used.difference_update(used)

    def _open(self, row: asyncpg.Record) -> StoredSecret | None:
        secret_id = row["secret_id"]
        try:
            if self._sealer is None:
                raise UnsealError(f"secret {secret_id} of {row['source']} needs IMPACT_WEBHOOK_SECRETS_KEY")
            secret = self._sealer.open(row["sealed"], source=row["source"], secret_id=secret_id)
        except UnsealError as error:
            if secret_id not in self._unopened:
                log.error("stored secret is not used", reason=str(error))
            self._unopened.add(secret_id)
            return None
        return StoredSecret(secret_id, secret, row["expires_at"])

    def _active_at(self, source: str, now: float) -> Active:
        current = [
            one
            for one in self._stored.get(source, ())
            if one.expires_at is None or one.expires_at.timestamp() > now
        ]
        given = tuple(self._environment.get(source, ()))
        return Active(
            Keys.of([*(one.secret for one in current), *given]),
            [*(one.secret_id for one in current), *(None for _ in given)],
            min((one.expires_at.timestamp() for one in current if one.expires_at), default=float("inf")),
        )

    def _tell(self) -> None:
        """Log every source whose number of secrets is new."""
        for source in SOURCES:
            count = len(self._stored.get(source.name, ())) + len(self._environment.get(source.name, ()))
            if self._told.get(source.name) == count:
                continue
            self._told[source.name] = count
            if count:
                log.info("source ready", source=source.name, secrets=count)
            else:
                log.warning(
                    "source refused: it has no secret", source=source.name, help=how_to_set(source.name)
                )


def how_to_set(source: str) -> str:
    """What an operator does about a source without a secret."""
    variable = BY_NAME[source].secret_variable
    return f"run `impact webhooks rotate {source}`, or set {variable} and restart the receiver"


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
