"""What a call costs, in whole micro-dollars: exactly after it, and at the worst before it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

from nlp.spend.prices import Kind, Price


@dataclass(frozen=True)
class Tokens:
    """What a provider says it used. The kinds of input do not overlap; thinking is in the output."""

    input: int = 0
    output: int = 0
    write_5m: int = 0
    write_1h: int = 0
    read: int = 0

    @property
    def prompt(self) -> int:
        return self.input + self.write_5m + self.write_1h + self.read


NO_TOKENS = Tokens()


def cost_microdollars(price: Price, tokens: Tokens, *, is_batch: bool, is_us: bool = False) -> int:
    """The cost of a call, rounded up once. Raises PriceError for a kind of token that has no price."""
    band = price.band(tokens.prompt)
    amounts: dict[Kind, int] = {
        "input": tokens.input,
        "output": tokens.output,
        "write_5m": tokens.write_5m,
        "write_1h": tokens.write_1h,
        "read": tokens.read,
    }
    exact = sum((count * band.of(kind) for kind, count in amounts.items() if count), Decimal(0))
    return math.ceil(exact * _multiplier(price, is_batch=is_batch, is_us=is_us))


def worst_case_microdollars(
    price: Price, prompt_tokens: int, max_tokens: int, *, is_batch: bool, cache: Kind | None
) -> int:
    """The most a call can cost: the whole prompt at its dearest kind, every token of the answer, any region.

    `cache` is the kind of cache the prompt may be written to. A prompt that falls into a dearer band than it
    was counted for is charged by that one, so the dearest of the bands it could be in counts.
    """
    bands = [price.band(prompt_tokens), price.band(prompt_tokens + prompt_tokens // 10)]
    exact = max(
        prompt_tokens * max(band.input, band.of(cache) if cache else band.input) + max_tokens * band.output
        for band in bands
    )
    return max(1, math.ceil(exact * _multiplier(price, is_batch=is_batch, is_us=True)))


def _multiplier(price: Price, *, is_batch: bool, is_us: bool) -> Decimal:
    batch = price.multipliers.batch if is_batch else Decimal(1)
    return batch * (price.multipliers.geo_us if is_us else Decimal(1))
