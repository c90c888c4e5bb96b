"""The programme's last weeks as Kintell would send them: signed webhooks, repeated until accepted."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import aiohttp

from ingest.webhooks.signatures import sign
from orchestration.demo.facts import Fact, Rating, Session
from orchestration.demo.population import Population
from orchestration.demo.window import chance
from orchestration.stack.errors import PlatformError

CONCURRENCY = 32
GIVE_UP_AFTER_S = 300  # longer than any restart of the receiver or its database
_REPEATED_SHARE = 0.04  # a sender that missed our answer sends again, with the same delivery id
_RENAMED_SHARE = 0.02  # or starts over, with a new one
_EARLY_SHARE = 0.05  # ratings that overtake their session


class DeliveryRefusedError(PlatformError):
    """The receiver answered that sending again will not help. Carries the delivery id and the status."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook. `at` orders the sending; the signature is made when it is sent."""

    kind: str
    delivery_id: str
    at: datetime
    body: bytes


def deliveries(population: Population, fact: Fact) -> Iterator[Delivery]:
    """What Kintell sends about a fact; nothing for what happened before its webhooks were switched on."""
    if not isinstance(fact, Session):
        return
    starts = population.window.webhooks_from
    if max(fact.scheduled_at, *(rating.created_at for rating in fact.ratings), fact.booked_at) < starts:
        return
    rng = chance(population.seed, "webhooks", fact.session_id)
    sent: list[Delivery] = []
    if fact.booked_at >= starts:
        sent.append(
            _delivery(population, "booking-confirmed", fact.session_id, fact.booked_at, _booking(fact))
        )
    if fact.completed_at and fact.completed_at >= starts:
        sent.append(
            _delivery(population, "session-completed", fact.session_id, fact.completed_at, _completed(fact))
        )
    for rating in fact.ratings:
        if rating.created_at >= starts:
            overtakes = timedelta(hours=5 if rng.random() < _EARLY_SHARE else 0)
            body = _rating(fact, rating)
            sent.append(
                _delivery(population, "rating-created", rating.rating_id, rating.created_at - overtakes, body)
            )
    for delivery in sent:
        yield delivery
        again = delivery.at + timedelta(minutes=rng.randrange(1, 200))
        chosen = rng.random()
        if chosen < _REPEATED_SHARE:
            yield Delivery(delivery.kind, delivery.delivery_id, again, delivery.body)
        elif chosen < _REPEATED_SHARE + _RENAMED_SHARE:
            yield Delivery(delivery.kind, f"{delivery.delivery_id}-again", again, delivery.body)


async def send(
    queue: Iterable[Delivery], *, url: str, secret: bytes, on_sent: Callable[[], None] = lambda: None
) -> Counter[str]:
    """Send every delivery, up to `CONCURRENCY` at a time, and count the receiver's answers by status.

    A delivery is sent again, under the same id, until it is accepted: an interruption only delays it.
    """
    answers: Counter[str] = Counter()
    pending = iter(queue)

    async def sender(session: aiohttp.ClientSession) -> None:
        for delivery in pending:  # shared: each takes the next one
            answers[await _send(session, delivery, url, secret)] += 1
            on_sent()

    timeout = aiohttp.ClientTimeout(total=30)
    connector = aiohttp.TCPConnector(limit=CONCURRENCY)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, connector=connector) as session,
            asyncio.TaskGroup() as senders,
        ):
            for _ in range(CONCURRENCY):
                senders.create_task(sender(session))
    except ExceptionGroup as group:
        raise group.exceptions[0] from None  # the others were cancelled or say the same
    return answers


def in_sending_order(queue: Iterable[Delivery]) -> Sequence[Delivery]:
    return sorted(queue, key=lambda delivery: (delivery.at, delivery.delivery_id, delivery.kind))


async def _send(session: aiohttp.ClientSession, delivery: Delivery, url: str, secret: bytes) -> str:
    give_up_at, wait = time.monotonic() + GIVE_UP_AFTER_S, 0.1
    while True:
        headers = {
            "Content-Type": "application/json",
            "X-Delivery-Id": delivery.delivery_id,
            "X-Kintell-Signature": sign(secret, delivery.body, timestamp=int(time.time())),
        }
        try:
            async with session.post(
                f"{url}/v1/webhooks/{delivery.kind}", data=delivery.body, headers=headers
            ) as response:
                if response.status in (200, 202):
                    answer = await response.json()
                    return str(answer["status"])
                if response.status < 500 and response.status != 429:
                    raise DeliveryRefusedError(
                        f"the receiver refused delivery {delivery.delivery_id} ({delivery.kind}) with"
                        f" {response.status}: {(await response.text())[:300]}"
                    )
                problem = f"status {response.status}"
        except (aiohttp.ClientError, TimeoutError) as error:
            problem = type(error).__name__
        if time.monotonic() > give_up_at:
            raise DeliveryRefusedError(
                f"the receiver at {url} did not accept delivery {delivery.delivery_id} within"
                f" {GIVE_UP_AFTER_S} s (last: {problem}); see `impact status`, then run the demo again"
            )
        await asyncio.sleep(wait)
        wait = min(2.0, wait * 2)


def _delivery(
    population: Population, kind: str, subject: str, at: datetime, body: dict[str, object]
) -> Delivery:
    delivery_id = population.id_of("delivery", kind, subject)
    return Delivery(kind, f"demo-{delivery_id}", at, json.dumps(body, ensure_ascii=False).encode())


def _booking(session: Session) -> dict[str, object]:
    return {
        "booking_id": f"BK-{session.session_id}",
        "session_type": session.session_type,
        "participant_email": session.participant.email,
        "volunteer_email": session.volunteer.email,
        "scheduled_at": _utc(session.scheduled_at),
    }


def _completed(session: Session) -> dict[str, object]:
    body: dict[str, object] = {
        "session_id": session.session_id,
        "session_type": session.session_type,
        "participant_email": session.participant.email,
        "volunteer_email": session.volunteer.email,
        "scheduled_at": _utc(session.scheduled_at),
        "completed_at": _utc(session.completed_at),
        "duration_minutes": session.duration_minutes,
        "topics": list(session.topics),
    }
    return body | ({"language_level": session.language_level} if session.language_level else {})


def _rating(session: Session, rating: Rating) -> dict[str, object]:
    body: dict[str, object] = {
        "rating_id": rating.rating_id,
        "session_id": session.session_id,
        "from_role": rating.from_role,
        "rating": rating.value,
        "created_at": _utc(rating.created_at),
    }
    return body | ({"feedback_text": rating.text} if rating.text else {})


def _utc(at: datetime | None) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else ""
