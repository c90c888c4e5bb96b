"""What labelling texts with Claude costs, and whether a cap holds: `python -m tests.benchmarks.ai_costs`.

Starts embedded stores and a stand-in of Anthropic's API, and labels sentences of the demo in each
language with each model that has a price, directly and in batches. Asks for money 200 times at once, and
after a process was killed, at the edge of a cap. Writes docs/reports/ai_costs.{md,json}. `--estimates` writes
the page's estimates from the labelled texts anew, and needs no store.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg

from ingest.stores import postgres_connection
from nlp.classifiers.base import Classified, Text
from nlp.classifiers.claude import ClaudeClassifier, ClaudeModel
from nlp.classifiers.claude_batches import ClaudeBatches
from nlp.classifiers.claude_calls import Money, anthropic_client
from nlp.labels import LANGUAGES, Language
from nlp.spend.budget import read_budget, set_cap
from nlp.spend.cost import Tokens, cost_microdollars
from nlp.spend.ledger import Call, CapReachedError, dollars, reserve, settle_expired
from nlp.spend.prices import PriceBook, load_prices
from orchestration.ai.events import announce
from orchestration.demo.texts import sentences
from orchestration.stack import platform
from orchestration.stack.layout import Layout, Ports
from orchestration.stack.preparation import store_settings
from tests.benchmarks import ai_estimates, reports
from tests.spend.fake_anthropic import KEY, FakeAnthropic, fake_anthropic
from tests.spend.test_ledger import KILLED

Connect = Callable[[], closing[psycopg.Connection]]
THREADS, ASKED, AMOUNT, CAP = 20, 200, 100, "0.0137"
PER = 1000
NOTES = """No call left this machine: **token counts are the stand-in's, three bytes to a token, not
Anthropic's**, and its answers are not Claude's. Prices are those below. {count} sentences
of the demo per row. Tokens are per text, instructions included; the stand-in caches these from the
second text on, and "uncached" is the same without that, since a provider caches no prompt below a
length of its own choosing. The last column is the ledger's sum less the stand-in's own account,
which is reckoned in fractions from a price list of its own."""


@dataclass(frozen=True)
class Cost:
    """What some texts of a language cost with a model."""

    model: str
    language: str
    texts: int
    input_tokens: int
    output_tokens: int
    direct: int  # micro-dollars, by the ledger
    batch: int
    sold: int  # micro-dollars of both, by the provider's own account
    uncached: int  # micro-dollars of the direct calls if nothing were cached

    @property
    def row(self) -> list[str]:
        return [
            f"{self.model}, {self.language}",
            f"{self.input_tokens / self.texts:,.0f}",
            f"{self.output_tokens / self.texts:,.0f}",
            f"${self.direct * PER / self.texts / 1e6:,.4f}",
            f"${self.batch * PER / self.texts / 1e6:,.4f}",
            f"${self.uncached * PER / self.texts / 1e6:,.4f}",
            f"{self.batch / self.direct:.2f}",
            str(self.direct + self.batch - self.sold),
        ]


def measure_costs(connect: Connect, fake: FakeAnthropic, prices: PriceBook, count: int) -> list[Cost]:
    return [
        cost_of(connect, fake, prices, model, language, count)
        for model in sorted({price.model for price in prices.prices})
        for language in LANGUAGES
    ]


def cost_of(
    connect: Connect, fake: FakeAnthropic, prices: PriceBook, model: str, language: Language, count: int
) -> Cost:
    company = new_company(connect, "1000")
    written = [one.text for one in sentences(language)]
    texts = [Text(uuid4(), company, language, written[number % len(written)]) for number in range(count)]
    claude_model = ClaudeModel(f"benchmark-{model}-{language}", model)
    client, money = anthropic_client(KEY, fake.url), Money(connect, announce, prices)
    sold_before = len(fake.sales)
    answers = ClaudeClassifier(client, money, claude_model).classify(texts)
    labelled = [answer.usage for answer in answers if isinstance(answer, Classified)]
    assert len(labelled) == count, answers
    batches = ClaudeBatches(client, money, claude_model)
    batches.submit(texts)
    fake.end_batches()
    (batch,) = batches.open_batches()
    collected = batches.collect(batch, {text.text_id: text for text in texts})
    with connect() as connection:
        rows = connection.execute(
            "select is_batch, sum(cost_microdollars)::bigint from ai.ledger where company_id = %s group by 1",
            (company,),
        ).fetchall()
    spent = dict(rows)
    assert len(collected) == count
    return Cost(
        model,
        language,
        count,
        sum(usage.input_tokens for usage in labelled),
        sum(usage.output_tokens for usage in labelled),
        spent[False],
        spent[True],
        sum(sale.charged for sale in fake.sales[sold_before:]),
        sum(
            cost_microdollars(
                prices.price(model, datetime.now(UTC)),
                Tokens(input=usage.input_tokens, output=usage.output_tokens),
                is_batch=False,
            )
            for usage in labelled
        ),
    )


def measure_cap(connect: Connect) -> dict[str, int]:
    """200 requests for money from 20 threads, at a cap that 137 of them fit under."""
    company = new_company(connect, CAP)
    with ThreadPoolExecutor(THREADS) as threads:
        granted = sum(threads.map(lambda _: asks(connect, company), range(ASKED)))
    budget = budget_of(connect, company)
    return {
        "asked": ASKED,
        "granted": granted,
        "cap": budget["cap"],
        "committed": budget["committed"],
        "over": max(0, budget["committed"] - budget["cap"]),
    }


def measure_kill(connect: Connect, postgres_url: str) -> dict[str, int]:
    """A process that asks and pays is killed, others take what is left, and what it left is written off."""
    company = new_company(connect, "0.03")
    at = datetime.now(UTC)
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, postgres_url, str(company), at.isoformat()], stdout=subprocess.PIPE
    )
    output: Any = child.stdout
    try:
        for _ in range(60):
            output.readline()
    finally:
        child.kill()  # SIGKILL
        child.wait()
        output.close()
    with ThreadPoolExecutor(THREADS) as threads:
        granted = sum(threads.map(lambda _: asks(connect, company), range(300)))
    before = budget_of(connect, company)
    with connect() as connection:
        settle_expired(connection, announce, at=at + timedelta(hours=2))
    after = budget_of(connect, company)
    return {
        "asked": 300,
        "granted": granted,
        "cap": before["cap"],
        "committed": before["committed"],
        "over": max(0, before["committed"] - before["cap"], after["committed"] - after["cap"]),
    }


def asks(connect: Connect, company: UUID) -> bool:
    call = Call(company, "anthropic", "claude", "benchmark", "q2q_scoring", uuid4(), is_batch=True)
    with connect() as connection:
        try:
            reserve(connection, announce, call, AMOUNT, at=datetime.now(UTC), valid_for=timedelta(minutes=10))
        except CapReachedError:
            return False
    return True


def budget_of(connect: Connect, company: UUID) -> dict[str, int]:
    with connect() as connection:
        budget = read_budget(connection, company, datetime.now(UTC))
    return {"cap": budget.cap_microdollars, "committed": budget.committed_microdollars}


def new_company(connect: Connect, cap: str) -> UUID:
    company = uuid4()
    with connect() as connection:
        connection.execute(
            "insert into ingest.companies (company_id, name) values (%s, %s)", (company, str(company))
        )
        connection.commit()
        set_cap(
            connection, company, Decimal(cap), datetime.now(UTC).date().replace(day=1), set_by="benchmark"
        )
    return company


def price_table(prices: PriceBook) -> list[str]:
    lines = [
        "## Prices",
        "",
        "US dollars per million tokens, as `nlp/spend/prices.yaml` has them.",
        "",
        "| model | from | prompts | input | output | written 5 min | written 1 h | read | batch | checked |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for price in prices.prices:
        for band in price.bands:
            amounts = (band.input, band.output, band.write_5m, band.write_1h, band.read)
            lines.append(
                f"| {price.model} | {price.effective_from} |"
                f" {_prompts(band.prompt_upto, len(price.bands))} | "
                + " | ".join("none" if amount is None else f"{amount:f}" for amount in amounts)
                + f" | x {price.multipliers.batch:f} | {price.source.checked} |"
            )
    return [*lines, ""]


def _prompts(upto: int | None, bands: int) -> str:
    if upto is not None:
        return f"to {upto:,} tokens"
    return "longer" if bands > 1 else "all"


def cap_table(results: dict[str, dict[str, int]]) -> list[str]:
    lines = [
        "## Caps",
        "",
        "| what | asked | granted | cap | spent and put aside | over the cap |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, one in results.items():
        lines.append(
            f"| {name} | {one['asked']} | {one['granted']} | {dollars(one['cap'])} |"
            f" {dollars(one['committed'])} | {dollars(one['over'])} |"
        )
    return [*lines, ""]


def write_estimates(page: Path, prices: PriceBook) -> str:
    """Replace the page's estimates, which stand before its caps; returns them."""
    before, _, after = page.read_text("utf-8").partition("## Caps\n")
    section = "\n".join(ai_estimates.section(prices))
    kept = before.partition(ai_estimates.HEADING)[0].rstrip()
    page.write_text(f"{kept}\n\n{section}\n## Caps\n{after}", "utf-8")
    return section


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=100, help="Per model and language.")
    parser.add_argument(
        "--estimates", action="store_true", help="Only the estimates, into the page there is."
    )
    options = parser.parse_args()
    count = options.texts
    prices = load_prices()
    if options.estimates:
        print(write_estimates(reports.FOLDER / "ai_costs.md", prices))
        return
    with tempfile.TemporaryDirectory(prefix="ai-costs-") as home, fake_anthropic() as fake:
        layout = Layout.open(Path(home), Ports.free())
        platform.up(layout, print, stores_only=True)
        try:
            settings = store_settings(layout)

            def connect() -> closing[psycopg.Connection]:
                return closing(postgres_connection(settings))

            costs = measure_costs(connect, fake, prices, count)
            caps = {
                f"{ASKED} at once from {THREADS} threads": measure_cap(connect),
                "300 at once, after `kill -9` of a process that was asking and paying": measure_kill(
                    connect, layout.postgres_url
                ),
            }
        finally:
            platform.down(layout)
        assert fake.faults == [], fake.faults
    head = ["model, language", "tokens in", "tokens out", f"{PER:,} texts", "in a batch", "uncached",
            "batch ratio", "ledger less account, micro-dollars"]  # fmt: skip
    page = reports.write(
        "ai_costs",
        "What labelling texts with Claude costs",
        [head, *(cost.row for cost in costs)],
        {"costs": [cost.__dict__ for cost in costs], "caps": caps},
        command=f"python -m tests.benchmarks.ai_costs --texts {count}",
        notes=f"\n\n{NOTES}".format(count=count),
    )
    page += "\n" + "\n".join([*ai_estimates.section(prices), *cap_table(caps), *price_table(prices)])
    (reports.FOLDER / "ai_costs.md").write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
