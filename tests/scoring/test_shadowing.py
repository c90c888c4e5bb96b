"""A shadow is compared with what served on the texts both have scored, without a word of them."""

from __future__ import annotations

from datetime import timedelta

from nlp.labels import Labels
from orchestration.governance.shadowing import compare_scores, markdown
from orchestration.scoring.scoring import score_days
from tests.scoring.conftest import KeywordClassifier, Warehouse


class Doubting(KeywordClassifier):
    """Answers as the other, and abstains where a text says "maybe"."""

    def _one(self, text):  # type: ignore[no-untyped-def]
        from dataclasses import replace

        answer = super()._one(text)
        return replace(answer, labels=Labels()) if "maybe" in text.content else answer


def test_agreement_flips_and_cost_of_the_texts_both_have_scored(
    warehouse: Warehouse, classifier: KeywordClassifier
) -> None:
    shadow = Doubting(f"{classifier.model_version}-shadow")
    warehouse.clear("I am confident", warehouse.noon)
    flipped = warehouse.clear("maybe confident", warehouse.noon + timedelta(minutes=1))
    score_days(warehouse.client, classifier, warehouse.days, run="test")
    score_days(warehouse.client, shadow, warehouse.days, run="test", is_shadow=True)
    warehouse.clear("Only the serving one has this", warehouse.noon + timedelta(minutes=2))
    score_days(warehouse.client, classifier, warehouse.days, run="test")

    found = compare_scores(warehouse.client, classifier.model_version, shadow.model_version, *warehouse.days)
    assert (found.text_count, found.agreeing["confidence_increase"]["en"]) == (2, 1)
    assert {(flip.text_id, flip.label, flip.before, flip.after) for flip in found.flips} == {
        (flipped, "confidence_increase", True, None),
        (flipped, "confidence_decrease", False, None),
    }
    assert found.cost_microdollars == (14, 14)
    page = markdown(found, *warehouse.days)
    assert f"| {flipped} | en | confidence_increase | yes | abstains |" in page
    assert "| confidence_increase | 0.500 " in page
    assert "maybe" not in page
