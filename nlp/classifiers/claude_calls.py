"""One call of Claude's API with its money: put aside, sent, settled, and tried again where that may help.

The SDK's own retries are off: each attempt has a reservation and a row of the ledger. A failure is a
ClassifierError and never a score. Nothing here logs the key, what was sent or what was answered.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg

from nlp.classifiers.base import ClassifierError
from nlp.spend.cost import Tokens, cost_microdollars
from nlp.spend.happenings import Announce
from nlp.spend.ledger import Call, Reservation, Settlement, reserve, settle
from nlp.spend.prices import Price, PriceBook, PriceError

if TYPE_CHECKING:
    from anthropic import Anthropic
    from anthropic.types import Message, Usage

T = TypeVar("T")
PROVIDER = "anthropic"
ATTEMPTS = 4
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 10.0
LONGEST_RETRY_AFTER_S = 60.0  # a provider that asks for more is asked by the next run
REQUEST_TIMEOUT_S = 60.0
RESERVED_FOR = timedelta(minutes=10)  # a request has long timed out by then

# A connection from the caller, outside of any transaction, closed or given back at the end.
Connect = Callable[[], AbstractContextManager[psycopg.Connection]]


def anthropic_client(api_key: str, base_url: str | None = None) -> Anthropic:
    """A client that leaves retries to us. Imports the SDK, which takes seconds."""
    from anthropic import Anthropic

    # At DEBUG the SDK logs bodies, and its HTTP client logs addresses and headers.
    for name in ("anthropic", "httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return Anthropic(api_key=api_key, base_url=base_url, max_retries=0, timeout=REQUEST_TIMEOUT_S)


@dataclass(frozen=True)
class Money:
    """Where calls are paid from. `now` is the clock, in UTC."""

    connect: Connect
    announce: Announce
    prices: PriceBook
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


@dataclass(frozen=True)
class Answered:
    """What one attempt brought."""

    message: Message
    tokens: Tokens
    cost_microdollars: int
    latency_ms: float


class _FailedAttempt(Exception):
    """An attempt that brought nothing. `cost` is None where the provider may have charged for it."""

    def __init__(
        self, error: ClassifierError, cost: int | None, status: int | None, wait_s: float | None
    ) -> None:
        super().__init__(str(error))
        self.error, self.cost, self.status, self.wait_s = error, cost, status, wait_s


class PaidCalls:
    """Sends requests that somebody pays for."""

    def __init__(
        self,
        client: Anthropic,
        money: Money,
        *,
        sleep: Callable[[float], None] = time.sleep,
        attempts: int = ATTEMPTS,
    ) -> None:
        self._client = client
        self._money = money
        self._attempts = attempts
        self._sleep = sleep

    def send(
        self, params: dict[str, Any], call: Call, worst_case: int, read: Callable[[Message], T]
    ) -> tuple[T, Answered]:
        """The message's answer as `read` understands it, and what it cost over all attempts.

        `read` raises ClassifierError for an answer that is of no use: paid for, and asked for again. Raises
        CapReachedError and PriceError before anything is sent, ClassifierError when all attempts failed.
        """
        tokens, cost, latency_ms = Tokens(), 0, 0.0
        for attempt, pause_s in enumerate(_pauses(self._attempts), 1):
            reservation = self._reserve(replace(call, attempt=attempt), worst_case)
            try:
                answered = self._attempt(params, reservation)
            except _FailedAttempt as failed:
                wait_s = pause_s if failed.wait_s is None else failed.wait_s
                if (
                    attempt == self._attempts
                    or not failed.error.is_retryable
                    or wait_s > LONGEST_RETRY_AFTER_S
                ):
                    raise failed.error from None
                self._sleep(wait_s)
                continue
            tokens, cost = add_tokens(tokens, answered.tokens), cost + answered.cost_microdollars
            latency_ms += answered.latency_ms
            try:
                result = read(answered.message)
            except ClassifierError as error:
                self._settle(reservation, answered, "unusable")
                if attempt == self._attempts or not error.is_retryable:
                    raise
                continue
            self._settle(reservation, answered, "answered")
            return result, Answered(answered.message, tokens, cost, latency_ms)
        raise AssertionError("the last attempt returns or raises")

    def _reserve(self, call: Call, worst_case: int) -> Reservation:
        with self._money.connect() as connection:
            return reserve(
                connection,
                self._money.announce,
                call,
                worst_case,
                at=self._money.now(),
                valid_for=RESERVED_FOR,
            )

    def _attempt(self, params: dict[str, Any], reservation: Reservation) -> Answered:
        started = time.perf_counter()
        try:
            message = self._send(params)
        except _FailedAttempt as failed:
            self._write(
                reservation,
                Settlement(
                    "refused" if failed.cost == 0 else "unknown",
                    self._money.now(),
                    failed.cost,
                    http_status=failed.status,
                    latency_ms=_milliseconds_since(started),
                ),
            )
            raise
        tokens = tokens_of(message.usage)
        cost = self.cost_of(reservation, message.usage)
        return Answered(message, tokens, cost, _milliseconds_since(started))

    def _send(self, params: dict[str, Any]) -> Message:
        import anthropic
        import httpx2

        try:
            message: Message = self._client.messages.create(**params)
        except anthropic.APIStatusError as error:
            raise _refused(error) from None
        except anthropic.APIConnectionError as error:
            if isinstance(error.__cause__, (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)):
                # Nothing was sent, so nothing was charged.
                raise _FailedAttempt(_failure("Claude's API cannot be reached"), 0, None, None) from None
            lost = _failure("the connection to Claude's API broke before an answer came")
            raise _FailedAttempt(lost, None, None, None) from None
        except (anthropic.APIError, ValueError, httpx2.HTTPError):  # a success that is no JSON
            unreadable = _failure("Claude's API answered something that is no message")
            raise _FailedAttempt(unreadable, None, 200, None) from None
        # The SDK checks less than its types promise.
        if isinstance(message, str) or getattr(message, "usage", None) is None:
            raise _FailedAttempt(
                _failure("Claude's API answered something that is no message"), None, 200, None
            )
        return message

    def cost_of(self, reservation: Reservation, usage: Usage) -> int:
        """What a call cost by the usage the provider reports; the whole reservation if that has no price."""
        price = self._money.prices.price(reservation.call.model, reservation.reserved_at)
        try:
            return cost_of_usage(price, usage, is_batch=reservation.call.is_batch)
        except PriceError:
            return reservation.microdollars

    def _settle(self, reservation: Reservation, answered: Answered, outcome: Any) -> None:
        price = self._money.prices.price(reservation.call.model, reservation.reserved_at)
        self._write(
            reservation,
            Settlement(
                outcome,
                self._money.now(),
                answered.cost_microdollars,
                answered.tokens,
                priced_from=price.effective_from,
                provider_message_id=answered.message.id,
                http_status=200,
                latency_ms=answered.latency_ms,
            ),
        )

    def _write(self, reservation: Reservation, settlement: Settlement) -> None:
        with self._money.connect() as connection:
            settle(connection, self._money.announce, reservation.call_id, settlement)


def tokens_of(usage: Usage) -> Tokens:
    """The provider's counts. What was written to the cache without a duration is of the shorter one."""
    written = usage.cache_creation_input_tokens or 0
    hour = usage.cache_creation.ephemeral_1h_input_tokens if usage.cache_creation else 0
    return Tokens(
        input=usage.input_tokens,
        output=usage.output_tokens,
        write_5m=written - hour,
        write_1h=hour,
        read=usage.cache_read_input_tokens or 0,
    )


