"""`impact api specs write|check|publish`: the committed descriptions of the API, and what they promise."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import Any

import typer

from serving import catalogue
from serving.breaking import OasdiffError, breaches
from serving.specs import CATALOGUE, FOLDER, PUBLISHED

_MOST_LINES, _LONGEST_LINE = 60, 200


def text_of(path: Path, document: dict[str, Any]) -> str:
    """A description as it is committed: to be reviewed by lines, unless another file says it already."""
    if path.parent == PUBLISHED or path == CATALOGUE or path.name.startswith("serving-"):
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def stale(files: dict[Path, dict[str, Any]]) -> list[str]:
    """A diff of each committed file that does not follow from the code any more."""
    found = [
        f"{path.name}: belongs to nothing any more" for path in FOLDER.glob("*.json") if path not in files
    ]
    for path, document in files.items():
        committed = path.read_text("utf-8") if path.exists() else ""
        if committed != (text := text_of(path, document)):
            lines = difflib.unified_diff(
                committed.splitlines(), text.splitlines(), f"committed {path.name}", "made from the code",
                lineterm="", n=1,
            )  # fmt: skip
            found.append("\n".join(line[:_LONGEST_LINE] for line in list(lines)[:_MOST_LINES]))
    return found


def broken() -> list[str]:
    """What breaks the promise of a published version, a line each."""
    now = catalogue.versions()
    found = []
    for version, document in now.items():
        found += [f"{version}: {one}" for one in breaches(catalogue.published(version), document)]
    return found


def write() -> None:
    """Write the descriptions of all processes into serving/specs."""
    files = catalogue.documents()
    for path in FOLDER.glob("*.json"):
        if path not in files:
            path.unlink()
    for path, document in files.items():
        path.write_text(text_of(path, document), "utf-8")
    typer.echo(f"{len(files)} files in {FOLDER}")


def check() -> None:
    """Compare the code with the committed descriptions, and with what clients were promised."""
    problems = stale(catalogue.documents())
    for problem in problems:
        typer.echo(problem, err=True)
    try:
        breaking = broken()
    except OasdiffError as error:
        typer.echo(f"Not compared with what was published: {error}", err=True)
        raise typer.Exit(1) from error
    for line in breaking:
        typer.echo(line, err=True)
    if problems:
        typer.echo("Stale: run `impact api specs write` and commit the result.", err=True)
    if breaking:
        typer.echo(
            "Breaking: add a version with a change in serving/versions.py, or keep the promise.", err=True
        )
    if problems or breaking:
        raise typer.Exit(1)
    typer.echo("The descriptions follow from the code and break nothing that was published.")


def publish() -> None:
    """Promise what the code offers now, in every version; refused where that breaks a promise made before."""
    PUBLISHED.mkdir(exist_ok=True)
    for version, document in catalogue.versions().items():
        path = catalogue.published(version)
        if path.exists() and (found := breaches(path, document)):
            typer.echo("\n".join(f"{version}: {one}" for one in found), err=True)
            raise typer.Exit(1)
        path.write_text(text_of(path, document), "utf-8")
        typer.echo(f"published {version}")
