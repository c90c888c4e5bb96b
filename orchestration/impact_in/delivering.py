"""Sends what is due: one try per claim, and what comes after a try is a row, not a timer.

A try that fails is due again in 1 and 2 seconds, then in 5, 10 and 20 minutes; after the sixth the delivery
has failed, visibly. Retry-After prolongs the wait. Any process may die at any moment: an attempt that it left
open is unknown, and the partner is asked, or sent the same bytes under the same key.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID, uuid4

import aiohttp
import asyncpg
import structlog

from orchestration.impact_in import maintenance, sending, telling
from orchestration.impact_in.auth import (
    TokenRefusedError,
    Tokens,
    TokenUnavailableError,
    UnusableError,
    oauth_step,
    sign,
)
from orchestration.impact_in.claims import Claimed, Claims, waiting_platforms
from orchestration.impact_in.connectors import Limits, connector, names
from orchestration.impact_in.guard import ForbiddenAddressError, GuardedResolver, check_url, is_private
from orchestration.impact_in.ledger import Closing, Ledger, Opening, Settled
from orchestration.impact_in.limits import RateLimit
from orchestration.impact_in.sending import Answer, Parcel
from orchestration.impact_in.vault import Vault

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=3)  # longer than the longest try: token, read-back and two sends
JITTER = 0.1
_LONGEST_NAP_S = 1.0


@dataclass(frozen=True)
class Backoff:
    """Seconds after each failed try; one more failure than there are waits ends it."""

    waits_s: Sequence[float] = (1.0, 2.0, 300.0, 600.0, 1200.0)

    def after(self, failures: int, retry_after_s: float | None) -> float | None:
        """The wait after so many failures; None: that was the last try."""
        if failures > len(self.waits_s):
            return None
        wait_s = self.waits_s[failures - 1] * (1 + random.uniform(-JITTER, JITTER))  # noqa: S311 no secret
        return max(wait_s, retry_after_s or 0.0)


@dataclass(frozen=True)
class Options:
    """What a deliverer does differently in trials; the defaults are those of the platform."""

    backoff: Backoff = Backoff()
    lease: timedelta = LEASE
    limits: Mapping[str, Limits] | None = None  # by platform, instead of the connectors'
    on_step: Callable[[str], None] = lambda _: None


@dataclass(frozen=True)
class _Try:
    attempt_id: UUID | None  # None: it did not come to a request
    number: int
    answer: Answer
    started_at: datetime
    token: str | None = None


class Deliverer:
    """Sends deliveries of every platform, each at its own pace, so that none waits for another."""

    def __init__(
        self, pool: asyncpg.Pool, vault: Vault, *, enabled: Sequence[str], private_hosts: frozenset[str],
        options: Options | None = None,
    ) -> None:  # fmt: skip
        self._pool, self._vault = pool, vault
        self._enabled, self._private_hosts = enabled, private_hosts
        self._options = options or Options()
        self._ledger = Ledger(pool, self._options.lease)
        self._tokens = Tokens(pool, vault)

    async def drain(self, *, linger_s: float = 20.0) -> Counter[str]:
        """Send until nothing is due within `linger_s`; counts what became of the tries."""
        counts: Counter[str] = Counter()
        async with asyncio.TaskGroup() as group:
            for platform in await waiting_platforms(self._pool):
                group.create_task(self._drain(platform, linger_s, counts))
        return counts

    async def _drain(self, platform: str, linger_s: float, counts: Counter[str]) -> None:
        limits = self._limits(platform)
        claims = Claims(self._pool, self._vault, platform, self._enabled, self._options.lease)
        rate = RateLimit(self._pool, platform, limits.per_minute)
        running: set[asyncio.Task[None]] = set()
        async with AsyncExitStack() as stack:
            session = await stack.enter_async_context(self._session(limits.concurrency))
            errands = _Errands(self, session, rate, claims, asyncio.Semaphore(limits.concurrency), counts)
            while True:
                # As many at hand again as are under way: more would only wait with their lease running.
                if len(running) <= limits.concurrency:
                    taken = await claims.take(2 * limits.concurrency - len(running))
                    running |= {asyncio.create_task(errands.run(one)) for one in taken}
                    if taken:
                        self._options.on_step("claimed")
                        continue
                if running:
                    done, running = await asyncio.wait(
                        running, return_when=asyncio.FIRST_COMPLETED, timeout=_LONGEST_NAP_S
                    )
                    for task in done:
                        task.result()
                    continue
                next_in_s = await claims.next_in_s()
                if next_in_s is None or next_in_s > linger_s:
                    return
                await asyncio.sleep(min(max(next_in_s, 0.05), _LONGEST_NAP_S))

    def _limits(self, platform: str) -> Limits:
        if self._options.limits and platform in self._options.limits:
            return self._options.limits[platform]
        ways = [way.limits for name in names() if (way := connector(name)).platform == platform]
        if not ways:
            return Limits(per_minute=60, concurrency=1, timeout_s=30)  # its folder is gone: each one fails
        return Limits(
            per_minute=min(way.per_minute for way in ways), concurrency=max(way.concurrency for way in ways),
            timeout_s=max(way.timeout_s for way in ways),
        )  # fmt: skip

    def _session(self, concurrency: int) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=2 * concurrency, limit_per_host=concurrency, ttl_dns_cache=60,
                resolver=GuardedResolver(self._private_hosts),
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,  # a small answer can unpack to gigabytes
        )  # fmt: skip


class _Errands:
    """The tries of one platform."""

    def __init__(
        self, owner: Deliverer, session: aiohttp.ClientSession, rate: RateLimit, claims: Claims,
        turns: asyncio.Semaphore, counts: Counter[str],
    ) -> None:  # fmt: skip
        self._ledger, self._tokens, self._options = owner._ledger, owner._tokens, owner._options
        self._private_hosts = owner._private_hosts
        self._session, self._rate, self._claims, self._turns, self._counts = (
            session,
            rate,
            claims,
            turns,
            counts,
        )

    def _closed_until(self, parcel: Parcel) -> datetime | None:
        """When the partner takes deliveries again. A stand-in on the operator's own host keeps no hours."""
        if is_private(parcel.base_url, self._private_hosts):
            return None
        return maintenance.ends_at(parcel.how.maintenance, datetime.now(UTC))

    async def run(self, one: Claimed) -> None:
        """One try of one delivery, with everything that belongs to it."""
        async with self._turns:
            if one.parcel is None:
                await self._settle(one, _unsent("unusable", one.problem))
                return
            if (until := self._closed_until(one.parcel)) is not None:
                await self._claims.postpone(one, until)
                self._counts["postponed"] += 1
                return
            if one.is_unknown and one.parcel.how.read_back:
                asked = await self._authenticated(one, one.parcel, "read_back")
                if asked is None:
                    return
                if asked.answer.error_class != "absent":
                    await self._settle(one, asked)
                    return
                await self._close(one, asked)
            sent = await self._authenticated(one, one.parcel, "send")
            if sent is not None:
                await self._settle(one, sent)

    async def _authenticated(
        self, one: Claimed, parcel: Parcel, kind: Literal["send", "read_back"]
    ) -> _Try | None:
        """One logged request, and another one with a new token if the partner refused the one we had."""
        tried = await self._attempt(one, parcel, kind)
        if tried is None or tried.token is None or tried.answer.decision != "reauthenticate":
            return tried
        await self._tokens.forget(parcel.company_id, parcel.platform, tried.token)
        await self._close(one, tried)
        return await self._attempt(one, parcel, kind)

    async def _attempt(self, one: Claimed, parcel: Parcel, kind: Literal["send", "read_back"]) -> _Try | None:
        """One logged request. None: the delivery is somebody else's by now."""
        steps = parcel.how.auth_of(parcel.options)
        attempt_id, token = uuid4(), None
        try:
            check_url(parcel.base_url, self._private_hosts)
            if (step := oauth_step(steps)) is not None:
                token = await self._tokens.get(
                    self._session, parcel.url(step.path), step, parcel.secrets, parcel.company_id,
                    parcel.platform, self._rate.wait,
                )  # fmt: skip
            await self._rate.wait()
            signed = sign(
                steps, parcel.body if kind == "send" else b"", secrets=parcel.secrets, options=parcel.options,
                message_id=parcel.idempotency_key, token=token, now=time.time(),
            )  # fmt: skip
        except (UnusableError, ForbiddenAddressError) as error:
            return _unsent("unusable", str(error))
        except TokenRefusedError as error:
            return _unsent("unauthenticated", str(error))
        except TokenUnavailableError as error:
            return _unsent("unavailable", str(error), "retry")
        started_at = datetime.now(UTC)
        self._options.on_step(f"before the intent of a {kind}")
        number = await self._ledger.open(
            Opening(attempt_id, one.report.delivery_id, one.lease_id, kind, started_at)
        )
        if number is None:
            self._counts["lost"] += 1
            return None
        self._options.on_step(f"after the intent of a {kind}")
        ask = sending.send if kind == "send" else sending.read_back
        limits = (self._options.limits or {}).get(parcel.platform, parcel.how.limits)
        answer = await ask(self._session, parcel, signed, attempt_id=attempt_id, timeout_s=limits.timeout_s)
        self._options.on_step(f"after the answer to a {kind}")
        if answer.error_class == "throttled":
            await self._rate.pause(min(answer.retry_after_s or 0.0, parcel.how.errors.throttle_pause_s))
        return _Try(attempt_id, number, answer, started_at, token)

    async def _close(self, one: Claimed, tried: _Try) -> None:
        """The end of an attempt that another one follows at once."""
        now = datetime.now(UTC)
        events = [
            telling.attempted(one.report, tried.number, tried.answer, one.payload_sha256, tried.started_at)
        ]
        await self._ledger.close(
            Closing(tried.attempt_id, one.report.delivery_id, now, tried.answer, None, events)
        )

    async def _settle(self, one: Claimed, tried: _Try) -> None:
        """The end of a try, and what becomes of the delivery."""
        now, answer = datetime.now(UTC), tried.answer
        number = tried.number or one.attempt_count
        events = []
        if tried.attempt_id is not None:
            events.append(
                telling.attempted(one.report, tried.number, answer, one.payload_sha256, tried.started_at)
            )
        failures = one.failure_count + (answer.decision != "accepted")
        if answer.decision == "accepted":
            settled = Settled(one.lease_id, "delivered", now, failures, is_unknown=False)
            events.append(telling.succeeded(one.report, number, answer.reference, now))
        else:
            is_final = answer.decision in ("give_up", "reauthenticate")
            wait_s = None if is_final else self._options.backoff.after(failures, answer.retry_after_s)
            is_unknown = answer.decision == "unknown" or (one.is_unknown and answer.error_class != "rejected")
            next_at = None if wait_s is None else now + timedelta(seconds=wait_s)
            settled = Settled(
                one.lease_id,
                "failed" if next_at is None else "retrying",
                next_at or now,
                failures,
                is_unknown,
            )
            events.append(telling.failed(one.report, number, answer, now, next_at))
            if next_at is None:
                events.append(telling.exhausted(one.report, number, answer, now))
        self._options.on_step("before the end is written")
        closing = Closing(tried.attempt_id, one.report.delivery_id, now, answer, settled, events)
        is_kept = await self._ledger.close(closing)
        self._options.on_step("after the end is written")
        self._counts[settled.status if is_kept else "lost"] += 1
        if is_kept and settled.status == "failed":
            log.error(
                "impact_delivery_failed", delivery_id=str(one.report.delivery_id),
                company_id=str(one.report.company_id), platform=one.report.platform,
                error_class=answer.error_class, http_status=answer.http_status,
            )  # fmt: skip


def _unsent(error_class: sending.ErrorClass, error: str, decision: sending.Decision = "give_up") -> _Try:
    return _Try(None, 0, Answer(decision, None, error_class, error), datetime.now(UTC))
