"""Message batches: many texts at half the price, answered within a day, by whatever process asks then.

A batch is written down before it is submitted and named once the provider has named it, so that another run
finds it. Each text has its own reservation, under whose id the provider knows it. The texts themselves are
not kept here, only the hash of their words: whoever collects brings them again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import psycopg

from nlp.classifiers.base import Classified, ClassifierError, Text
from nlp.classifiers.claude import (
    CapReached,
    ClaudeModel,
    NoPrice,
    Requests,
    classified,
    labels_of,
    money_unreachable,
    prompt_hashes,
)
from nlp.classifiers.claude_calls import PROVIDER, Answered, Money, cost_of_usage, tokens_of
from nlp.classifiers.claude_request import CacheTtl
from nlp.labels import Language
from nlp.spend.cost import NO_TOKENS
from nlp.spend.happenings import Purpose
from nlp.spend.ledger import Call, CapReachedError, Outcome, Reservation, Settlement, reserve, settle
from nlp.spend.prices import Price, PriceError

if TYPE_CHECKING:
    from anthropic import Anthropic
    from anthropic.types import Message, Usage

# A batch may take a day, and its answers stay for weeks: two nightly runs may fail before it is written off.
RESERVED_FOR = timedelta(days=3)
LARGEST = 10_000  # of the 100,000 requests and 256 MB the provider takes


@dataclass(frozen=True)
class Submitted:
    """A batch on its way, and the texts that are not in it."""

    batch_id: UUID | None  # None: no text was accepted
    texts_count: int
    refused: Mapping[UUID, ClassifierError]  # by text id


@dataclass(frozen=True)
class OpenBatch:
    """A batch that has not been collected."""

    batch_id: UUID
    provider_batch_id: str
    model_version: str
    submitted_at: datetime
    contents: Mapping[UUID, str | None]  # by text id, the hash of the words that were sent

    def holds(self, text: Text) -> bool:
        """Whether the batch will answer for the text as it is now."""
        return self.contents.get(text.text_id) == content_sha256(text)


@dataclass(frozen=True)
class _BatchCall:
    call_id: UUID
    text_id: UUID


class BatchNotReadyError(Exception):
    """The provider is still at work on the batch; ask again later."""


class ClaudeBatches:
    """Labels texts with Claude, by batches."""

    def __init__(
        self, client: Anthropic, money: Money, model: ClaudeModel, *, purpose: Purpose = "q2q_scoring"
    ) -> None:
        self._client = client
        self._money = money
        self._model = model
        self._purpose: Purpose = purpose
        self._requests = Requests(client, money, model)

    @property
    def model_version(self) -> str:
        return self._model.model_version

    @property
    def prompts(self) -> Mapping[Language, str]:
        """The hash of the prompt of each language."""
        return prompt_hashes(self._model)

    def submit(self, texts: Sequence[Text]) -> Submitted:
        """Submit texts as one batch. Those that may not be sent or paid are refused, the others go.

        Raises ClassifierError if the provider does not take the batch: then nothing of it is paid.
        """
        if len(texts) > LARGEST:
            raise ValueError(f"a batch takes {LARGEST} texts at most, not {len(texts)}")
        refused: dict[UUID, ClassifierError] = {}
        reserved: list[tuple[Text, Reservation, dict[str, Any]]] = []
        for text in texts:
            try:
                ttl = self._cache_ttl()
                params = self._requests.params(text, cache_ttl=ttl)
                worst_case = self._requests.worst_case(text, is_batch=True, cache_ttl=ttl)
                reserved.append((text, self._reserve(text, worst_case), params))
            except CapReachedError as error:
                refused[text.text_id] = CapReached(error)
            except PriceError as error:
                refused[text.text_id] = NoPrice(error)
            except psycopg.Error as error:
                refused[text.text_id] = money_unreachable(error)
            except ClassifierError as error:
                refused[text.text_id] = error
        if not reserved:
            return Submitted(None, 0, refused)
        batch_id = uuid4()
        self._note(batch_id, reserved)
        requests: list[Any] = [
            {"custom_id": str(reservation.call_id), "params": params} for _, reservation, params in reserved
        ]
        provider_batch_id = self._create(requests, [reservation for _, reservation, _ in reserved])
        with self._money.connect() as connection, connection.transaction():
            connection.execute(
                "update ai.batches set provider_batch_id = %s where batch_id = %s",
                (provider_batch_id, batch_id),
            )
        return Submitted(batch_id, len(reserved), refused)

    def open_batches(self) -> list[OpenBatch]:
        """Batches of this model that were submitted, by whatever process, and not collected; oldest first."""
        with self._money.connect() as connection:
            rows = connection.execute(
                "select batch_id, provider_batch_id, model_version, submitted_at,"
                " (select jsonb_object_agg(text_id, content_sha256) from ai.batch_calls"
                " where batch_calls.batch_id = batches.batch_id)"
                " from ai.batches where collected_at is null and provider_batch_id is not null"
                " and model_version = %s order by submitted_at",
                (self._model.model_version,),
            ).fetchall()
        return [
            OpenBatch(
                batch_id,
                provider_id,
                version,
                submitted_at,
                {UUID(text_id): content for text_id, content in (contents or {}).items()},
            )
            for batch_id, provider_id, version, submitted_at, contents in rows
        ]

    def tries(self, text_ids: Sequence[UUID]) -> Counter[UUID]:
        """How often each text was in a batch of this model that has been collected."""
        with self._money.connect() as connection:
            rows = connection.execute(
                "select text_id, count(*) from ai.batch_calls join ai.batches using (batch_id)"
                " where model_version = %s and collected_at is not null and text_id = any(%s)"
                " group by text_id",
                (self._model.model_version, list(text_ids)),
            ).fetchall()
        return Counter(dict(rows))

    def is_ready(self, batch: OpenBatch) -> bool:
        """Whether the provider has ended it, well or not."""
        return self._status(batch) == "ended"

    def collect(
        self, batch: OpenBatch, texts: Mapping[UUID, Text]
    ) -> dict[UUID, Classified | ClassifierError]:
        """An answer per text of an ended batch, settled; collecting again settles nothing twice.

        `texts` are those that are still there, by id: the answer to one that has been withdrawn, or says
        something else since, is paid for and dropped. The batch stays open until `close`, so that a process
        that dies before it has stored the answers finds them again. Raises BatchNotReadyError while it is not
        ended.
        """
        if not self.is_ready(batch):
            raise BatchNotReadyError(f"batch {batch.batch_id} is not ended yet")
        calls = self._batch_calls(batch)
        outcomes: dict[UUID, Classified | ClassifierError] = {}
        try:
            for response in self._client.messages.batches.results(batch.provider_batch_id):
                call = calls.pop(response.custom_id, None)
                if call is not None:
                    text = texts.get(call.text_id)
                    same = text if text is not None and batch.holds(text) else None
                    outcome = self._settled(batch, call, response.result, same)
                    if outcome is not None:
                        outcomes[call.text_id] = outcome
        except psycopg.Error:
            raise
        except Exception as error:
            raise ClassifierError(
                f"the results of batch {batch.batch_id} cannot be read ({type(error).__name__})",
                is_retryable=True,
            ) from None
        for call in calls.values():  # what an ended batch has no result for has not been done
            self._write(call.call_id, "unknown", None)
            outcomes[call.text_id] = ClassifierError("the batch ended without the text", is_retryable=True)
        return outcomes

    def close(self, batch: OpenBatch) -> None:
        """Note that the answers of a batch are stored: nobody collects it again."""
        with self._money.connect() as connection, connection.transaction():
            connection.execute(
                "update ai.batches set collected_at = %s where batch_id = %s",
                (self._money.now(), batch.batch_id),
            )

    def _cache_ttl(self) -> CacheTtl:
        """An hour if it has a price: the requests of a batch are minutes apart."""
        price = self._money.prices.price(self._model.model, self._money.now())
        return "1h" if price.bands[0].write_1h is not None else "5m"

    def _reserve(self, text: Text, worst_case: int) -> Reservation:
        call = Call(
            text.company_id,
            PROVIDER,
            self._model.model,
            self._model.model_version,
            self._purpose,
            uuid4(),
            is_batch=True,
        )
        with self._money.connect() as connection:
            return reserve(
                connection,
                self._money.announce,
                call,
                worst_case,
                at=self._money.now(),
                valid_for=RESERVED_FOR,
            )

    def _note(self, batch_id: UUID, reserved: Sequence[tuple[Text, Reservation, Any]]) -> None:
        with self._money.connect() as connection, connection.transaction():
            connection.execute(
                "insert into ai.batches (batch_id, model_version, submitted_at) values (%s, %s, %s)",
                (batch_id, self._model.model_version, self._money.now()),
            )
            with connection.cursor() as cursor:
                cursor.executemany(
                    "insert into ai.batch_calls (call_id, batch_id, text_id, content_sha256)"
                    " values (%s, %s, %s, %s)",
                    [
                        (reservation.call_id, batch_id, text.text_id, content_sha256(text))
                        for text, reservation, _ in reserved
                    ],
                )

    def _create(self, requests: list[Any], reservations: Sequence[Reservation]) -> str:
        import anthropic

        try:
            return self._client.messages.batches.create(requests=requests).id
        except anthropic.APIStatusError as error:
            for reservation in reservations:
                self._write(reservation.call_id, "refused", 0, http_status=error.status_code)
            raise ClassifierError(
                f"Claude's API refused the batch with {error.status_code}",
                is_retryable=error.status_code >= 429,
            ) from None
        except (anthropic.APIError, ValueError):
            # It may have been taken, and then it is paid: the money stays put aside until it expires.
            raise ClassifierError(
                "the connection to Claude's API broke while a batch was submitted", is_retryable=True
            ) from None

    def _status(self, batch: OpenBatch) -> str:
        import anthropic

        try:
            return self._client.messages.batches.retrieve(batch.provider_batch_id).processing_status
        except (anthropic.APIError, ValueError) as error:
            raise ClassifierError(
                f"Claude's API does not say how batch {batch.batch_id} is ({type(error).__name__})",
                is_retryable=True,
            ) from None

    def _batch_calls(self, batch: OpenBatch) -> dict[str, _BatchCall]:
        with self._money.connect() as connection:
            rows = connection.execute(
                "select call_id, text_id from ai.batch_calls where batch_id = %s", (batch.batch_id,)
            ).fetchall()
        return {str(call_id): _BatchCall(call_id, text_id) for call_id, text_id in rows}

    def _settled(
        self, batch: OpenBatch, call: _BatchCall, result: Any, text: Text | None
    ) -> Classified | ClassifierError | None:
        if result.type != "succeeded":
            # Errored, cancelled and expired requests of a batch are not charged.
            self._write(call.call_id, "refused", 0)
            return ClassifierError(f"the batch has the text as {result.type}", is_retryable=True)
        message = result.message
        price = self._money.prices.price(self._model.model, batch.submitted_at)
        paid: dict[str, Any] = {"cost": _cost(price, message.usage), "message": message, "price": price}
        try:
            labels = labels_of(message, text.content) if text is not None else None
        except ClassifierError as error:
            self._write(call.call_id, "unusable", **paid)
            return error
        settled = self._write(call.call_id, "answered", **paid)
        if text is None or labels is None:
            return None
        answered = Answered(message, tokens_of(message.usage), settled, 0.0)
        return classified(text, labels, self._model, self._requests.prompt(text), answered)

    def _write(
        self,
        call_id: UUID,
        outcome: Outcome,
        cost: int | None,
        *,
        message: Message | None = None,
        price: Price | None = None,
        http_status: int | None = None,
    ) -> int:
        settlement = Settlement(
            outcome,
            self._money.now(),
            cost,
            tokens_of(message.usage) if message else NO_TOKENS,
            priced_from=price.effective_from if price else None,
            provider_message_id=message.id if message else None,
            http_status=200 if message else http_status,
        )
        with self._money.connect() as connection:
            return settle(connection, self._money.announce, call_id, settlement)


def open_batch_count(connection: psycopg.Connection, model_version: str) -> int:
    """How many batches of a model are on their way; without asking the provider."""
    rows = connection.execute(
        "select count(*) from ai.batches where model_version = %s and collected_at is null"
        " and provider_batch_id is not null",
        (model_version,),
    ).fetchall()
    return int(rows[0][0])


def content_sha256(text: Text) -> str:
    return sha256(text.content.encode()).hexdigest()


def _cost(price: Price, usage: Usage) -> int | None:
    try:
        return cost_of_usage(price, usage, is_batch=True)
    except PriceError:
        return None  # the whole reservation
