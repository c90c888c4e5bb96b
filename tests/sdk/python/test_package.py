"""What is generated is what the API's description says now, and the package installs with its types."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pytest

from impact_client import models, problems
from impact_client._retries import REPEATABLE
from impact_client.names import MetricName

CLIENT = Path(__file__).parents[3] / "serving" / "clients" / "python"


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    """`generate.py`, which is a command beside the package and no part of it."""
    described = importlib.util.spec_from_file_location("generate", CLIENT / "generate.py")
    assert described is not None
    assert described.loader is not None
    module = importlib.util.module_from_spec(described)
    described.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def spec(generator: ModuleType) -> dict[str, Any]:
    read: dict[str, Any] = generator.read_spec()
    return read


def test_what_is_committed_is_what_the_description_says(generator: ModuleType, spec: dict[str, Any]) -> None:
    found = generator.differences(spec)
    assert not found, "run `python serving/clients/python/generate.py`:\n" + "\n".join(found)


def test_a_kind_of_problem_without_a_class_is_noticed(generator: ModuleType, spec: dict[str, Any]) -> None:
    written = generator.problem_classes(spec)
    for kind in problems.PROBLEMS.values():
        assert f"class {kind.__name__}(ImpactProblem)" in written
    with pytest.raises(generator.GenerationError):
        generator.problem_classes({"paths": {}})


def test_names_written_by_hand_are_those_of_the_description(spec: dict[str, Any]) -> None:
    history = spec["paths"]["/v1/companies/{company_id}/history"]["get"]
    (metric,) = (one for one in history["parameters"] if one.get("name") == "metric")
    schema = metric["schema"]
    if "$ref" in schema:
        schema = spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    assert list(get_args(MetricName)) == schema["enum"]


def test_what_is_sent_twice_without_a_key_are_posts_that_there_are(spec: dict[str, Any]) -> None:
    posts = {re.sub(r"\{[^}]+\}", "x", path) for path, of in spec["paths"].items() if "post" in of}
    found = {path for path in posts if REPEATABLE.search(path)}
    assert found == {
        "/v1/journey/milestones/x/x", "/v1/journey/participants/x/evaluate",
        "/v1/privacy/requests/x/cancel", "/v1/safety/screen", "/v1/stream/session",
    }  # fmt: skip


def test_every_model_of_the_description_is_in_the_package(spec: dict[str, Any]) -> None:
    assert "PeriodMetrics" in models.__all__
    period = spec["components"]["schemas"]["PeriodMetrics"]["properties"]
    assert set(period) <= set(models.PeriodMetrics.__annotations__)


def test_the_wheel_has_everything_and_is_typed(tmp_path: Path) -> None:
    subprocess.run(
        [
            sys.executable, "-m", "uv", "build", "--wheel", "--offline", "--no-build-isolation", "--quiet",
            "--python", sys.executable, "--out-dir", str(tmp_path), str(CLIENT),
        ],
        check=True,
        cwd=tmp_path,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("impact_client-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    package = CLIENT / "src" / "impact_client"
    sources = {
        f"impact_client/{path.relative_to(package)}"
        for path in package.rglob("*")
        if path.is_file() and path.suffix in ("", ".py", ".typed") and "__pycache__" not in path.parts
    }
    assert "impact_client/py.typed" in sources
    assert sources <= names
    # From the wheel alone, without the repository on the path.
    done = subprocess.run(
        [sys.executable, "-P", "-c", "import impact_client; print(impact_client.__file__)"],
        env={"PYTHONPATH": str(wheel)}, cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert str(wheel) in done.stdout
