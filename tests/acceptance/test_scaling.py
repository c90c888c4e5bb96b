"""What docs/scaling.md shows holds: manifests fit schemas and code, tables fit what was measured."""

from __future__ import annotations

import importlib.util
import json
import re
from copy import deepcopy
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml

from orchestration.stack.layout import PROJECT, Layout, Ports
from tests.acceptance import capacity
from tests.acceptance.capacity import Scenario
from tests.acceptance.readings import Reports
from tests.benchmarks.reports import FOLDER

EXAMPLES = PROJECT / "docs" / "scaling"
KUBERNETES = sorted((EXAMPLES / "kubernetes").glob("*.yaml"))
PROCESSES = {"receiver": "webhooks", "worker": "worker", "gate": "gate", "journey": "journey", "api": "api",
             "dagster-code": "dagster_code", "dagster-webserver": "dagster"}  # fmt: skip


@cache
def _read(path: Path) -> list[dict[str, Any]]:
    return list(yaml.load_all(path.read_text("utf-8"), yaml.CSafeLoader))


def compose() -> dict[str, Any]:
    [found] = deepcopy(_read(EXAMPLES / "compose.yaml"))
    return found


def of_kind(kind: str) -> dict[str, dict[str, Any]]:
    documents = [document for path in KUBERNETES for document in deepcopy(_read(path))]
    return {one["metadata"]["name"]: one for one in documents if one["kind"] == kind}


def test_compose_fits_the_compose_specification() -> None:
    schema = json.loads(
        (files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json").read_text("utf-8")
    )
    validator = jsonschema.Draft7Validator(schema)
    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(compose())] == []
    broken = compose()
    broken["services"]["api"]["depends_on"] = {"prepare": {"condition": "some day"}}
    assert list(validator.iter_errors(broken))


@pytest.mark.parametrize("path", KUBERNETES, ids=lambda path: path.name)
def test_manifests_fit_kubernetes(path: Path) -> None:
    for document in _read(path):
        kubernetes_validate.validate(document, kubernetes_validate.latest_version(), strict=True)


def test_a_misspelt_field_would_be_noticed() -> None:
    document = of_kind("Deployment")["api"]
    document["spec"]["replica"] = 2
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(document, kubernetes_validate.latest_version(), strict=True)


def test_every_process_is_started_by_a_module_that_exists_on_its_own_port() -> None:
    deployed = of_kind("Deployment")
    assert {*PROCESSES, "dagster-daemon"} == set(deployed)
    ports = {name: field.default for name, field in Ports.model_fields.items()}
    for name, deployment in deployed.items():
        [container] = deployment["spec"]["template"]["spec"]["containers"]
        service = compose()["services"][name]
        assert container["command"][:3] == service["command"][:3]
        python, option, module = container["command"][:3]
        assert (python, option) == ("python", "-m")
        assert importlib.util.find_spec(module), module
        if name in PROCESSES:
            port = ports[PROCESSES[name]]
            assert container["ports"] == [{"containerPort": port}]
            assert service["expose"] == [str(port)]
            assert of_kind("Service")[name]["spec"]["ports"][0]["port"] == port


def test_what_is_scaled_and_mounted_is_there() -> None:
    deployed, claims = of_kind("Deployment"), of_kind("PersistentVolumeClaim")
    for kind in ("HorizontalPodAutoscaler", "PodDisruptionBudget", "Service"):
        assert set(of_kind(kind)) <= set(deployed)
    for one in (*deployed.values(), *of_kind("Job").values()):
        for volume in one["spec"]["template"]["spec"]["volumes"]:
            if "secret" in volume:
                assert volume["secret"]["secretName"] in of_kind("Secret")
            elif "configMap" in volume:
                assert volume["configMap"]["name"] in of_kind("ConfigMap")
            else:
                assert volume["persistentVolumeClaim"]["claimName"] in claims
    # One at a time where two would get into each other's way.
    for name in ("dagster-code", "dagster-daemon", "dagster-webserver"):
        assert deployed[name]["spec"]["replicas"] == 1
        assert deployed[name]["spec"]["strategy"] == {"type": "Recreate"}


def test_both_examples_set_what_processes_are_told_by_the_platform(layout: Layout) -> None:
    """But what has defaults, and what only dbt and clients of the platform ask for."""
    told = {name for name in layout.environment() if not name.startswith("IMPACT_PORT_")}
    by_compose = set(compose()["x-platform"]["environment"])
    in_kubernetes = {*of_kind("ConfigMap")["impact"]["data"], *of_kind("Secret")["impact"]["stringData"]}
    for said in (by_compose, in_kubernetes):
        missing = {
            name
            for name in told - said
            if not re.match(r"(CLICKHOUSE|POSTGRES)_(?!URL)|IMPACT_WEBHOOK_SECRET_|DBT_|DO_NOT", name)
        }
        assert missing == {"IMPACT_API_URL", "IMPACT_WEBHOOK_URL"}
    settings = (PROJECT / "docs" / "settings.md").read_text("utf-8")
    own = {name for name in by_compose | in_kubernetes if name.startswith("IMPACT_")}
    assert [name for name in sorted(own) if f"`{name}`" not in settings] == []


def test_the_tables_of_the_page_are_what_the_measurements_say() -> None:
    said = capacity.page(Reports(FOLDER))
    assert capacity.PAGE.read_text("utf-8") == said, "run `python -m tests.acceptance.capacity --write`"


def test_the_model_reckons_as_its_formulas_say() -> None:
    """By hand: 31,557,600 people with one event a year are one event a second, and ten at the peak."""
    measured = {
        "receiver": 200.0, "worker": 100.0, "journey": 400.0, "postgres": 100.0, "nats": 50.0,
        "clickhouse": 400.0, "loaded": 4.0, "reads": 1000.0, "sse_cores": 0.5, "sse_rate": 100_000.0,
        "bytes": 1000.0, "build": 100.0, "built": 1e6, "client": 20.0,
    }  # fmt: skip
    scenario = Scenario("by hand", 1, 31_557_600, 1, reads=1000, clients=100_000)
    found = {row.name.partition(",")[0]: row.of(scenario, measured) for row in capacity.ROWS}
    assert found["events a second"] == pytest.approx(10)  # the peak comes after the mean
    assert (found["receivers"], found["workers"], found["journey engines"]) == (1, 1, 1)
    assert found["loaders at once"] == 5  # ten a second, of which one does four, half of its time
    assert found["API processes"] == 3  # two for the reads, 0.2 of a core for the updates
    assert found["ClickHouse"] == pytest.approx(31_557_600 * 1000 / 1e12)
    assert found["memory of live clients"] == pytest.approx(100_000 * 20 / 2**20)


def test_a_constant_that_nobody_has_measured_is_said_to_be_missing(tmp_path: Path) -> None:
    said = capacity.tables(Reports(tmp_path))
    assert said.count("not measured") > len(capacity.CONSTANTS)
    assert "| receivers | peak × receiver ÷ busy | not measured |" in said
