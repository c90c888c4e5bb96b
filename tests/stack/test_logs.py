"""Logs are read to their end, and on across a rotation."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.stack import diagnosis, logs
from orchestration.stack.layout import Layout, Ports


@pytest.fixture
def own_layout(tmp_path: Path) -> Layout:
    return Layout.open(tmp_path / "home", Ports.free())


def test_the_last_lines_are_shown(own_layout: Layout) -> None:
    (own_layout.logs / "api.log").write_text("".join(f"line {n}\n" for n in range(100)))
    assert list(logs.read(own_layout, "api", lines=2, follow=False)) == ["line 98\n", "line 99\n"]


def test_following_goes_on_in_the_new_file_after_a_rotation(own_layout: Layout) -> None:
    path = own_layout.logs / "api.log"
    path.write_text("old\n")
    lines = logs.read(own_layout, "api", lines=1, follow=True)
    assert next(lines) == "old\n"
    path.rename(own_layout.logs / "api.log.1")
    path.write_text("new\n")
    assert next(lines) == "new\n"
    lines.close()


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("PANIC: could not write to file: No space left on device", "The disk is full"),
        ("OSError: [Errno 98] Address already in use", "`impact doctor` shows by whom"),
        ("FATAL: password authentication failed for user", "secrets.json is not the one"),
        ("ModuleNotFoundError: No module named 'polars'", "`make install`"),
    ],
)
def test_a_known_cause_of_death_comes_with_advice(own_layout: Layout, line: str, advice: str) -> None:
    (own_layout.logs / "api.log").write_text(f"starting\n{line}\n")
    explanation = diagnosis.explain(own_layout, "api")
    assert advice in explanation
    assert line in explanation


def test_an_unknown_cause_still_shows_the_end_of_the_log(own_layout: Layout) -> None:
    (own_layout.logs / "api.log").write_text("something new\n")
    assert diagnosis.explain(own_layout, "api").startswith("The end of ")
    assert "something new" in diagnosis.explain(own_layout, "api")
