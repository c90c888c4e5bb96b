"""What a model costs at an instant, read from dated data, or a refusal that says what is wrong with it.

One entry that cannot be trusted refuses its own model and no other: a slip does not stop them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

PRICES = Path(__file__).with_name("prices.yaml")
Kind = Literal["input", "output", "write_5m", "write_1h", "read"]


class PriceError(Exception):
    """There is no price that a call could be reckoned with, so the call must not be made."""


def _decimal(value: object) -> Decimal:
    # YAML has made a float of a number without quotes, and 0.1 as a float is another number.
    if not isinstance(value, str):
        raise ValueError('write the amount in quotes, such as "0.10"')
    try:
        amount = Decimal(value)
    except InvalidOperation:
        raise ValueError('not a decimal number such as "0.10"') from None
    if not amount.is_finite() or amount <= 0:
        raise ValueError("an amount is above zero")
    return amount


Amount = Annotated[Decimal, BeforeValidator(_decimal)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Bound(_Strict):
    min: Amount
    max: Amount


class Band(_Strict):
    """Prices of prompts up to a length: dollars per million tokens, which is micro-dollars per token."""

    prompt_upto: Annotated[int, Field(gt=0)] | None  # in tokens; None: of any length
    input: Amount
    output: Amount
    write_5m: Amount | None
    write_1h: Amount | None
    read: Amount | None

    def of(self, kind: Kind) -> Decimal:
        price: Decimal | None = getattr(self, kind)
        if price is None:
            raise PriceError(f"there is no price for tokens of the kind {kind} in prompts of this length")
        return price


class Multipliers(_Strict):
    batch: Amount = Decimal(1)
    geo_us: Amount = Decimal(1)


class Source(_Strict):
    name: Annotated[str, Field(min_length=1)]
    checked: date


class Price(_Strict):
    """The price of one model from a day on."""

    model: Annotated[str, Field(min_length=1)]
    effective_from: date
    bands: Annotated[tuple[Band, ...], Field(min_length=1)]
    multipliers: Multipliers = Multipliers()
    source: Source

    def band(self, prompt_tokens: int) -> Band:
        """The band of a prompt of this length; the whole prompt is charged by it."""
        for band in self.bands:
            if band.prompt_upto is None or prompt_tokens <= band.prompt_upto:
                return band
        raise PriceError(f"{self.model} has no price for a prompt of {prompt_tokens} tokens")


@dataclass(frozen=True)
class PriceBook:
    """Every price there is, and what is wrong with those that are none."""

    prices: tuple[Price, ...]
    faults: Mapping[str, str]  # by model
    stale_after: timedelta

    def price(self, model: str, at: datetime) -> Price:
        """The price in force; raises PriceError if it is missing, stale or not plausible."""
        if fault := self.faults.get(model):
            raise PriceError(
                f"the price of {model} cannot be trusted: {fault}. No call is made; correct the price file"
            )
        day = at.date()
        in_force = [price for price in self.prices if price.model == model and price.effective_from <= day]
        if not in_force:
            raise PriceError(
                f"no price of {model} is in force on {day}. No call is made; add one to the price file"
            )
        price = max(in_force, key=lambda price: price.effective_from)
        if day > price.source.checked + self.stale_after:
            raise PriceError(
                f"the price of {model} was last checked on {price.source.checked}, more than"
                f" {self.stale_after.days} days before {day}: compare it with the provider's list and set"
                " `checked`. No call is made meanwhile"
            )
        return price


def load_prices(path: Path = PRICES) -> PriceBook:
    """Read a price file. Raises PriceError if the file as a whole cannot be read."""
    try:
        document = yaml.safe_load(path.read_text())
        stale_after_days, entries = int(document["stale_after_days"]), list(document["prices"])
        bounds = {kind: Bound.model_validate(bound) for kind, bound in document["bounds"].items()}
        missing = {"input", "output", "write_5m", "write_1h", "read"} - set(bounds)
        if missing:
            raise ValueError(f"bounds lack {', '.join(sorted(missing))}")
    except (OSError, yaml.YAMLError, ValueError, KeyError, TypeError) as error:
        raise PriceError(f"the price file {path} cannot be read: {error}") from error
    prices: list[Price] = []
    faults: dict[str, str] = {}
    for number, entry in enumerate(entries, 1):
        model = str(entry.get("model", f"entry {number}")) if isinstance(entry, dict) else f"entry {number}"
        try:
            price = Price.model_validate(entry)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            faults.setdefault(model, f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
            continue
        if fault := _fault(price, bounds, prices):
            faults.setdefault(model, fault)
        prices.append(price)
    return PriceBook(tuple(prices), faults, timedelta(days=stale_after_days))


def _fault(price: Price, bounds: Mapping[str, Bound], earlier: list[Price]) -> str | None:
    """What no real price list would say."""
    if any((p.model, p.effective_from) == (price.model, price.effective_from) for p in earlier):
        return f"two entries begin on {price.effective_from}"
    uptos = [band.prompt_upto for band in price.bands]
    bounded: list[Any] = uptos[:-1]
    if None in bounded or bounded != sorted(set(bounded)) or (uptos[-1] and uptos[-1] in bounded):
        return "bands are listed from the shortest prompts to the longest, the last without an end"
    if not (Decimal("0.1") <= price.multipliers.batch <= 1 <= price.multipliers.geo_us <= 3):
        return "multipliers: a batch costs 0.1 to 1 times the price, a region 1 to 3 times"
    for band in price.bands:
        for kind, bound in bounds.items():
            amount: Decimal | None = getattr(band, kind)
            if amount is not None and not bound.min <= amount <= bound.max:
                return (
                    f"{kind} of {amount} is not within {bound.min} and {bound.max} dollars per million tokens"
                )
        if band.output < band.input or (band.read or 0) > band.input:
            return "output costs at least what input does, and reading from the cache at most that"
        if band.write_1h is not None and band.write_5m is not None and band.write_1h < band.write_5m:
            return "an hour in the cache costs at least what five minutes do"
    return None
