"""A price is right to the last decimal, or refuses the call: missing, stale and implausible ones are none."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.spend.cost import Tokens, cost_microdollars, worst_case_microdollars
from nlp.spend.prices import PRICES, PriceError, load_prices
from tests.spend.fake_anthropic import PRICES as LISTED
from tests.spend.fake_anthropic import price as fair_price
from tests.spend.fake_anthropic import usage_of

NOW = datetime(2026, 11, 27, tzinfo=UTC)
BOOK = load_prices()


@pytest.fixture
def edited(tmp_path: Path):
    """The price file with something else in it."""

    def edit(old: str, new: str, count: int = 1):
        text = PRICES.read_text()
        assert old in text
        path = tmp_path / "prices.yaml"
        path.write_text(text.replace(old, new, count))
        return load_prices(path)

    return edit


def test_the_price_file_has_no_fault_and_is_what_was_listed() -> None:
    assert BOOK.faults == {}
    for model, bands in LISTED.items():
        price = BOOK.price(model, NOW)
        ours = [
            (
                b.prompt_upto,
                tuple(str(a) if a else None for a in (b.input, b.output, b.write_5m, b.write_1h, b.read)),
            )
            for b in price.bands
        ]
        assert ours == bands


def test_a_model_without_a_price_is_refused() -> None:
    with pytest.raises(PriceError, match="no price of claude-new is in force on 2026-11-27"):
        BOOK.price("claude-new", NOW)
    with pytest.raises(PriceError, match="no price of claude-haiku-5-5 is in force on 2026-10-06"):
        BOOK.price("claude-haiku-5-5", datetime(2026, 10, 6, 23, 59, tzinfo=UTC))


def test_a_price_nobody_has_checked_for_long_is_refused() -> None:
    assert BOOK.price("claude-haiku-5-5", datetime(2027, 3, 23, tzinfo=UTC))
    with pytest.raises(PriceError, match="last checked on 2026-11-23"):
        BOOK.price("claude-haiku-5-5", datetime(2027, 3, 24, tzinfo=UTC))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('input: "0.10"', 'input: "0.0000001"', "not within"),  # dollars per token
        ('output: "0.50"', 'output: "500"', "not within"),
        ('input: "0.10"', "input: 0.10", "in quotes"),
        ('input: "0.10"', 'input: "0"', "above zero"),
        ('input: "0.10"', 'input: "NaN"', "above zero"),
        ('output: "0.50"', 'outputs: "0.50"', "output: Field required"),
        ('output: "0.50"', 'output: "0.05"', "not within|at least what input"),
        ('read: "0.01"', 'read: "0.2"', "reading from the cache"),
        ('write_1h: "0.20"', 'write_1h: "0.11"', "an hour in the cache"),
        ('batch: "0.5"', 'batch: "5"', "a batch costs"),
        ("prompt_upto: 100000", "prompt_upto: null", "bands"),
    ],
)
def test_a_slip_in_one_price_refuses_that_model_alone(edited, old: str, new: str, why: str) -> None:
    book = edited(old, new)
    with pytest.raises(PriceError, match="claude-haiku-5-5 cannot be trusted") as refused:
        book.price("claude-haiku-5-5", NOW)
    assert re.search(why, str(refused.value))
    assert book.price("claude-sonnet-5-5", NOW)


def test_a_file_that_cannot_be_read_is_refused_as_a_whole(edited, tmp_path: Path) -> None:
    with pytest.raises(PriceError, match="cannot be read"):
        edited("prices:", "prizes:")
    with pytest.raises(PriceError, match="bounds lack read"):
        edited("  read: {min", "  reed: {min")
    with pytest.raises(PriceError, match="cannot be read"):
        load_prices(tmp_path / "nowhere.yaml")


def test_the_price_of_the_call_is_the_newest_of_its_day(edited) -> None:
    text = PRICES.read_text()
    entry = text[text.index("  - model: claude-sonnet-5-5") : text.index("  - model: claude-opus-5-5")]
    dearer = entry.replace("2026-10-07", "2026-12-01").replace('input: "2"', 'input: "3"')
    book = edited(entry, entry + dearer)
    assert book.price("claude-sonnet-5-5", datetime(2026, 11, 30, 23, 59, tzinfo=UTC)).bands[0].input == 2
    assert book.price("claude-sonnet-5-5", datetime(2026, 12, 1, tzinfo=UTC)).bands[0].input == Decimal(3)


COUNTS = st.integers(0, 150_000)


@given(
    model=st.sampled_from(["claude-haiku-5-5", "claude-sonnet-5-5"]),
    counts=st.tuples(COUNTS, st.integers(0, 8_000), COUNTS, COUNTS),
    is_batch=st.booleans(),
    geo=st.sampled_from(["us", "global"]),
)
def test_a_cost_is_exact_and_never_above_the_worst_case(model, counts, is_batch: bool, geo: str) -> None:
    tokens = Tokens(input=counts[0], output=counts[1], write_5m=counts[2], read=counts[3])
    usage = usage_of(
        input=counts[0], output=counts[1], write_5m=counts[2], read=counts[3],
        tier="batch" if is_batch else "standard", geo=geo,
    )  # fmt: skip
    price = BOOK.price(model, NOW)
    cost = cost_microdollars(price, tokens, is_batch=is_batch, is_us=geo == "us")
    assert cost == math.ceil(fair_price(model, usage))
    worst = worst_case_microdollars(price, tokens.prompt, counts[1], is_batch=is_batch, cache="write_5m")
    assert max(1, cost) <= worst


def test_the_worked_example() -> None:
    # 1,000 tokens in and 80 out of the smallest model: 100 + 40 micro-dollars, half of that in a batch.
    price = BOOK.price("claude-haiku-5-5", NOW)
    assert cost_microdollars(price, Tokens(input=1000, output=80), is_batch=False) == 140
    assert cost_microdollars(price, Tokens(input=1000, output=80), is_batch=True) == 70
    assert Fraction(140, 10**6) * 1000 == Fraction(14, 100)


def test_a_kind_of_token_without_a_price_is_refused_not_free() -> None:
    price = BOOK.price("claude-opus-5-5", NOW)
    with pytest.raises(PriceError, match="write_1h"):
        cost_microdollars(price, Tokens(write_1h=1), is_batch=False)
