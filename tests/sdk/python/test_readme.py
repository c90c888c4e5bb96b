"""The examples of the README are run as they stand there, and print what stands below them."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from tests.serving.running import OURS, Api

README = Path(__file__).parents[3] / "serving" / "clients" / "python" / "README.md"
EXAMPLE = re.compile(r"^## (?P<title>.+?)$|^```python\n(?P<code>.*?)^```(?:\n+```text\n(?P<output>.*?)^```)?", re.M | re.S)


def examples() -> Iterator[tuple[str, str, str]]:
    """Title of the section, code, and the output that is shown for it."""
    title = ""
    for found in EXAMPLE.finditer(README.read_text("utf-8")):
        title = found["title"] or title
        if found["code"]:
            yield title, found["code"], found["output"] or ""


@pytest.fixture
def environment(
    api: Api, company_key: str, participant: UUID, person: UUID, local_model: None, monkeypatch: pytest.MonkeyPatch
) -> dict[str, object]:
    """What a reader has: an address, a key, and somebody to ask about."""
    monkeypatch.setenv("IMPACT_API_URL", api.url)
    monkeypatch.setenv("IMPACT_API_KEY", company_key)
    monkeypatch.setenv("IMPACT_COMPANY_ID", str(OURS))
    return {"participant_id": participant, "person_id": person}


def test_the_examples_print_what_they_say(
    environment: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "example", **environment}
    ran = 0
    for title, code, expected in examples():
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, f"README.md: {title}", "exec"), names)  # noqa: S102 - ours
        pattern = re.escape(expected).replace("…", ".+?")
        assert re.fullmatch(pattern, printed.getvalue()), f"{title} printed:\n{printed.getvalue()}"
        ran += 1
    assert ran >= 8
