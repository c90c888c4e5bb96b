"""The docs keep up with the code: no dead links; settings, event types, routes, commands all there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from ingest.contracts import CONTRACTS
from orchestration.cli import app as impact
from serving.app import create_app
from serving.settings import ServingSettings

PROJECT = Path(__file__).resolve().parents[1]
PAGES = sorted([PROJECT / "README.md", *(PROJECT / "docs").rglob("*.md")])
DECISIONS = sorted((PROJECT / "docs" / "decisions").glob("*.md"))
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
VARIABLE = re.compile(
    r"\"((?:IMPACT|SERVING|DAGSTER|CLICKHOUSE|POSTGRES|NATS|STREAMING|DEMO)_[A-Z_]*[A-Z])\""
)


@pytest.fixture(scope="module")
def text() -> str:
    return "\n".join(page.read_text("utf-8") for page in PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    prose = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    broken = [
        target
        for target in LINK.findall(prose)
        if not target.startswith(("http://", "https://", "#", "mailto:"))
        and not (page.parent / target.partition("#")[0]).exists()
    ]
    assert not broken, f"{page.relative_to(PROJECT)} links to files that do not exist: {broken}"


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_decisions_stay_short(page: Path) -> None:
    assert len(page.read_text("utf-8").splitlines()) < 60


def test_decisions_are_numbered_once() -> None:
    numbers = [page.name[:4] for page in DECISIONS]
    assert sorted(numbers) == sorted(set(numbers))


def test_every_environment_variable_is_documented() -> None:
    modules = [
        path for room in ("ingest", "orchestration", "serving") for path in (PROJECT / room).rglob("*.py")
    ]
    named = {name for module in modules for name in VARIABLE.findall(module.read_text("utf-8"))}
    assert "IMPACT_HOME" in named, "the search is wrong: it misses a variable that is there"
    settings_page = (PROJECT / "docs" / "settings.md").read_text("utf-8")
    assert not [name for name in sorted(named) if name not in settings_page]


def test_every_event_type_is_documented() -> None:
    catalogue = (PROJECT / "docs" / "events.md").read_text("utf-8")
    assert not [name for name in CONTRACTS if f"`{name}`" not in catalogue]


def test_every_route_is_documented(text: str) -> None:
    paths = create_app(ServingSettings.for_documentation()).openapi()["paths"]
    assert paths
    assert not [path for path in paths if path not in text]


def test_every_command_is_documented(text: str) -> None:
    commands = list(_commands(typer.main.get_command(impact), "impact"))
    assert "impact up" in commands
    assert not [command for command in commands if command not in text]


def _commands(group: Any, path: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}"
