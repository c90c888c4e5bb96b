"""An evaluation as one HTML file with its plots inside, as small SVG: nothing is loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from nlp.evaluation.report import FEW, number
from nlp.labels import CHANGES, COMFORTS

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:64rem}
body{margin:2rem auto;padding:0 1rem;color:#1b1f24}
table{border-collapse:collapse;margin:1rem 0}
td,th{border:1px solid #d0d7de;padding:.25rem .6rem;text-align:left}
.passed{color:#1a7f37}.failed{color:#b42318}svg{max-width:100%;height:auto}figure{margin:1rem 0}
figcaption{color:#57606a}
"""
_COLOURS = {"en": "#2f6feb", "uk": "#d9a400", "no": "#c2453d"}


def html(figures: Mapping[str, Any], failures: Sequence[str]) -> str:
    """The page of one version."""
    about = figures["set"]
    languages = figures["languages"]
    verdict = (
        "<p class=passed>The gate is passed.</p>"
        if not failures
        else "<p class=failed>The gate is not passed:</p><ul>"
        + "".join(f"<li>{escape(failure)}</li>" for failure in failures)
        + "</ul>"
    )
    body = [
        f"<h1>{escape(figures['model_version'])}</h1>",
        f"<p>Set {escape(about['version'])}, split {escape(about['split'])}, {figures['item_count']} texts,"
        f" SHA-256 <code>{escape(about['sha256'])}</code>.</p>",
        verdict,
        _figure(_bars(languages), f"F1 of the four changes with n; n below {FEW} says little."),
        _figure(_precision_curves(languages), "Precision if only the most certain share of answers is kept."),
        _figure(
            _reliability(languages), "Stated probability against what was true; on the line is calibrated."
        ),
        *(
            _figure(_comfort(one["comfort"], name), f"Language comfort, {name}.")
            for name, one in languages.items()
        ),
        _table(languages),
    ]
    title = escape(f"Evaluation of {figures['model_version']}")
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title><style>{_STYLE}</style>"
        + "".join(body)
        + "</html>\n"
    )


def _figure(svg: str, caption: str) -> str:
    return f"<figure>{svg}<figcaption>{escape(caption)}</figcaption></figure>" if svg else ""


def _bars(languages: Mapping[str, Any]) -> str:
    rows = [(name, language) for name in CHANGES for language in languages]
    parts = []
    for index, (name, language) in enumerate(rows):
        y = 8 + index * 20 + index // len(languages) * 8
        one = languages[language]["labels"][name]
        f1 = one["f1"] or 0.0
        parts.append(
            f'<text x="0" y="{y + 12}">{name} {language}</text>'
            f'<rect x="210" y="{y}" width="{f1 * 360:.1f}" height="14" fill="{_COLOURS[language]}"/>'
            f'<text x="{216 + f1 * 360:.1f}" y="{y + 12}">{number(one["f1"])} (n={one["support"]})</text>'
        )
    height = 16 + len(rows) * 20 + len(CHANGES) * 8
    return _svg(700, height, "F1 of the four changes", parts)


def _precision_curves(languages: Mapping[str, Any]) -> str:
    curves = [
        (language, [(p["coverage"], p["precision"]) for p in points if p["precision"] is not None])
        for language in languages
        for name in CHANGES
        if (points := languages[language]["labels"][name]["at_coverage"])
    ]
    return _plot(curves, "Precision at coverage") if curves else ""


def _reliability(languages: Mapping[str, Any]) -> str:
    curves = [
        (language, [(one["stated"], one["observed"]) for one in bins])
        for language in languages
        for name in CHANGES
        if (bins := languages[language]["labels"][name]["calibration"])
    ]
    return _plot([*curves, ("", [(0.0, 0.0), (1.0, 1.0)])], "Calibration") if curves else ""


def _plot(curves: Sequence[tuple[str, Sequence[tuple[float, float]]]], title: str) -> str:
    """Curves in the unit square."""
    side, edge = 260, 36
    parts = [
        f'<rect x="{edge}" y="8" width="{side}" height="{side}" fill="none" stroke="#8c959f"/>',
        *(
            f'<text x="{edge + share * side - 8:.0f}" y="{side + 26}">{share:g}</text>'
            f'<text x="0" y="{8 + (1 - share) * side + 5:.0f}">{share:g}</text>'
            for share in (0.0, 0.5, 1.0)
        ),
    ]
    for language, points in curves:
        colour = _COLOURS.get(language, "#8c959f")
        path = " ".join(f"{edge + x * side:.1f},{8 + (1 - y) * side:.1f}" for x, y in points)
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2" opacity=".8"/>'
        )
    parts += [
        f'<text x="{edge + side + 16}" y="{24 + 20 * index}" fill="{colour}">{language}</text>'
        for index, (language, colour) in enumerate(_COLOURS.items())
    ]
    return _svg(side + edge + 60, side + 34, title, parts)


def _comfort(comfort: Mapping[str, Any], language: str) -> str:
    matrix = comfort["matrix"]
    most = max((count for true in COMFORTS for count in matrix[true].values()), default=0) or 1
    parts = []
    for row, true in enumerate(COMFORTS):
        parts.append(f'<text x="0" y="{58 + row * 44}">{true}</text>')
        for column, (said, count) in enumerate(matrix[true].items()):
            x, y = 80 + column * 74, 32 + row * 44
            parts.append(
                f'<rect x="{x}" y="{y}" width="70" height="40" fill="{_COLOURS[language]}"'
                f' fill-opacity="{count / most:.2f}" stroke="#d0d7de"/>'
                f'<text x="{x + 30}" y="{y + 26}">{count}</text>'
            )
            if row == 0:
                parts.append(f'<text x="{x + 4}" y="24">{said}</text>')
    return _svg(400, 170, f"Language comfort in {language}, truth by row", parts)


def _table(languages: Mapping[str, Any]) -> str:
    rows = [
        "<tr><th>label<th>language<th>n<th>precision<th>recall<th>F1<th>coverage</tr>",
        *(
            f"<tr><td>{name}<td>{language}<td>{one['support']}"
            f"<td>{number(one['precision'], one['precision_interval'])}"
            f"<td>{number(one['recall'], one['recall_interval'])}<td>{number(one['f1'])}"
            f"<td>{number(one['coverage'])}</tr>"
            for language, found in languages.items()
            for name, one in found["labels"].items()
        ),
    ]
    return f"<table>{''.join(rows)}</table>"


def _svg(width: int, height: int, title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" role="img"'
        f' font-family="system-ui" font-size="13">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )
