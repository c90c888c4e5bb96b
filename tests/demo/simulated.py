"""A small programme with everything that is made from it."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import date
from pathlib import Path

from orchestration.demo.facts import Fact
from orchestration.demo.files import LandingFolder, WrittenFile
from orchestration.demo.history import history
from orchestration.demo.ledger import Ledger
from orchestration.demo.population import Population
from orchestration.demo.webhooks import Delivery, deliveries, in_sending_order
from orchestration.demo.window import Window
from orchestration.demo.work import employee_records

NOW = date(2025, 11, 3)  # fixed, and past on every machine: no source accepts what lies ahead


class Simulated:
    """What the demo would send, and what it would expect, without a platform."""

    def __init__(self, folder: Path, *, seed: int = 7, scale: float = 0.1, now: date = NOW) -> None:
        self.folder = folder
        self.population = Population(seed, scale, Window(now))
        self.ledger = Ledger(self.population.window)
        self.facts: list[Fact] = []
        self.deliveries: list[Delivery] = []
        landing = LandingFolder(folder, self.population)
        for _, facts in history(self.population):
            for fact in facts:
                self.facts.append(fact)
                self.ledger.record(fact)
                landing.add(fact)
                self.deliveries += deliveries(self.population, fact)
        for record in employee_records(self.population):
            self.facts.append(record)
            self.ledger.record(record)
            landing.add(record)
        self.files: list[WrittenFile] = landing.finish()

    def fingerprint(self) -> str:
        digest = hashlib.sha256()
        for file in self.files:
            digest.update(f"{file.path.name} {file.sha256}\n".encode())
        for delivery in in_sending_order(self.deliveries):
            digest.update(f"{delivery.delivery_id} {delivery.kind} {delivery.at}\n".encode() + delivery.body)
        return digest.hexdigest()

    def rows(self, stem: str) -> list[dict[str, str]]:
        return [row for file in self.files if stem in file.path.name for row in rows_of(file.path)]


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of an export, whichever its delimiter."""
    text = path.read_text("utf-8-sig")
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