def cost_of_usage(price: Price, usage: Usage, *, is_batch: bool) -> int:
    """The cost of a call. Raises PriceError for a way of being served that has no price."""
    if usage.service_tier == "priority" or usage.speed == "fast":
        raise PriceError(f"{price.model} has no price for priority or fast service")
    return cost_microdollars(price, tokens_of(usage), is_batch=is_batch, is_us=usage.inference_geo == "us")


def add_tokens(one: Tokens, other: Tokens) -> Tokens:
    return Tokens(
        one.input + other.input,
        one.output + other.output,
        one.write_5m + other.write_5m,
        one.write_1h + other.write_1h,
        one.read + other.read,
    )


def _refused(error: Any) -> _FailedAttempt:
    status: int = error.status_code
    # 408: it gave up waiting for us; 409: something else was in the way; 529: overloaded.
    is_retryable = status in (408, 409, 429) or status >= 500
    kind = error.type or "unknown"
    failure = ClassifierError(f"Claude's API refused with {status} ({kind})", is_retryable=is_retryable)
    return _FailedAttempt(failure, 0, status, _retry_after_s(error.response.headers.get("retry-after")))


def _failure(message: str) -> ClassifierError:
    return ClassifierError(message, is_retryable=True)


def _retry_after_s(header: str | None) -> float | None:
    """Seconds, or a date; anything else says nothing."""
    if header is None:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def _pauses(attempts: int) -> Iterator[float]:
    """Seconds to wait after each attempt: 1, 2, 4 … at most 10."""
    for attempt in range(attempts):
        yield min(LONGEST_WAIT_S, FIRST_WAIT_S * 2**attempt)


def _milliseconds_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
