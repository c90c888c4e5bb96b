"""`impact q2q …`: a model is swapped by editing the file, and every refusal says why."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from nlp.evaluation.classifiers import registered_as
from nlp.registry.models import MODELS
from orchestration.governance import commands
from orchestration.stack.layout import Layout
from tests.nlp.labelling import KnowingClassifier, blind_in

ENTRY = """
  - id: {id}
    purpose: q2q
    provider: anthropic
    model: {model}
    prompt_version: v1.0
    effective_from: {start}
    description: for a test
"""


@pytest.fixture
def invoke(embedded_stores: Layout, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    for name in ("POSTGRES_URL", "CLICKHOUSE_URL", "NATS_URL"):
        monkeypatch.setenv(name, embedded_stores.environment()[name])
    monkeypatch.setenv("COLUMNS", "1000")
    installed = {
        "good": KnowingClassifier("good"),
        "bad": KnowingClassifier("bad", blind_in("uk", "confidence_decrease")),
    }
    for module in ("commands", "evaluating"):
        monkeypatch.setattr(
            f"orchestration.governance.{module}.classifier_of",
            lambda entry, *_: registered_as(entry, installed[entry.definition["model"]]),
        )
    app = typer.Typer()
    for name in ("models", "sync", "activate", "deactivate", "evaluate", "compare", "shadow", "baseline"):
        app.command(name)(getattr(commands, name))
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_model_is_swapped_by_editing_the_file(invoke: Callable[..., Result], tmp_path: Path) -> None:
    name = f"swap{uuid.uuid4().hex[:8]}"
    file = tmp_path / "models.yaml"
    head = MODELS.read_text().partition("models:\n")[0] + "models:\n"
    first = ENTRY.format(id=f"{name}-v1", model="good", start="2026-11-01T00:00:00Z")
    bad = ENTRY.format(id=f"{name}-v2", model="bad", start="2026-11-02T00:00:00Z")
    file.write_text(head + first)
    unpaid = invoke("evaluate", f"{name}-v1", "--file", file)
    assert unpaid.exit_code == 2
    assert f"asking {name}-v1 costs money: name the company" in unpaid.output
    payer = ("--paid-by", uuid.uuid4())
    done = invoke("evaluate", f"{name}-v1", "--file", file, "--out", tmp_path / "report.md", *payer)
    assert done.exit_code == 0, done.output
    assert f"the gate is passed; {name}-v1 is serving" in done.output
    assert (tmp_path / "report.html").exists()
    file.write_text(head + first + bad)
    refused = invoke("evaluate", f"{name}-v2", "--file", file, *payer)
    assert refused.exit_code == 1
    assert "uk: confidence_decrease was never claimed, and 26 texts carry it" in refused.output
    again = invoke("activate", f"{name}-v2", "--file", file)
    assert again.exit_code == 2
    assert "may not serve" in again.output
    listed = invoke("models", "--file", file).output
    assert f"{name}-v1  anthropic  serves since" in listed
    assert f"{name}-v2  anthropic  does not serve  uk: confidence_decrease was never claimed" in listed
    compared = invoke("compare", f"{name}-v1", f"{name}-v2", "--file", file, *payer).output
    assert "| confidence_decrease | 0.970 " in compared
    synced = invoke("sync", "--file", file).output
    assert f"{name}-v1  serving: passed the gate" in synced
    assert invoke("deactivate", f"{name}-v1").output == f"{name}-v1 serves no longer\n"
    assert "does not serve" in invoke("models", "--file", file).output
    assert invoke("activate", f"{name}-v1", "--file", file).exit_code == 0
    file.write_text((head + first).replace("model: good", "model: bad"))
    final = invoke("sync", "--file", file)
    assert final.exit_code == 2
    assert "a version in use is final" in final.output
    invoke("deactivate", f"{name}-v1")


def test_refusals_are_sentences_and_not_tracebacks(invoke: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "models.yaml"
    file.write_text(MODELS.read_text().replace('"no": *claude', "no: *claude"))
    for arguments, words in (
        (("sync", "--file", file), 'quote "no"'),
        (("evaluate", "nobody"), "there is no model nobody in the file"),
        (("deactivate", "nobody"), "there is no model nobody in the registry"),
    ):
        done = invoke(*arguments)
        assert done.exit_code == 2
        assert words in done.output
