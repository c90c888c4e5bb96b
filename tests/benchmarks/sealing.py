"""What sealing texts costs: `python -m tests.benchmarks.sealing`.

Starts stores of its own and counts CPU seconds of this process per million, which hardly depend on what else
the machine does: a file of sessions imported with and without its texts, webhooks' events sealed batch by
batch, texts opened again. The reference is AES-256-GCM alone over the same texts with one key. Writes
docs/reports/sealing.{md,json}.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import polars as pl
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ingest.backfill import import_file
from ingest.contracts import CONTRACTS
from ingest.events import Event
from ingest.sealing import fields, tokens
from ingest.sealing.columns import sealed
from ingest.sealing.keys import BlockingTextKeys, TextKeys
from ingest.sealing.master import MasterKeys
from ingest.stores import StoreSettings, postgres_connection, postgres_pool
from orchestration.stack import platform
from orchestration.stack.layout import Layout, Ports
from orchestration.stack.preparation import store_settings
from tests.benchmarks import reports
from tests.benchmarks.backfill_file import TEXTS, write_language_file
from tests.gate.readers import Text

MILLION = 1_000_000
BATCH = 500  # as the normaliser takes them
SESSIONS_EACH = 20  # of a participant


class Meter:
    """CPU seconds per million of what was done."""

    def __init__(self) -> None:
        self.per_million: dict[str, float] = {}

    @contextmanager
    def of(self, what: str, count: int) -> Iterator[None]:
        before = resource.getrusage(resource.RUSAGE_SELF)
        yield
        after = resource.getrusage(resource.RUSAGE_SELF)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        self.per_million[what] = spent * MILLION / count


def texts(count: int) -> list[str]:
    return [TEXTS[number % len(TEXTS)] for number in range(count)]


def bare(meter: Meter, count: int) -> None:
    cipher, words = AESGCM(os.urandom(32)), [text.encode() for text in texts(count)]
    with meter.of("AES-256-GCM alone", count):
        for text in words:
            cipher.encrypt(os.urandom(12), text, b"rating/1")


def columns(meter: Meter, settings: StoreSettings, count: int) -> None:
    people = [str(uuid.uuid4()) for _ in range(count // SESSIONS_EACH)]
    rows = pl.DataFrame({
        "person_id": [people[number % len(people)] for number in range(count)],
        "company_id": [str(uuid.uuid4())] * count,
        "event_type": ["kintell.rating.created"] * count,
        "subject": [f"rating/{number}" for number in range(count)],
        "masked": ["{}"] * count,
        "text:feedback_text": texts(count),
    })  # fmt: skip
    with closing(postgres_connection(settings, autocommit=True)) as connection:
        keys = BlockingTextKeys(connection, MasterKeys.of(settings))
        with meter.of("a file's texts, keys made", count):
            sealed(rows, keys)
        with meter.of("a file's texts, keys known", count):
            sealed(rows, keys)


def files(meter: Meter, settings: StoreSettings, folder: Path, rows: int) -> None:
    for what, seed in (
        ("warm-up", 1),
        ("import of rows, 40 % with a text", 2),
        ("the same without texts", 3),
    ):
        path = folder / f"{seed}.csv"
        write_language_file(path, rows, seed=seed)
        if "without" in what:
            pl.read_csv(path, infer_schema=False).with_columns(feedback_text=pl.lit("")).write_csv(path)
        with meter.of(what, rows):
            result = import_file(path, settings, error_folder=folder / "errors")
        assert result.status == "completed", result


async def events(meter: Meter, settings: StoreSettings, count: int) -> None:
    said: list[Event] = [Text().says(text) for text in texts(count)]
    async with await postgres_pool(settings) as pool:
        keys = TextKeys(pool, MasterKeys.of(settings))
        await keys.sealed(said[:BATCH])
        done: list[Event] = []
        with meter.of("webhooks' texts, each of a person of its own", count):
            for start in range(0, count, BATCH):
                done += await keys.sealed(said[start : start + BATCH])
        placed = [
            (text, tokens.place_of(one.type, one.subject, field))
            for one in done
            for field, text in fields.texts_of(CONTRACTS[one.type], one.data).items()
        ]
        with meter.of("texts opened again", count):
            for start in range(0, count, BATCH):
                await keys.texts(placed[start : start + BATCH])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.sealing", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, default=reports.FOLDER)
    chosen = parser.parse_args()
    meter = Meter()
    bare(meter, chosen.rows)
    with tempfile.TemporaryDirectory() as folder:
        layout = Layout.open(Path(folder) / "impact", Ports.free())
        platform.up(layout, print, stores_only=True)
        try:
            settings = store_settings(layout)
            columns(meter, settings, chosen.rows)
            asyncio.run(events(meter, settings, chosen.rows // 5))
            files(meter, settings, Path(folder), chosen.rows)
        finally:
            platform.down(layout)
    found = meter.per_million
    reference = found["AES-256-GCM alone"]
    table = [["what", "CPU s per million", "beside AES alone"]]
    table += [
        [what, f"{seconds:.1f}", f"{seconds / reference:.1f}"]
        for what, seconds in found.items()
        if what != "warm-up"
    ]
    print(
        reports.write(
            "sealing", "What sealing texts costs", table, found,
            command=f"python -m tests.benchmarks.sealing --rows {chosen.rows}", folder=chosen.folder,
            notes="CPU of the process that seals, without the stores'. A participant has 20 texts in a file.",
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
