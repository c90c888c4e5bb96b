"""Claude as a classifier: texts one by one, each with its own request, reservation and rows of the ledger.

Only texts that safety has cleared and redaction has cleaned get here (`Text`). What the provider does not
answer, or answers in a way the text does not bear out, is an error or no label, never a neutral score.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg

from nlp.classifiers.base import Classified, ClassifierError, Text, Usage
from nlp.classifiers.claude_answer import UnusableAnswerError, read_answer
from nlp.classifiers.claude_calls import ATTEMPTS, PROVIDER, Answered, Money, PaidCalls
from nlp.classifiers.claude_request import (
    MAX_TOKENS,
    CacheTtl,
    counted_params,
    message_params,
    most_tokens_of,
    most_tokens_of_text,
)
from nlp.classifiers.claude_shield import BLOCK_FROM, injection_score
from nlp.labels import LANGUAGES, Labels, Language
from nlp.prompts import LATEST, Prompt, load_prompt
from nlp.registry.thresholds import at_thresholds
from nlp.spend.cost import worst_case_microdollars
from nlp.spend.happenings import Purpose
from nlp.spend.ledger import Call, CapReachedError
from nlp.spend.prices import PriceError

if TYPE_CHECKING:
    from anthropic import Anthropic
    from anthropic.types import Message

# What counting may be off by, as the provider says of it: a count is an estimate.
_COUNT_MARGIN = 50


class CapReached(ClassifierError):
    """The company may not spend what the call could cost: the text is the local model's, or a batch's."""

    def __init__(self, cause: CapReachedError) -> None:
        super().__init__(str(cause), is_retryable=False)
        self.cause = cause


class NoPrice(ClassifierError):
    """The call was not made: there is no price that it could be reckoned with."""

    def __init__(self, cause: PriceError) -> None:
        super().__init__(str(cause), is_retryable=False)


class TalksToTheModel(ClassifierError):
    """The text was not sent: it is an attempt to steer the model, or looks like one."""

    def __init__(self, score: float) -> None:
        super().__init__(
            f"the text talks to the model instead of telling about the programme (score {score:.2f},"
            f" from {BLOCK_FROM} on it is not sent)",
            is_retryable=False,
        )


@dataclass(frozen=True)
class ClaudeModel:
    """A model of the provider under the id that the registry gives it."""

    model_version: str  # id in the registry
    model: str  # the provider's name
    prompt_version: str = LATEST
    max_tokens: int = MAX_TOKENS
    # By language and label; a claim that is less certain is not decided.
    thresholds: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


class Requests:
    """Requests for texts, each with the most it can cost."""

    def __init__(self, client: Anthropic, money: Money, model: ClaudeModel) -> None:
        self._client = client
        self._money = money
        self.model = model
        self._prefixes: dict[str, int] = {}  # tokens of everything but the text, by prompt

    def params(self, text: Text, *, cache_ttl: CacheTtl = "5m") -> dict[str, Any]:
        """The request for a text. Raises TalksToTheModel for one that must not be sent."""
        score = injection_score(text.content)
        if score >= BLOCK_FROM:
            raise TalksToTheModel(score)
        return message_params(
            self.model.model,
            self.prompt(text),
            text.content,
            cache_ttl=cache_ttl,
            max_tokens=self.model.max_tokens,
        )

    def prompt(self, text: Text) -> Prompt:
        return load_prompt(text.language, self.model.prompt_version)

    def worst_case(self, text: Text, *, is_batch: bool, cache_ttl: CacheTtl = "5m") -> int:
        """The most the text's request can cost. Raises PriceError if there is no price to trust."""
        price = self._money.prices.price(self.model.model, self._money.now())
        prompt_tokens = self._prefix_tokens(self.prompt(text)) + most_tokens_of_text(text.content)
        return worst_case_microdollars(
            price,
            prompt_tokens,
            self.model.max_tokens,
            is_batch=is_batch,
            cache="write_1h" if cache_ttl == "1h" else "write_5m",
        )

    def _prefix_tokens(self, prompt: Prompt) -> int:
        """Tokens of a request without a text, asked of the provider once; its bytes if that does not answer.

        Counting each text as well would ask twice for everything. A text is bounded by its bytes instead.
        """
        known = self._prefixes.get(prompt.sha256)
        if known is not None:
            return known
        params = counted_params(self.model.model, prompt, "")
        bound = most_tokens_of(params)
        try:
            counted = self._client.messages.count_tokens(**params).input_tokens
        except Exception:  # whatever it is, the bound holds, and the next text asks again
            return bound
        if not 0 < counted <= bound:
            return bound
        return self._prefixes.setdefault(prompt.sha256, counted + counted // 20 + _COUNT_MARGIN)


class ClaudeClassifier:
    """Labels texts with Claude, by direct calls."""

    def __init__(
        self,
        client: Anthropic,
        money: Money,
        model: ClaudeModel,
        *,
        purpose: Purpose = "q2q_scoring",
        sleep: Callable[[float], None] = time.sleep,
        attempts: int = ATTEMPTS,
    ) -> None:
        self.model_version = model.model_version
        self._model = model
        self._purpose: Purpose = purpose
        self._requests = Requests(client, money, model)
        self._calls = PaidCalls(client, money, sleep=sleep, attempts=attempts)

    @property
    def prompts(self) -> Mapping[Language, str]:
        """The hash of the prompt of each language."""
        return prompt_hashes(self._model)

    def classify(self, texts: Sequence[Text]) -> list[Classified | ClassifierError]:
        """An answer per text, in order. A text that failed has its ClassifierError, and the others go on."""
        return [self._outcome(text) for text in texts]

    def _outcome(self, text: Text) -> Classified | ClassifierError:
        try:
            return self._classify(text)
        except CapReachedError as error:
            return CapReached(error)
        except PriceError as error:
            return NoPrice(error)
        except psycopg.Error as error:
            return money_unreachable(error)
        except ClassifierError as error:
            return error

    def _classify(self, text: Text) -> Classified:
        params = self._requests.params(text)
        worst_case = self._requests.worst_case(text, is_batch=False)
        call = Call(text.company_id, PROVIDER, self._model.model, self.model_version, self._purpose, uuid4())
        labels, answered = self._calls.send(
            params, call, worst_case, lambda message: labels_of(message, text.content)
        )
        return classified(text, labels, self._model, self._requests.prompt(text), answered)


def prompt_hashes(model: ClaudeModel) -> Mapping[Language, str]:
    return {language: load_prompt(language, model.prompt_version).sha256 for language in LANGUAGES}


def labels_of(message: Message, content: str) -> Labels:
    """The labels a message proves. Raises ClassifierError for a message without a usable answer."""
    if message.stop_reason == "refusal":
        raise ClassifierError("Claude declined to label the text", is_retryable=False)
    if message.stop_reason != "end_turn":
        raise ClassifierError(
            f"Claude's answer broke off ({message.stop_reason})", is_retryable=message.stop_reason is None
        )
    try:
        return read_answer("".join(block.text for block in message.content if block.type == "text"), content)
    except UnusableAnswerError as error:
        raise ClassifierError(
            f"Claude's answer does not follow the schema: {error}", is_retryable=True
        ) from None


def classified(
    text: Text, labels: Labels, model: ClaudeModel, prompt: Prompt, answered: Answered
) -> Classified:
    """The answer as every classifier gives it, at the model's thresholds."""
    tokens = answered.tokens
    labels = at_thresholds(labels, model.thresholds.get(text.language, {}))
    usage = Usage(tokens.prompt, tokens.output, answered.cost_microdollars, answered.latency_ms)
    return Classified(text.text_id, labels, model.model_version, prompt.version, prompt.sha256, usage)


def money_unreachable(error: psycopg.Error) -> ClassifierError:
    return ClassifierError(
        f"the ledger of model calls does not answer ({type(error).__name__}), and without it none is paid",
        is_retryable=True,
    )
