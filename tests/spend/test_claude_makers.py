"""Who can be asked depends on the key alone, and who evaluates Claude says who pays for it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from pydantic import SecretStr

from ingest.stores import StoreSettings, postgres_connection
from nlp.classifiers.claude_batches import ClaudeBatches
from nlp.evaluation.classifiers import ClassifierUnavailableError, classifier_of
from nlp.evaluation.figures import figures, run
from nlp.evaluation.labelled import load
from nlp.registry.models import ModelsFile, read_models
from nlp.spend.budget import read_budget
from orchestration.ai.claude import evaluating_makers, scoring_makers
from orchestration.ai.settings import AiSettings
from orchestration.governance.evaluating import NobodyPaysError, evaluate
from tests.spend.fake_anthropic import KEY, FakeAnthropic

CLAUDE = read_models().entry("q2q-claude-v1")


@pytest.fixture
def settings(fake: FakeAnthropic) -> AiSettings:
    return AiSettings(anthropic_api_key=SecretStr(KEY), anthropic_base_url=fake.url)


def test_without_a_key_only_the_local_model_can_be_asked() -> None:
    keyless = AiSettings(anthropic_api_key=SecretStr(""))
    assert list(scoring_makers(keyless, None)) == list(evaluating_makers(keyless, None)) == ["local"]
    with pytest.raises(ClassifierUnavailableError, match="cannot be asked from here"):
        classifier_of(CLAUDE, evaluating_makers(keyless, None))


def test_with_a_key_claude_scores_first_and_by_batches(
    settings: AiSettings, store_settings: StoreSettings
) -> None:
    makers = scoring_makers(settings, lambda: closing(postgres_connection(store_settings)))
    assert list(makers) == ["anthropic", "local"]
    found = classifier_of(CLAUDE, makers)
    assert isinstance(found, ClaudeBatches)
    assert found.model_version == CLAUDE.model_id
    assert set(found.prompts) == {"en", "uk", "no"}


def test_claude_is_evaluated_under_the_cap_of_the_company_that_was_named(
    settings: AiSettings, store_settings: StoreSettings, fake: FakeAnthropic, company: UUID,
    postgres: psycopg.Connection,
) -> None:  # fmt: skip
    makers = evaluating_makers(settings, lambda: closing(postgres_connection(store_settings)))
    labelled = load()
    few = replace(labelled, items=labelled.of("en")[:3])
    done = run(classifier_of(CLAUDE, makers), few, paid_by=company)
    assert (len(fake.sales), done.errors) == (3, {})
    found = figures(done)
    assert found["languages"]["en"]["cost_microdollars"] == sum(sale.charged for sale in fake.sales)
    purposes = postgres.execute(
        "select distinct purpose, model_version from ai.ledger where company_id = %s", (company,)
    ).fetchall()
    assert purposes == [("evaluation", CLAUDE.model_id)]
    spent = read_budget(postgres, company, datetime.now(UTC)).spent_microdollars
    assert spent == found["languages"]["en"]["cost_microdollars"]


def test_nothing_is_asked_that_costs_while_nobody_pays(
    settings: AiSettings, store_settings: StoreSettings, fake: FakeAnthropic, postgres: psycopg.Connection
) -> None:
    makers = evaluating_makers(settings, lambda: closing(postgres_connection(store_settings)))
    models = ModelsFile(read_models().policy, (CLAUDE,))
    with pytest.raises(NobodyPaysError, match="asking q2q-claude-v1 costs money"):
        evaluate(postgres, models, [CLAUDE.model_id], actor="test", makers=makers)
    assert fake.requests == []
