"""One text of a caller into labels and scores: screened, redacted, then labelled by the model that may.

Nothing reaches a classifier that safety has not let pass and redaction has not cleaned, whatever model it is.
The text is not stored. Blocking; safe to call from several threads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, cast
from uuid import UUID, uuid4

import psycopg

from nlp.classifiers.base import Classified, Classifier, ClassifierError, Text
from nlp.classifiers.claude import CapReached, ClaudeClassifier, ClaudeModel, NoPrice, TalksToTheModel
from nlp.classifiers.claude_calls import PROVIDER, Money, anthropic_client
from nlp.evaluation.classifiers import ClassifierUnavailableError, classifier_of
from nlp.labels import Dimension, Language, scores
from nlp.registry.models import ModelsFileError, read_models
from nlp.registry.store import active_model, mark_used
from nlp.spend.prices import load_prices
from nlp.spend.rate import take_request
from orchestration.ai.events import announce
from orchestration.ai.settings import AiSettings
from orchestration.gate.judging import PASSING, strictest

if TYPE_CHECKING:
    from nlp.safety import Verdict

Provider = Literal["auto", "local", "anthropic"]
FallbackReason = Literal["budget", "no_price", "no_key", "no_model"]
_ATTEMPTS = 2  # somebody waits; a batch tries more often


class TooManyRequestsError(Exception):
    """The company has had its requests of the minute."""

    def __init__(self, wait_s: int, per_minute: int) -> None:
        super().__init__(f"{per_minute} texts may be classified in 60 s; the next one in {wait_s} s")
        self.wait_s = wait_s


class HeldError(Exception):
    """Safety keeps the text back; a person has to look before anything is done with it."""

    def __init__(self, verdict: Verdict, language: str) -> None:
        self.verdict, self.language = verdict, language
        self.action, self.categories, self.version = verdict.action, verdict.categories, verdict.version
        found = ", ".join(self.categories) or "no category"
        super().__init__(f"the text is kept back ({self.action}: {found})")


class UnsupportedLanguageError(Exception):
    """The text is in no language that can be labelled."""

    def __init__(self, language: str) -> None:
        super().__init__(f"the language of the text is {language}; labelled are en, uk and no")
        self.language = language


class NoProviderError(Exception):
    """No model that was asked for may label: this installation has no key for it, or none of it in force."""


@dataclass(frozen=True)
class Classification:
    """What became of a text."""

    text_id: UUID
    language: Language
    redacted_text: str
    classified: Classified
    provider: Literal["local", "anthropic"]
    fallback_reason: FallbackReason | None  # why `auto` did not take Claude
    safety_action: str
    safety_version: str
    redaction_version: str

    @property
    def scores(self) -> dict[Dimension, float]:
        return scores(self.classified.labels)


class Classifying:
    """Classifies texts for the API. Rules and models are loaded with the first text that needs them."""

    def __init__(
        self,
        settings: AiSettings,
        connect: Callable[[], AbstractContextManager[psycopg.Connection]],
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings = settings
        self._connect = connect
        self._now = now
        self._loading = threading.Lock()
        self._local: Classifier | None = None
        self._claude: dict[str, Classifier] = {}  # by id in the registry

    def classify(
        self, company_id: UUID, content: str, *, language: Language | None, provider: Provider
    ) -> Classification:
        """Classify one text of a company, within its rate and its budget.

        `language` is what the caller knows of the writer; the text itself says more. Raises
        TooManyRequestsError, HeldError, UnsupportedLanguageError, NoProviderError, and ClassifierError
        (CapReached among them) where the model that was asked for has no answer.
        """
        with self._connect() as connection:
            per_minute = self._settings.ai_requests_per_minute
            wait_s = take_request(connection, company_id, per_minute)
        if wait_s is not None:
            raise TooManyRequestsError(wait_s, per_minute)
        verdict, detected, redacted, redaction_version = self._cleaned(content, language)
        text = Text(uuid4(), company_id, detected, redacted)
        classified, used, reason = self._labelled(text, provider)
        return Classification(
            text.text_id, detected, redacted, classified, used, reason, verdict.action, verdict.version,
            redaction_version,
        )  # fmt: skip

    def _cleaned(self, content: str, prior: Language | None) -> tuple[Verdict, Language, str, str]:
        from nlp.language import detect
        from nlp.redaction import redact
        from nlp.safety import screen_many

        detection = detect(content, prior)
        [verdict] = strictest(screen_many, [content], [detection.supported or detection.language])
        if verdict.action not in PASSING:
            raise HeldError(verdict, detection.supported or detection.language)
        language = detection.supported
        if language is None:
            raise UnsupportedLanguageError(detection.language)
        redacted = redact(content, language)
        return verdict, language, redacted.text, redacted.version

    def _labelled(
        self, text: Text, provider: Provider
    ) -> tuple[Classified, Literal["local", "anthropic"], FallbackReason | None]:
        reason: FallbackReason | None = None
        if provider != "local":
            claude = self._claude_in_force()
            if not isinstance(claude, str):
                try:
                    return self._answer(claude, text), "anthropic", None
                except (CapReached, NoPrice) as error:
                    if provider == "anthropic":
                        raise
                    reason = "budget" if isinstance(error, CapReached) else "no_price"
            elif provider == "anthropic":
                raise NoProviderError(
                    "Claude has no key here (ANTHROPIC_API_KEY)"
                    if claude == "no_key"
                    else "no model of Claude is in force; see /v1/q2q/models"
                )
            else:
                reason = cast(FallbackReason, claude)
        return self._answer(self._local_model(), text), "local", reason

    def _answer(self, classifier: Classifier, text: Text) -> Classified:
        (answer,) = classifier.classify([text])
        if isinstance(answer, TalksToTheModel):
            from nlp.safety.verdicts import Finding, Verdict

            whole = Finding("prompt_injection", "medium", "claude.shield", 0, len(text.content), 0.9)
            raise HeldError(Verdict("hold", (whole,), 0.9, "claude-shield"), text.language) from answer
        if isinstance(answer, ClassifierError):
            raise answer
        return answer

    def _local_model(self) -> Classifier:
        """The local model, if it is the one in force: no model serves that has not passed its evaluation."""
        with self._connect() as connection:
            model = active_model(connection, "local", self._now())
        if model is None:
            raise NoProviderError("no local model is in force; see /v1/q2q/models for what it lacks")
        with self._loading:
            if self._local is None or self._local.model_version != model.model_id:
                try:
                    self._local = classifier_of(read_models().entry(model.model_id))
                except (ClassifierUnavailableError, ModelsFileError) as error:
                    raise NoProviderError(f"the local model in force cannot be had: {error}") from error
            return self._local

    def _claude_in_force(self) -> Classifier | Literal["no_key", "no_model"]:
        key = self._settings.anthropic_api_key
        if key is None or not key.get_secret_value():
            return "no_key"
        with self._connect() as connection:
            model = active_model(connection, PROVIDER, self._now())
            if model is None:
                return "no_model"
            if model.model_id not in self._claude:
                mark_used(connection, model.model_id)  # from now on its definition is final
                connection.commit()
        with self._loading:
            classifier = self._claude.get(model.model_id)
            if classifier is None:
                definition = model.definition
                money = Money(self._connect, announce, load_prices(self._settings.ai_price_file), self._now)
                classifier = self._claude[model.model_id] = ClaudeClassifier(
                    anthropic_client(key.get_secret_value(), self._settings.anthropic_base_url),
                    money,
                    ClaudeModel(
                        model.model_id,
                        definition["model"],
                        definition["prompt_version"],
                        thresholds=definition.get("thresholds", {}),
                    ),
                    attempts=_ATTEMPTS,
                )
        return classifier
