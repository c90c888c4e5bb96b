"""Anthropic's API on this machine: a real HTTP server that checks what it gets and counts what it sells."""

from tests.spend.fake_anthropic.account import FakeAnthropic, Trouble
from tests.spend.fake_anthropic.labellers import Answer, Labeller, honest, no_labels, obedient, proof
from tests.spend.fake_anthropic.selling import PRICES, Sale, price, tokens, usage_of
from tests.spend.fake_anthropic.server import API_VERSION, KEY, fake_anthropic
from tests.spend.fake_anthropic.wanted import faults_of

__all__ = [
    "API_VERSION",
    "KEY",
    "PRICES",
    "Answer",
    "FakeAnthropic",
    "Labeller",
    "Sale",
    "Trouble",
    "fake_anthropic",
    "faults_of",
    "honest",
    "no_labels",
    "obedient",
    "price",
    "proof",
    "tokens",
    "usage_of",
]
