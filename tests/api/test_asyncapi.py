"""The description of events and live updates is AsyncAPI 3.0 by the judgement of AsyncAPI's own parser."""

from __future__ import annotations

import copy
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from serving import asyncapi

FOLDER = Path(__file__).with_name("asyncapi")
# The parser has opinions beside its errors. Those that are not shared here, each with its reason.
NOT_SHARED = {
    "asyncapi-latest-version": "3.0.0 is what the generators read",
}
Judge = Callable[[dict[str, Any]], list[dict[str, str]]]


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    try:
        from tests.sdk.typescript import node
    except RuntimeError as error:
        pytest.skip(str(error))
    lock = FOLDER / "package-lock.json"
    installed = FOLDER / "node_modules" / f".{hashlib.sha256(lock.read_bytes()).hexdigest()[:16]}"
    if not installed.exists():
        shutil.rmtree(FOLDER / "node_modules", ignore_errors=True)
        node.run([*node.NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"], FOLDER)
        installed.touch()
    file = tmp_path_factory.mktemp("asyncapi") / "asyncapi.json"

    def ask(document: dict[str, Any]) -> list[dict[str, str]]:
        file.write_text(json.dumps(document), "utf-8")
        said = node.node(FOLDER / "validate.cjs", file, folder=FOLDER, PARSER=str(FOLDER / "node_modules"))
        found: list[dict[str, str]] = json.loads(said)
        return [one for one in found if one["rule"] not in NOT_SHARED]

    return ask


def test_the_parser_finds_nothing_wrong(judge: Judge) -> None:
    assert judge(asyncapi.describe()) == []


def test_the_parser_would_find_it(judge: Judge) -> None:
    document = copy.deepcopy(asyncapi.describe())
    document["channels"]["live_updates"]["messages"]["nothing"] = {"$ref": "#/components/messages/nothing"}
    del document["info"]["version"]
    found = judge(document)
    assert {one["severity"] for one in found} >= {"error"}
    assert any("nothing" in one["where"] + one["message"] for one in found)
    assert any("version" in one["message"] for one in found)
