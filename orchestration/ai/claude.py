"""Claude for those who score and evaluate: a classifier, or batches, for an entry of the file of models."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from nlp.classifiers.claude import ClaudeClassifier, ClaudeModel
from nlp.classifiers.claude_batches import ClaudeBatches
from nlp.classifiers.claude_calls import PROVIDER, Connect, Money, anthropic_client
from nlp.evaluation.classifiers import LOCAL, Makers
from nlp.registry.models import ModelEntry
from nlp.spend.prices import load_prices
from orchestration.ai.events import announce
from orchestration.ai.settings import AiSettings
from orchestration.scoring.models import ScoringMakers

if TYPE_CHECKING:
    from anthropic import Anthropic

# One for as long as the process lives: its connections are used again.
_kept_client = cache(anthropic_client)


def has_key(settings: AiSettings) -> bool:
    """Whether Claude can be asked here at all."""
    key = settings.anthropic_api_key
    return key is not None and bool(key.get_secret_value())


def evaluating_makers(settings: AiSettings, connect: Connect) -> Makers:
    """Who can be evaluated here: the local classifier, and Claude by direct calls where there is a key."""
    if not has_key(settings):
        return LOCAL

    def claude(entry: ModelEntry) -> ClaudeClassifier:
        return ClaudeClassifier(
            _client(settings), _money(settings, connect), claude_model(entry), purpose="evaluation"
        )

    return {**LOCAL, PROVIDER: claude}


def scoring_makers(settings: AiSettings, connect: Connect) -> ScoringMakers:
    """Who can score here, the first choice first: Claude by batches where there is a key, or local."""
    if not has_key(settings):
        return LOCAL

    def claude(entry: ModelEntry) -> ClaudeBatches:
        return ClaudeBatches(_client(settings), _money(settings, connect), claude_model(entry))

    return {PROVIDER: claude, **LOCAL}


def claude_model(entry: ModelEntry) -> ClaudeModel:
    """The provider's model, prompt and thresholds under the entry's id."""
    definition = entry.definition
    return ClaudeModel(
        entry.model_id,
        definition["model"],
        definition["prompt_version"],
        thresholds=definition.get("thresholds", {}),
    )


def _client(settings: AiSettings) -> Anthropic:
    assert settings.anthropic_api_key is not None  # noqa: S101  # only those with a key get here
    return _kept_client(settings.anthropic_api_key.get_secret_value(), settings.anthropic_base_url)


def _money(settings: AiSettings, connect: Connect) -> Money:
    return Money(connect, announce, load_prices(settings.ai_price_file))
