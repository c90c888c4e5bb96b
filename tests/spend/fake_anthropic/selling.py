"""What the fake sells, reckoned from its own price list in fractions, by other code than ours.

Its tokens are a count of bytes, not the provider's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

# Dollars per million tokens as of 2026-11-23: input, output, written for 5 minutes, for an hour, read.
PRICES = {
    "claude-haiku-5-5": [
        (100_000, ("0.10", "0.50", "0.125", "0.20", "0.01")),
        (None, ("0.50", "2.50", "0.625", None, "0.05")),
    ],
    "claude-sonnet-5-5": [(None, ("2", "10", "2.50", "4", "0.10"))],
    "claude-opus-5-5": [(None, ("4", "20", "5", None, "0.20"))],
}


@dataclass(frozen=True)
class Sale:
    """One answer that was sold, and the exact price of it in micro-dollars."""

    message_id: str
    model: str
    usage: dict[str, Any]
    price: Fraction

    @property
    def charged(self) -> int:
        return math.ceil(self.price)


def usage_of(
    *, input: int, output: int, write_5m: int = 0, write_1h: int = 0, read: int = 0, tier: str = "standard",  # noqa: A002
    geo: str = "global",
) -> dict[str, Any]:  # fmt: skip
    return {
        "input_tokens": input, "output_tokens": output, "cache_read_input_tokens": read,
        "cache_creation_input_tokens": write_5m + write_1h,
        "cache_creation": {"ephemeral_5m_input_tokens": write_5m, "ephemeral_1h_input_tokens": write_1h},
        "service_tier": tier, "inference_geo": geo, "speed": "standard",
    }  # fmt: skip


def tokens(text: str) -> int:
    """Three bytes to a token: more of them for Cyrillic than for Latin. No real tokenizer."""
    return -(-len(text.encode()) // 3)


def price(model: str, usage: dict[str, Any]) -> Fraction:
    written = usage["cache_creation"]
    counts = (usage["input_tokens"], usage["output_tokens"], written["ephemeral_5m_input_tokens"],
              written["ephemeral_1h_input_tokens"], usage["cache_read_input_tokens"])  # fmt: skip
    prompt = sum(counts) - usage["output_tokens"]
    amounts = next(amounts for upto, amounts in PRICES[model] if upto is None or prompt <= upto)
    total = sum(
        (count * Fraction(amount) for count, amount in zip(counts, amounts, strict=True) if count), Fraction()
    )
    total *= Fraction(1, 2) if usage["service_tier"] == "batch" else 1
    return total * (Fraction(11, 10) if usage["inference_geo"] == "us" else 1)
