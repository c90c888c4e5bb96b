"""What a programme of some size needs: `python -m tests.acceptance.capacity`, from committed measurements.

Every number is a formula over two kinds of things: constants, each read out of a report in docs/reports, and
what is assumed of a programme. `--write` brings the tables in docs/scaling.md up to date, `--check` ends
with 1 if they are not. Rows whose constants nobody has measured say so.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestration.stack.layout import PROJECT
from tests.acceptance.lines import Measure
from tests.acceptance.readings import Reports
from tests.benchmarks.reports import FOLDER

PAGE = PROJECT / "docs" / "scaling.md"
BEGIN, END = "<!-- capacity: written by python -m tests.acceptance.capacity --write -->", "<!-- /capacity -->"

YEAR_S = 365.25 * 86_400
BUSY = 0.5  # of a core: the other half is for a failed neighbour and for bursts within the peak
PEAK = 10  # busiest minute to the mean of the year
POSTGRES_CORES, CLICKHOUSE_CORES, NATS_CORES = 32, 32, 8
SHARD_BYTES = 4e12
YEARS_KEPT = 5
REBUILD_S = 8 * 3600  # marts from nothing, over night
UPDATES_A_SECOND = 0.2  # that one client of the live stream gets
EVENT_BYTES = 1024  # of a delivery on its way

Values = Mapping[str, float]


@dataclass(frozen=True)
class Constant:
    name: str
    says: str
    unit: str
    report: str
    path: str
    command: str

    of: str = ""  # what growth.json has to hold for it

    def read(self, reports: Reports) -> float | None:
        if self.of and not _holds(reports, self.of):
            return None
        measure = Measure(
            says=self.says, report=self.report, value=self.path, at_least=0, unit=self.unit,
            command=self.command,
        )  # fmt: skip
        return reports.read(measure).value


def _holds(reports: Reports, of: str) -> bool:
    """Whether anything of this kind was measured: the report grows size by size."""
    return any(one["of"] == of for one in (reports.document("growth") or {"measured": []})["measured"])


_RUN = "runs[?rate==`1000`] | [0].cpu.us_per_delivery"
_ENDURANCE = "python -m tests.benchmarks.ingest_endurance --minutes 10 --rates 1000 --path-rate 0 --add"
_GROWTH = "python -m tests.benchmarks.growth"


def _of_a_delivery(part: str, says: str) -> Constant:
    path = f'{_RUN}."{part}"'
    return Constant(
        part, f"processor time of {says} per delivery", "µs", "ingestion_webhooks", path, _ENDURANCE
    )


def _of_growth(name: str, of: str, column: str, says: str, unit: str) -> Constant:
    """Of the largest size that was measured."""
    path = f"max_by(measured[?of=='{of}'], &count).{column}"
    return Constant(name, says, unit, "growth", path, _GROWTH, of)


CONSTANTS = (
    _of_a_delivery("receiver", "the receiver"),
    _of_a_delivery("worker", "the worker"),
    _of_a_delivery("journey", "the journey engine"),
    _of_a_delivery("postgres", "Postgres"),
    _of_a_delivery("nats", "NATS"),
    _of_a_delivery("clickhouse", "ClickHouse, with its refreshes"),
    Constant(
        "loaded", "events that one loader inserts", "a second", "ingest",
        "measured[?starts_with(name, 'loader, backlog')] | [0].value", "python -m tests.benchmarks.ingest",
    ),
    Constant(
        "reads", "reads of a dashboard that one API process answers", "a second", "serving_reads",
        "measured[?name=='api: at-a-glance'] | [0].requests_per_s",
        "python -m tests.benchmarks.serving_reads",
    ),
    Constant(
        "sse_cores", "cores of one API process that sends live updates", "cores", "streaming",
        "measured[?name=='impact' && clients==`1000` && rate==`200`] | [0].server_cores",
        "python -m tests.benchmarks.sse",
    ),
    Constant(
        "sse_rate", "updates to a client that it sends with them", "a second", "streaming",
        "measured[?name=='impact' && clients==`1000` && rate==`200`] | [0].deliveries_per_s",
        "python -m tests.benchmarks.sse",
    ),
    _of_growth("bytes", "events", "all_bytes_per_event", "disk of an event, with its marts", "bytes"),
    _of_growth("build", "events", "build_engine_s", "ClickHouse's time for all marts from nothing", "s"),
    _of_growth("built", "events", "count", "events that this was measured with", "events"),
    _of_growth("client", "clients", "kib_per_client", "memory of the API per live client", "KiB"),
)  # fmt: skip


@dataclass(frozen=True)
class Scenario:
    """What is assumed of a programme."""

    name: str
    companies: float
    people: float
    events_a_year: float  # per person
    reads: float  # a second, at the peak
    clients: float  # of the live stream, at the peak


SCENARIOS = (
    Scenario("pilot", 10, 10_000, 50, 20, 100),
    Scenario("a country", 1_000, 1_000_000, 50, 500, 5_000),
    Scenario("a continent", 20_000, 50_000_000, 50, 20_000, 200_000),
    Scenario("the internet", 1_000_000, 2_000_000_000, 50, 1_000_000, 10_000_000),
)


_ASSUMED: tuple[tuple[str, Callable[[Scenario], float]], ...] = (
    ("companies", lambda s: s.companies),
    ("people", lambda s: s.people),
    ("events of one person a year", lambda s: s.events_a_year),
    ("reads a second, peak", lambda s: s.reads),
    ("clients of the live stream, peak", lambda s: s.clients),
)


@dataclass(frozen=True)
class Row:
    """One line of the sheet. `formula` is what `of` computes, in words."""

    name: str
    formula: str
    needs: tuple[str, ...]
    of: Callable[[Scenario, Values], float]


def _mean(s: Scenario) -> float:
    return s.people * s.events_a_year / YEAR_S


def _peak(s: Scenario) -> float:
    return _mean(s) * PEAK


def _cores(s: Scenario, c: Values, part: str) -> float:
    return _peak(s) * c[part] / 1e6 / BUSY


def _api(s: Scenario, c: Values) -> float:
    per_update_s = c["sse_cores"] / c["sse_rate"]
    return s.reads / (c["reads"] * BUSY) + s.clients * UPDATES_A_SECOND * per_update_s / BUSY


def _disk(s: Scenario, c: Values) -> float:
    return s.people * s.events_a_year * c["bytes"]


def _build_s(s: Scenario, c: Values) -> float:
    """Of one core, for all events that are kept."""
    return s.people * s.events_a_year * YEARS_KEPT * c["build"] / c["built"]


def _shards(s: Scenario, c: Values) -> float:
    return max(
        math.ceil(_disk(s, c) * YEARS_KEPT / SHARD_BYTES),
        math.ceil(_cores(s, c, "clickhouse") / CLICKHOUSE_CORES),
        math.ceil(_build_s(s, c) / (REBUILD_S * CLICKHOUSE_CORES)),
    )


def _whole(of: Callable[[Scenario, Values], float]) -> Callable[[Scenario, Values], float]:
    return lambda s, c: math.ceil(of(s, c))


def _parts(part: str) -> Callable[[Scenario, Values], float]:
    """Processes of one core that a part needs."""
    return _whole(lambda s, c: _cores(s, c, part))


ROWS = (
    Row("events a second, mean", "people × events a year ÷ seconds of a year", (), lambda s, _: _mean(s)),
    Row("events a second, peak", f"mean × {PEAK}", (), lambda s, _: _peak(s)),
    Row("receivers", "peak × receiver ÷ busy", ("receiver",), _parts("receiver")),
    Row("workers", "peak × worker ÷ busy", ("worker",), _parts("worker")),
    Row("journey engines", "peak × journey ÷ busy", ("journey",), _parts("journey")),
    Row(
        "loaders at once",
        "peak ÷ (loaded × busy)",
        ("loaded",),
        _whole(lambda s, c: _peak(s) / (c["loaded"] * BUSY)),
    ),
    Row(
        f"Postgres primaries of {POSTGRES_CORES} cores",
        "peak × postgres ÷ busy ÷ cores",
        ("postgres",),
        _whole(lambda s, c: _cores(s, c, "postgres") / POSTGRES_CORES),
    ),
    Row(
        f"JetStream servers of {NATS_CORES} cores, three replicas",
        "3 × ⌈peak × nats ÷ busy ÷ cores⌉",
        ("nats",),
        lambda s, c: 3 * math.ceil(_cores(s, c, "nats") / NATS_CORES),
    ),
    Row(
        "JetStream, MB/s on its disks",
        f"3 × peak × {EVENT_BYTES} bytes",
        (),
        lambda s, _: 3 * _peak(s) * EVENT_BYTES / 1e6,
    ),
    Row(
        "ClickHouse, TB a year",
        "people × events a year × bytes",
        ("bytes",),
        lambda s, c: _disk(s, c) / 1e12,
    ),
    Row(
        f"ClickHouse shards of {CLICKHOUSE_CORES} cores",
        "the most of: kept disk ÷ 4 TB; peak × clickhouse ÷ busy ÷ cores; marts from nothing within 8 h",
        ("bytes", "clickhouse", "build", "built"),
        _shards,
    ),
    Row(
        "marts from nothing, h",
        "events kept × build ÷ built ÷ (shards × cores)",
        ("bytes", "clickhouse", "build", "built"),
        lambda s, c: _build_s(s, c) / (_shards(s, c) * CLICKHOUSE_CORES) / 3600,
    ),
    Row(
        "API processes",
        "reads ÷ (reads of one × busy) + clients × updates × sse_cores ÷ sse_rate ÷ busy",
        ("reads", "sse_cores", "sse_rate"),
        _whole(_api),
    ),
    Row(
        "memory of live clients, GiB",
        "clients × client",
        ("client",),
        lambda s, c: s.clients * c["client"] / 2**20,
    ),
)


def constants(reports: Reports) -> dict[str, float]:
    """Every constant that somebody has measured."""
    read = {constant.name: constant.read(reports) for constant in CONSTANTS}
    return {name: value for name, value in read.items() if value is not None}


def tables(reports: Reports) -> str:
    return "\n".join([*_constants(reports), "", *_assumptions(), "", *_sheet(constants(reports))])


def _constants(reports: Reports) -> Iterator[str]:
    yield "| constant | | measured | by |"
    yield "|---|---|---:|---|"
    for constant in CONSTANTS:
        value = constant.read(reports)
        shown = "not measured" if value is None else f"{_shown(value)} {constant.unit}"
        link = (
            f"[{constant.report}](reports/{constant.report}.json)" if value is not None else constant.command
        )
        yield f"| `{constant.name}` | {constant.says} | {shown} | {link} |"


def _assumptions() -> Iterator[str]:
    yield "| assumed | " + " | ".join(s.name for s in SCENARIOS) + " |"
    yield "|---|" + "---:|" * len(SCENARIOS)
    for says, of in _ASSUMED:
        yield f"| {says} | " + " | ".join(_shown(of(s)) for s in SCENARIOS) + " |"


def _sheet(values: Values) -> Iterator[str]:
    yield "| | formula | " + " | ".join(s.name for s in SCENARIOS) + " |"
    yield "|---|---|" + "---:|" * len(SCENARIOS)
    for row in ROWS:
        known = all(name in values for name in row.needs)
        cells = [_shown(row.of(s, values)) if known else "not measured" for s in SCENARIOS]
        yield f"| {row.name} | {row.formula} | " + " | ".join(cells) + " |"


def _shown(value: float) -> str:
    """Three digits are more than a model of this kind can promise."""
    if value == 0 or value >= 100:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.2g}"


def page(reports: Reports, path: Path = PAGE) -> str:
    """docs/scaling.md with its tables as they should be."""
    before, _, rest = path.read_text("utf-8").partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise SystemExit(f"{path} has lost the marks between which the tables are: {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{tables(reports)}\n\n{END}{after}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.acceptance.capacity", description=__doc__)
    parser.add_argument("--write", action="store_true", help="bring docs/scaling.md up to date")
    parser.add_argument("--check", action="store_true", help="end with 1 if it is not")
    options = parser.parse_args()
    reports = Reports(FOLDER)
    if options.write:
        PAGE.write_text(page(reports), "utf-8")
    elif options.check:
        if PAGE.read_text("utf-8") != page(reports):
            sys.exit(f"{PAGE} differs from the reports: run `python -m tests.acceptance.capacity --write`")
    else:
        print(tables(reports))


if __name__ == "__main__":
    main()
