"""The docs keep up with the code: every link leads somewhere, every setting, event type, route and command is written down."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
PAGES = sorted([PROJECT / "README.md", *(PROJECT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def _docs_text() -> str:
    return "\n".join(page.read_text("utf-8") for page in PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    broken = [
        target
        for target in LINK.findall(text)
        if not target.startswith(("http://", "https://", "#", "mailto:"))
        and not (page.parent / target.partition("#")[0]).exists()
    ]
    assert not broken, f"{page.relative_to(PROJECT)} links to files that do not exist: {broken}"


@pytest.mark.parametrize("page", sorted((PROJECT / "docs" / "decisions").glob("*.md")), ids=lambda page: page.stem)
def test_decisions_stay_short(page: Path) -> None:
    assert len(page.read_text("utf-8").splitlines()) < 60


def test_decisions_are_numbered_once() -> None:
    numbers = [page.name[:4] for page in (PROJECT / "docs" / "decisions").glob("*.md")]
    assert sorted(numbers) == sorted(set(numbers))


def test_every_environment_variable_is_documented() -> None:
    named: set[str] = set()
    for path in (p for folder in ("ingest", "orchestration", "serving", "nlp") for p in (PROJECT / folder).rglob("*.py")):
        named |= set(re.findall(r"\"((?:IMPACT|WEBHOOK|SERVING|WORKER)_[A-Z_]{3,}[A-Z])\"", path.read_text("utf-8")))
    settings_page = (PROJECT / "docs" / "settings.md").read_text("utf-8")
    assert named, "the search found no variable at all: the pattern is wrong"
    missing = {name for name in named if name not in settings_page and f"{name.rsplit('_', 1)[0]}_<" not in settings_page}
    assert not missing, f"docs/settings.md does not name {sorted(missing)}"


def test_every_event_type_is_documented() -> None:
    from ingest.events import EVENT_TYPES

    page = (PROJECT / "docs" / "events.md").read_text("utf-8")
    assert not [name for name in EVENT_TYPES if name not in page]


def test_every_route_is_documented() -> None:
    from serving.app import create_app
    from serving.settings import ServingSettings

    app = create_app(ServingSettings.for_documentation())
    text = _docs_text()
    assert not [path for path in app.openapi()["paths"] if path not in text]


def test_every_command_is_documented() -> None:
    import typer.main
    from click import Group

    from orchestration.cli import app

    def commands(group: Group, prefix: str) -> list[str]:
        names = []
        for name, command in group.commands.items():
            names += commands(command, f"{prefix} {name}") if isinstance(command, Group) else [f"{prefix} {name}"]
        return names

    root = typer.main.get_command(app)
    assert isinstance(root, Group)
    text = _docs_text()
    assert not [command for command in commands(root, "impact") if command not in text]
