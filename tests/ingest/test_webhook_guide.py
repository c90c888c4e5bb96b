"""The examples in docs/webhooks.md work as they are printed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from ingest.webhooks import answers, buddy
from ingest.webhooks.sources import SOURCES
from orchestration.stack.layout import Layout
from tests.ingest.processes import Sender

GUIDE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text("utf-8")
COMMANDS = {"sh": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-c"], "js": ["node", "-e"]}
EXAMPLES = [
    pytest.param(language, example, id=f"{language}-{number}")
    for number, (language, example) in enumerate(re.findall(r"```(\w+)\n(.*?)```", GUIDE, re.DOTALL))
    if language in COMMANDS
]


def test_there_are_examples_in_every_language() -> None:
    assert {example.values[0] for example in EXAMPLES} == set(COMMANDS)


@pytest.mark.parametrize(("language", "example"), EXAMPLES)
def test_the_example_is_accepted(
    language: str, example: str, sender: Sender, embedded_stores: Layout
) -> None:
    command = COMMANDS[language]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed here")
    run = subprocess.run(
        [*command, example],
        env={**os.environ, **embedded_stores.environment(), "IMPACT_WEBHOOK_URL": sender.url},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert run.stdout.strip() == '{"status":"accepted"}', run.stderr


def test_every_source_scheme_and_field_is_documented() -> None:
    prose = re.sub(r"```.*?```", "", GUIDE, flags=re.DOTALL)
    named = set(re.findall(r"`([^`]+)`", prose))
    text = " ".join(named)
    for source in SOURCES:
        assert f"/v1/webhooks/{source.name}" in text
        assert source.scheme.headers[0].decode().title() in text
        assert source.secret_variable.removesuffix(source.name.upper()) in text
        contracts = {buddy.Envelope} if source.name == "buddy" else set(source.contracts.values())
        missing = {field for contract in contracts for field in _fields(contract) if field not in named}
        assert not missing, source.name
    # The data of the buddy system's types are those of the catalogue.
    assert set(buddy.TYPES) <= named


def _fields(contract: Any) -> Iterator[str]:
    """The names of a contract's fields on the wire, those of nested objects included."""
    if isinstance(contract, type) and issubclass(contract, msgspec.Struct):
        for field in msgspec.structs.fields(contract):
            yield field.encode_name
            yield from _fields(field.type)
    for part in get_args(contract):
        yield from _fields(part)


def test_every_error_is_documented() -> None:
    known = [
        answer for answer in vars(answers).values() if isinstance(answer, answers.Answer) and answer.reason
    ]
    assert len(known) >= 8
    for answer in known:
        assert f"`{answer.reason}`" in GUIDE
        assert str(int(HTTPStatus(answer.status))) in GUIDE
