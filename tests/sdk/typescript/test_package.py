"""The package follows from the specification, compiles strictly, installs by itself, and its tests pass."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from ingest.updates import TOPICS, UPDATES
from tests.sdk.typescript import node

SPECIFICATION = node.PROJECT / "serving" / "specs" / "serving.json"
TESTS = sorted(path.stem.removesuffix(".test") for path in (node.CLIENT / "test").glob("*.test.ts"))


def generate(*specification: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*node.NODE, "scripts/generate.mjs", "--check", *map(str, specification)],
        cwd=node.CLIENT, env=node.environment(), capture_output=True, text=True,
    )  # fmt: skip


def test_its_types_and_problems_are_those_of_the_specification(client: Path, tmp_path: Path) -> None:
    done = generate()
    assert done.returncode == 0, done.stderr
    # A column with another name is another type, and the check says so.
    changed = tmp_path / "serving.json"
    changed.write_text(SPECIFICATION.read_text("utf-8").replace("sessions_count", "meetings_count"))
    done = generate(changed)
    assert done.returncode == 1
    assert "serving.ts: not what the specification says" in done.stderr


@pytest.mark.parametrize("name", [name for name in TESTS if name != "live"])
def test_the_packages_own_tests_pass(client: Path, name: str) -> None:
    said = node.node("--test", "--test-reporter=tap", f"build-test/test/{name}.test.js")
    assert_all_passed(said)


def test_it_needs_nothing_else_and_brings_no_tests(consumer: Path) -> None:
    installed = consumer / "node_modules"
    assert {path.name for path in installed.iterdir()} == {".package-lock.json", "@impact"}
    package = installed / "@impact" / "client"
    assert {path.name for path in package.iterdir()} == {"package.json", "README.md", "dist"}
    assert "dependencies" not in json.loads((package / "package.json").read_text())


def test_it_knows_every_update_and_topic_of_the_catalogue(consumer: Path) -> None:
    program = (
        'import { TOPICS, UPDATE_NAMES } from "@impact/client";'
        " console.log(JSON.stringify([UPDATE_NAMES, TOPICS]))"
    )
    names, topics = json.loads(node.node("--input-type=module", "-e", program, folder=consumer))
    assert set(names) == set(UPDATES)
    assert set(topics) == set(TOPICS)


def test_the_readme_shows_the_examples_that_are_run() -> None:
    page = (node.CLIENT / "README.md").read_text()
    shown = dict(re.findall(r"```ts (examples/\S+)\n(.*?)```", page, re.DOTALL))
    files = {f"examples/{path.name}": path.read_text() for path in (node.CLIENT / "examples").glob("*.ts")}
    assert shown == files


def assert_all_passed(said: str) -> None:
    """What Node's test runner says: that some were run, and none failed or was left out."""
    counts = {
        name: int(count)
        for name, count in re.findall(r"^# (pass|fail|skipped|cancelled) (\d+)$", said, re.MULTILINE)
    }
    assert counts["pass"] > 0, said
    assert counts["fail"] == counts["skipped"] == counts["cancelled"] == 0, said
