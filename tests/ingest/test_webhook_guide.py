"""The examples in docs/webhooks.md work as they are printed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path

import pytest

from ingest.webhooks import answers
from ingest.webhooks.sources import routes
from tests.ingest.processes import Sender

GUIDE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text("utf-8")
COMMANDS = {"sh": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-c"], "js": ["node", "-e"]}


@pytest.mark.parametrize("language", COMMANDS)
def test_the_example_is_accepted(language: str, sender: Sender) -> None:
    command = COMMANDS[language]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed here")
    [example] = re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    environment = {"IMPACT_WEBHOOK_URL": sender.url, "IMPACT_WEBHOOK_SECRET_KINTELL": sender.secret}
    run = subprocess.run(
        [*command, example],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert run.stdout.strip() == '{"status":"accepted"}', run.stderr


def test_every_path_and_field_is_documented() -> None:
    for path, route in routes().items():
        if path.count("/") == 3:
            assert f"`{path}`" in GUIDE
        for field in route.decoder.type.__struct_fields__:
            assert f"`{field}`" in GUIDE


def test_every_error_is_documented() -> None:
    known = [
        answer for answer in vars(answers).values() if isinstance(answer, answers.Answer) and answer.reason
    ]
    assert len(known) >= 8
    for answer in known:
        assert f"`{answer.reason}`" in GUIDE
        assert str(int(HTTPStatus(answer.status))) in GUIDE
