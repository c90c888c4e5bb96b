"""A load's page: what it measured beside its budgets, the books, what each part used, and a picture."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import reports
from tests.load import plots
from tests.load.outcome import Budget, Outcome

OF_A_DAY = ("ingest", "reads", "stream", "freshness")
LABELS = {
    "per_s": "requests/s answered",
    "memory_gib": "memory of the platform, at most",
    "cpu_us_each": "CPU time of the platform for each",
    "generators_cpu_us_each": "CPU time of the generators for each",
    "busy_share": "of all cores in use",
    "foreign_share": "of all cores in use by others",
}
UNITS = (("_ms", "ms"), ("_s", "s"), ("_gib", "GiB"), ("us_each", "µs"))


def write(outcome: Outcome, budgets: Sequence[Budget], folder: Path = reports.FOLDER) -> str:
    """Write load_<name>.md, .json and .png, and return the page. A void run shows no figure, but why."""
    name = f"load_{outcome.name}"
    has_picture = not outcome.void and _draw(outcome, folder / f"{name}.png")
    raw = {
        "name": outcome.name, "settings": outcome.settings, "void": outcome.void,
        "figures": {} if outcome.void else outcome.figures,
        "budgets": [] if outcome.void else [
            {"figure": budget.figure, "budget": budget.text, "measured": value, "holds": holds}
            for budget, value, holds in outcome.verdicts(budgets)
        ],
        "exit_code": outcome.exit_code(budgets),
        "books": outcome.books,
        "tails": {} if outcome.void else {what: tail.to_json() for what, tail in outcome.tails.items()},
        "timelines": outcome.timelines,
        "watch": outcome.watch.to_dict() if outcome.watch else None,
    }  # fmt: skip
    page = reports.write(
        name,
        outcome.title,
        _table(outcome, budgets),
        raw,
        command=outcome.command,
        notes=_notes(outcome),
        folder=folder,
    )
    page += _after(outcome, name if has_picture else None)
    (folder / f"{name}.md").write_text(page, encoding="utf-8")
    return page


def _draw(outcome: Outcome, path: Path) -> bool:
    try:
        plots.draw(
            path,
            tails=outcome.tails,
            timelines=outcome.timelines,
            samples=outcome.watch.samples if outcome.watch else (),
        )
    except ImportError:  # matplotlib is for who develops: an installation without it has the figures
        return False
    return True


def _notes(outcome: Outcome) -> str:
    if outcome.void:
        return "**This run is void; no figure of it counts.**"
    return (
        "Latencies count from when a request was due, whether or not earlier ones were answered. Platform and"
        " generators share the cores."
    )


def _table(outcome: Outcome, budgets: Sequence[Budget]) -> list[list[str]]:
    if outcome.void:
        return [["void because"], *([reason] for reason in outcome.void)]
    rows = [["what", "measured", "budget", "kept"]]
    by_figure = {budget.figure: (budget, holds) for budget, _, holds in outcome.verdicts(budgets)}
    for figure, value in outcome.figures.items():
        budget, holds = by_figure.pop(figure, (None, True))
        verdict = ("yes" if holds else "**no**") if budget else ""
        rows.append([label(figure), amount(figure, value), budget.text if budget else "", verdict])
    for budget, _ in by_figure.values():
        rows.append([label(budget.figure), "not measured", budget.text, "**no**"])
    return rows


def label(figure: str) -> str:
    """A figure's name for the reader."""
    load, _, rest = figure.partition("_")
    known = LABELS.get(figure) or (f"{load} {LABELS[rest]}" if load in OF_A_DAY and rest in LABELS else None)
    bare = next((figure.removesuffix(end) for end, _ in UNITS if figure.endswith(end)), figure)
    return known or bare.replace("_", " ")


def amount(figure: str, value: float) -> str:
    if figure.endswith("_share"):
        return f"{value:.0%}"
    unit = next((unit for end, unit in UNITS if figure.endswith(end) and not figure.endswith("per_s")), "")
    return f"{value:,.10g} {unit}".rstrip()


def _after(outcome: Outcome, picture: str | None) -> str:
    parts = []
    if outcome.books:
        parts.append(
            "The books:\n\n" + "\n".join(f"- {name}: {_plain(book)}" for name, book in outcome.books.items())
        )
    if outcome.watch and not outcome.void:
        rows = sorted(outcome.watch.cpu_s.items(), key=lambda row: -row[1])
        most = {
            name: max(sample["memory_mib"].get(name, 0) for sample in outcome.watch.samples)
            for name, _ in rows if outcome.watch.samples
        }  # fmt: skip
        lines = [f"| {name} | {cpu_s:,.1f} | {most.get(name, 0):,} |" for name, cpu_s in rows]
        lines.append(f"| generators | {outcome.watch.generators_cpu_s:,.1f} | |")
        parts.append("| part | CPU s | memory MiB, at most |\n| --- | ---: | ---: |\n" + "\n".join(lines))
        waiting = {name: count for name, count in outcome.watch.most_waiting().items() if count}
        parts.append(f"Most that waited at any look: {_plain(waiting) or 'nothing'}.")
    if picture:
        parts.append(f"![Tail, seconds, memory and queues]({picture}.png)")
    return "".join(f"\n{part}\n" for part in parts)


def _plain(book: object) -> str:
    if isinstance(book, dict):
        return ", ".join(f"{str(name).replace('_', ' ')} {_plain(value)}" for name, value in book.items())
    if isinstance(book, list):
        return f"{len(book)} as in the JSON"
    return json.dumps(book)
