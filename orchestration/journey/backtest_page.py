"""A backtest for a reader: Markdown with its tables, HTML with a plot as well, and a comment on a change."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from orchestration.journey.backtest import Backtest, Difference, Group

WIDTH, HEIGHT, EDGE = 700, 180, 34
MOST_COMPANIES = 20  # in a comment: whoever hosts the discussion cuts long ones off
_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse}td,th{padding:.2rem .7rem;border-bottom:1px solid #ddd;text-align:right}"
    "td:first-child,th:first-child{text-align:left}svg{max-width:100%;height:auto}"
)
Table = Sequence[Sequence[str]]


def markdown(results: Sequence[Backtest], difference: Difference | None) -> str:
    parts = [f"## {title}\n\n{_lines(table)}" for title, table in _tables(results, difference)]
    return f"# {_title(results)}\n\n" + "\n\n".join(parts) + "\n"


def html(results: Sequence[Backtest], difference: Difference | None) -> str:
    parts = [_plot(result) for result in results]
    for title, table in _tables(results, difference):
        head, *rows = table
        body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
        heads = "".join(f"<th>{escape(cell)}</th>" for cell in head)
        parts.append(f"<h2>{escape(title)}</h2><table><tr>{heads}</tr>{body}</table>")
    title = escape(_title(results))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
        f"<h1>{title}</h1>{''.join(parts)}</html>\n"
    )


def comment(results: Sequence[Backtest], difference: Difference) -> str:
    """What changing a rule changes, to be discussed where the change is: who flips, and why."""
    new, old = results[0], results[1]
    figures = [
        ["", "before", "after"],
        ["version", *(f"`{one.rule.id}` `{one.rule.hash[:8]}`" for one in (old, new))],
        ["ever flagged", str(old.ever_set), str(new.ever_set)],
        ["flagged at the end", str(old.set_counts[-1]), str(new.set_counts[-1])],
        ["flips", str(old.flips), str(new.flips)],
        ["flap rate", f"{old.flap_rate:.1%}", f"{new.flap_rate:.1%}"],
    ]
    examples = [
        [f"`{one.person[1]}`", "gains it" if one.first else "loses it", one.why]
        for one in difference.examples
    ]
    parts = [
        f"### {_title(results)}",
        f"**{difference.only_first} gain the flag, {difference.only_second} lose it,**"
        f" {difference.both} keep it, of {new.people} people.",
        _lines(figures),
    ]
    if examples:
        parts.append(_lines([["person", "", "the version that says no misses"], *examples]))
    for title, before, after in (
        ("company", old.by_company, new.by_company), ("language", old.by_language, new.by_language),
    ):  # fmt: skip
        was = {group.name: group.set_at_end for group in before}
        rows = [
            [group.name, str(group.people), str(was.get(group.name, 0)), str(group.set_at_end)]
            for group in after[:MOST_COMPANIES]
        ]
        table = _lines([[title, "people", "flagged before", "flagged after"], *rows])
        parts.append(f"<details><summary>By {title}</summary>\n\n{table}\n</details>")
    return "\n\n".join(parts) + "\n"


def _lines(table: Table) -> str:
    head, *rows = table
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _title(results: Sequence[Backtest]) -> str:
    first, last = results[0].instants[0], results[0].instants[-1]
    return f"Backtest of {results[0].rule.id}, {first:%Y-%m-%d} to {last:%Y-%m-%d}"


def _name(result: Backtest) -> str:
    return f"{result.rule.id} ({result.rule.hash[:8]})"


def _tables(results: Sequence[Backtest], difference: Difference | None) -> list[tuple[str, Table]]:
    tables: list[tuple[str, Table]] = [("Over all", _overall(results))]
    if difference is not None:
        sets = [
            ["both", str(difference.both)],
            [f"only {_name(results[0])}", str(difference.only_first)],
            [f"only {_name(results[1])}", str(difference.only_second)],
        ]
        tables.append(("Flagged at the end by", [["version", "people"], *sets]))
        examples = [[str(one.person[1]), str(1 if one.first else 2), one.why] for one in difference.examples]
        heads = ["person", "flagged by version", "the other one misses"]
        tables.append(("People who differ", [heads, *examples]))
    for result in results:
        tables.append((f"By company: {_name(result)}", _groups("company", result.by_company)))
        tables.append((f"By language: {_name(result)}", _groups("language", result.by_language)))
        moments = zip(result.instants, result.set_counts, result.set_flips, result.ended_flips, strict=True)
        weeks = [
            [f"{at:%Y-%m-%d}", str(count), str(begun), str(ended)] for at, count, begun, ended in moments
        ]
        tables.append((f"Over time: {_name(result)}", [["by", "flagged", "begun", "ended"], *weeks]))
        changes = [
            [str(one.person_id), f"{one.at:%Y-%m-%d}", "set" if one.is_set else "ended"]
            for one in result.changes
        ]
        tables.append((f"Latest changes: {_name(result)}", [["person", "by", "flag"], *changes]))
    return tables


def _overall(results: Sequence[Backtest]) -> Table:
    rows = [["people", "ever flagged", "flagged at the end", "flips", "flagged more than once", "flap rate"]]
    rows[0].insert(0, "version")
    rows += [
        [
            _name(result), str(result.people), str(result.ever_set), str(result.set_counts[-1]),
            str(result.flips), str(result.flapping),
            f"{result.flap_rate:.1%}",
        ]
        for result in results
    ]  # fmt: skip
    return rows


def _groups(name: str, groups: Sequence[Group]) -> Table:
    rows = [
        [group.name, str(group.people), str(group.ever_set), str(group.set_at_end), f"{group.share:.1%}"]
        for group in groups
    ]
    return [[name, "people", "ever flagged", "flagged at the end", "share ever flagged"], *rows]


def _plot(result: Backtest) -> str:
    """People with the flag over time, as a line."""
    most = max(1, *result.set_counts)
    step = (WIDTH - 2 * EDGE) / max(1, len(result.set_counts) - 1)
    points = " ".join(
        f"{EDGE + place * step:.1f},{HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * count / most:.1f}"
        for place, count in enumerate(result.set_counts)
    )
    name = escape(_name(result))
    return (
        f'<figure><svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img"><title>{name}</title>'
        f'<polyline fill="none" stroke="#0969da" stroke-width="2" points="{points}"/>'
        f'<text x="0" y="{EDGE}" font-size="12">{most}</text>'
        f'<text x="{EDGE}" y="{HEIGHT - 8}" font-size="12">{result.instants[0]:%Y-%m-%d}</text>'
        f'<text x="{WIDTH - EDGE}" y="{HEIGHT - 8}" font-size="12" text-anchor="end">'
        f"{result.instants[-1]:%Y-%m-%d}</text></svg>"
        f"<figcaption>People flagged by {name}</figcaption></figure>"
    )
