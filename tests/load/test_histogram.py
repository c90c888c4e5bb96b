"""A histogram's quantiles are within one percent of the values', whatever it was added up from."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.load.histogram import LARGEST_US, Histogram

VALUES = np.random.default_rng(7).lognormal(-6, 2, 20_000)  # seconds: from microseconds to minutes


@pytest.mark.parametrize("share", [0.5, 0.95, 0.99, 0.999, 1.0])
def test_a_quantile_is_within_one_percent(share: float) -> None:
    exact = float(np.quantile(VALUES, share, method="inverted_cdf")) * 1000
    assert Histogram.of(VALUES).ms(share) == pytest.approx(exact, rel=0.01, abs=0.002)


def test_two_add_up_to_that_of_both() -> None:
    first, second = Histogram.of(VALUES[:7000]), Histogram.of(VALUES[7000:])
    first.merge(second)
    assert first.counts == Histogram.of(VALUES).counts
    assert first.total == len(VALUES)


def test_it_comes_back_from_json_as_it_was() -> None:
    whole = Histogram.of(VALUES)
    assert Histogram.from_json(json.loads(json.dumps(whole.to_json()))).counts == whole.counts


def test_nothing_is_lost_at_either_end() -> None:
    histogram = Histogram.of([-0.5, 0.0, 1e9])
    assert histogram.total == 3
    assert histogram.ms(0.5) == 0
    assert histogram.ms(1.0) == pytest.approx(LARGEST_US / 1000, rel=0.01)


def test_a_histogram_of_nothing_has_no_quantiles() -> None:
    assert Histogram().summary() == {}
    with pytest.raises(ValueError, match="nothing"):
        Histogram().ms(0.5)
