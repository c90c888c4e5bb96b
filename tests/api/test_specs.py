"""The committed descriptions follow from the code, are complete, and break nothing that was promised."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from ingest.contracts import CONTRACTS
from ingest.updates import UPDATES
from serving import breaking, catalogue, spec_commands
from serving.breaking import OasdiffError, breaches
from serving.catalogue import CatalogueError, merged
from serving.description import operations
from serving.problems import PROBLEM_TYPES
from serving.specs import CATALOGUE, EVENTS, NEWEST_SPEC
from serving.versions import NAMES, NEWEST, described

Document = dict[str, Any]


@pytest.fixture(scope="module")
def files() -> dict[Path, Document]:
    return catalogue.documents()


@pytest.fixture(scope="module")
def spec(files: dict[Path, Document]) -> Document:
    return files[NEWEST_SPEC]


def test_the_committed_files_follow_from_the_code(files: dict[Path, Document]) -> None:
    assert spec_commands.stale(files) == [], "run `impact api specs write` and commit the result"


def test_every_supported_version_keeps_its_promise() -> None:
    assert spec_commands.broken() == []


def _rename(spec: Document) -> None:
    schema = spec["components"]["schemas"]["Vis"]
    schema["properties"]["score"] = schema["properties"].pop("vis")
    schema["required"] = [name if name != "vis" else "score" for name in schema["required"]]


def _require(spec: Document) -> None:
    parameters = spec["paths"]["/v1/companies/{company_id}/metrics"]["get"]["parameters"]
    next(one for one in parameters if one.get("name") == "from")["required"] = True


def _remove(spec: Document) -> None:
    del spec["paths"]["/v1/journey/participants/{participant_id}/flags"]


def _narrow(spec: Document) -> None:
    spec["components"]["schemas"]["ScreenOrder"]["properties"]["text"]["maxLength"] = 10


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (_rename, "/v1/companies/{company_id}/vis"),
        (_require, "/v1/companies/{company_id}/metrics"),
        (_remove, "/v1/journey/participants/{participant_id}/flags"),
        (_narrow, "/v1/safety/screen"),
    ],
)
def test_a_breaking_change_is_refused(spec: Document, change: Callable[[Document], None], where: str) -> None:
    broken = copy.deepcopy(spec)
    change(broken)
    found = breaches(catalogue.published(NEWEST), broken)
    assert found
    assert all(where in one.operation for one in found), found


def test_the_check_ends_with_an_error_on_a_branch_that_breaks(
    spec: Document, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = copy.deepcopy(spec)
    _rename(broken)
    monkeypatch.setattr(catalogue, "processes", lambda: {"serving": broken})
    with pytest.raises(spec_commands.typer.Exit) as ended:
        spec_commands.check()
    assert ended.value.exit_code == 1
    told = capsys.readouterr().err
    assert "GET /v1/companies/{company_id}/vis" in told
    assert "Breaking: add a version" in told


def test_a_versioned_change_breaks_nothing(spec: Document) -> None:
    """The newest description alone would break older clients: its translation is what keeps the promise."""
    oldest = NAMES[0]
    assert breaches(catalogue.published(oldest), spec)
    assert breaches(catalogue.published(oldest), described(spec, oldest)) == []


def test_an_addition_is_no_breach(spec: Document) -> None:
    more = copy.deepcopy(spec)
    more["components"]["schemas"]["Goal"]["properties"]["title"] = {"type": "string"}
    more["paths"]["/v1/new"] = {"get": {"operationId": "new", "responses": {"200": {"description": "New."}}}}
    assert breaches(catalogue.published(NEWEST), more) == []


def test_what_cannot_be_compared_is_a_failure(spec: Document, tmp_path: Path) -> None:
    with pytest.raises(OasdiffError, match="is missing"):
        breaches(tmp_path / "nothing.json", spec)
    unreadable = tmp_path / "unreadable.json"
    unreadable.write_text("{")
    with pytest.raises(OasdiffError, match="oasdiff ended with"):
        breaches(unreadable, spec)


def test_a_binary_that_says_nothing_is_not_believed(
    spec: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = tmp_path / "oasdiff"
    silent.write_text("#!/bin/sh\necho '[]'\nexit 1\n")
    silent.chmod(0o755)
    monkeypatch.setattr(breaking, "_binary", lambda: silent)
    with pytest.raises(OasdiffError, match="told 0 breaches"):
        breaches(catalogue.published(NEWEST), spec)


def test_every_operation_is_complete(spec: Document) -> None:
    ids = [operation["operationId"] for _, operation in operations(spec)]
    assert len(ids) == len(set(ids))
    tags = {tag["name"] for tag in spec["tags"]}
    for path, operation in operations(spec):
        what = operation["operationId"]
        assert set(operation["tags"]) <= tags, what
        assert operation.get("description") or operation.get("summary"), what
        successes = [status for status in operation["responses"] if status.startswith("2")]
        assert successes, what
        for status, response in operation["responses"].items():
            assert "X-Request-ID" in response["headers"], (what, status)
            if status in ("429", "503"):
                assert "Retry-After" in response["headers"], (what, status)
            for media, content in response.get("content", {}).items():
                if media in ("application/json", "application/problem+json"):
                    assert "example" in content or content.get("examples"), (what, status)
        if path.startswith("/v1/"):
            assert {"$ref": "#/components/parameters/ApiVersion"} in operation["parameters"], what
            assert (
                "version-unknown"
                in operation["responses"]["400"]["content"]["application/problem+json"]["examples"]
            )


def test_every_kind_of_problem_is_shown_where_it_may_come(spec: Document) -> None:
    shown = {
        slug
        for _, operation in operations(spec)
        for response in operation["responses"].values()
        for content in response.get("content", {}).values()
        for slug in content.get("examples", {})
    }
    # Of addresses and methods that are none, and of pages that are not described.
    assert set(PROBLEM_TYPES) - shown <= {"method-not-allowed", "docs-not-built"}


def _validator(document: Document, pointer: str) -> Draft202012Validator:
    registry = Registry().with_resource("urn:spec", Resource(document, DRAFT202012))
    return Draft202012Validator({"$ref": f"urn:spec#{pointer}"}, registry=registry)


def _escaped(*parts: str) -> str:
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


@pytest.mark.parametrize("name", ["serving", "webhooks", "worker", "gate", "journey", "catalog"])
def test_every_example_is_what_its_schema_allows(name: str) -> None:
    document = json.loads((NEWEST_SPEC.parent / f"{name}.json").read_text("utf-8"))
    count = 0
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method == "servers":
                continue
            holders = {("responses", status): one for status, one in operation["responses"].items()}
            if "requestBody" in operation:
                holders["requestBody",] = operation["requestBody"]
            for place, holder in holders.items():
                for media, content in holder.get("content", {}).items():
                    for example in content.get("examples", {}).values():  # shared, and validated below
                        assert example["$ref"].rpartition("/")[2] in document["components"]["examples"]
                    examples = []
                    examples += [content["example"]] if "example" in content else []
                    if "schema" not in content or not examples or "event-stream" in media:
                        continue
                    pointer = _escaped("paths", path, method, *place, "content", media, "schema")
                    validator = _validator(document, pointer)
                    for example in examples:
                        errors = [error.message for error in validator.iter_errors(example)]
                        assert errors == [], (operation["operationId"], *place)
                        count += 1
    assert count
    problem = _validator(document, "/components/schemas/Problem")
    for slug, example in document["components"].get("examples", {}).items():
        assert [error.message for error in problem.iter_errors(example["value"])] == [], slug


def test_lists_say_how_they_go_on(spec: Document) -> None:
    paged = {operation["operationId"] for _, operation in operations(spec) if "x-pagination" in operation}
    assert {"reporting_getMetrics", "reporting_getBenchmarks", "impactIn_listDeliveries"} <= paged
    for _, operation in operations(spec):
        if operation["operationId"] in paged:
            reference = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
            schema = spec["components"]["schemas"][reference.rpartition("/")[2]]
            assert {"items", "next_cursor"} <= set(schema["properties"]), operation["operationId"]


def test_the_catalogue_has_every_operation_of_every_process(files: dict[Path, Document]) -> None:
    everything = files[CATALOGUE]
    there = {
        name
        for _, operation in operations(everything)
        for name in operation.get("x-operation-ids", [operation["operationId"]])
    }
    for process, document in catalogue.processes().items():
        assert {one["operationId"] for _, one in operations(document)} <= there, process
    assert len(everything["paths"]["/healthz"]["servers"]) == 5


def test_two_operations_of_one_name_are_no_catalogue() -> None:
    one = {"paths": {"/a": {"get": {"operationId": "x", "responses": {}}}}, "components": {}}
    other = {"paths": {"/b": {"get": {"operationId": "x", "responses": {}}}}, "components": {}}
    with pytest.raises(CatalogueError, match="two operations are called x"):
        merged({"first": one, "second": other})


def test_the_events_and_updates_are_all_described(files: dict[Path, Document]) -> None:
    document = files[EVENTS]
    messages = document["components"]["messages"]
    names = {message["name"] for message in messages.values()}
    assert set(CONTRACTS) | set(UPDATES) | {"reset", "gap", "conflated"} <= names
    for message in messages.values():
        Draft202012Validator.check_schema(message["payload"]["schema"])
    for reference in _references(document):
        if reference.startswith(("#/channels/", "#/components/messages/", "#/servers/")):
            node: Any = document
            for part in reference.removeprefix("#/").split("/"):
                node = node[part]


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [one for member in node.values() for one in _references(member)]
    return [one for member in node for one in _references(member)] if isinstance(node, list) else []
