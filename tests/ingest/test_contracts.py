"""What we publish is what our schemas promise, for every event type; the generated files are current."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import UTC
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import jsonschema
import msgspec
import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from ingest.contracts import CONTRACTS, Contract
from ingest.contracts.documents import ASYNCAPI, CATALOGUE, PROJECT, SCHEMAS
from ingest.events import decode, encode, new_event

TYPES = [pytest.param(contract, id=contract.event_type) for contract in CONTRACTS.values()]


def values(info: msgspec.inspect.Type) -> st.SearchStrategy[Any]:
    """Values a msgspec type allows, as JSON holds them."""
    match info:
        case msgspec.inspect.Metadata():
            return values(info.type)
        case msgspec.inspect.UnionType():
            return st.one_of([values(part) for part in info.types])
        case msgspec.inspect.LiteralType():
            return st.sampled_from(info.values)
        case msgspec.inspect.StructType():
            return structs(info)
        case msgspec.inspect.ListType():
            return st.lists(values(info.item_type), max_size=3)
        case msgspec.inspect.DictType():
            return st.dictionaries(st.text(max_size=5), values(info.value_type), max_size=3)
        case msgspec.inspect.StrType() if info.pattern:
            return st.from_regex(info.pattern.replace("$", r"\Z"))
        case msgspec.inspect.StrType():
            return st.text(min_size=info.min_length or 0, max_size=min(info.max_length or 40, 40))
        case msgspec.inspect.IntType():
            lowest = info.ge if info.ge is not None else info.gt + 1 if info.gt is not None else -(2**53)
            return st.integers(lowest, info.le if info.le is not None else lowest + 1000)
        case msgspec.inspect.FloatType():
            return st.floats(info.ge, info.le, allow_nan=False, allow_infinity=False)
        case msgspec.inspect.BoolType():
            return st.booleans()
        case msgspec.inspect.UUIDType():
            return st.uuids().map(str)
        case msgspec.inspect.DateTimeType():
            return st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.isoformat())
        case msgspec.inspect.DateType():
            return st.dates().map(str)
        case msgspec.inspect.AnyType():
            return st.one_of(st.none(), st.booleans(), st.integers(0, 9), st.text(max_size=5))
        case msgspec.inspect.NoneType():
            return st.none()
    raise NotImplementedError(f"no strategy for {info}")


def structs(info: msgspec.inspect.StructType) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {field.encode_name: values(field.type) for field in info.fields if field.required},
        optional={field.encode_name: values(field.type) for field in info.fields if not field.required},
    )


def validator(contract: Contract) -> jsonschema.Draft202012Validator:
    schema = json.loads((PROJECT / SCHEMAS / f"{contract.event_type}.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


@pytest.mark.parametrize("contract", TYPES)
def test_every_event_of_a_type_is_valid_under_its_schema_and_survives_the_wire(contract: Contract) -> None:
    published = validator(contract)

    @settings(max_examples=10, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(data=structs(msgspec.inspect.type_info(contract.data)), company=st.none() | st.uuids())
    def publish(data: dict[str, Any], company: Any) -> None:
        event = new_event(
            msgspec.convert(data, contract.data, strict=False),
            subject="subject/1",
            company_id=company,
            source="/webhooks/test",
            source_time=contract.time_of(msgspec.convert(data, contract.data, strict=False)),
            origin="test:1",
        )
        if contract.alias_of:
            event = msgspec.structs.replace(event, type=contract.event_type, dataschema=contract.dataschema)
        message = encode(event)
        published.validate(json.loads(message))
        assert decode(message) == event

    publish()


@pytest.mark.parametrize(
    ("event_type", "field", "wrong"),
    [
        ("kintell.session.completed", "durationMinutes", 0),
        ("kintell.session.completed", "languageLevel", "b1"),
        ("kintell.rating.created", "rating", 1.5),
        ("buddy.match.ended", "duration", 0),
        ("buddy.match.ended", "reason", "bored"),
        ("buddy.checkin.completed", "mood", "fine"),
        ("buddy.event.attended", "sdgGoals", [18]),
        ("safety.flag.raised", "flagReason", "rude"),
        ("ingest.donation.made", "currency", "kr"),
        ("privacy.subject.erased", "rowsRemaining", 1),
        ("ai.budget.warned", "thresholdPercent", 85),
        ("reporting.citation.edited", "newHash", "abc"),
    ],
)
def test_schema_and_reader_agree_on_what_is_wrong(event_type: str, field: str, wrong: object) -> None:
    contract = CONTRACTS[event_type]
    schema = json.loads((PROJECT / SCHEMAS / f"{event_type}.json").read_text("utf-8"))
    data_schema = schema["$defs"][contract.data.__name__]
    problems = {
        problem.json_path
        for problem in jsonschema.Draft202012Validator(data_schema).iter_errors({field: wrong})
        if problem.validator != "required"
    }
    assert any(path.startswith(f"$.{field}") for path in problems)
    declared = next(f for f in msgspec.structs.fields(contract.data) if f.encode_name == field)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wrong, declared.type)


def test_an_alias_points_to_a_type_that_exists() -> None:
    aliases = [contract for contract in CONTRACTS.values() if contract.alias_of]
    assert aliases
    assert all(CONTRACTS[str(contract.alias_of)].alias_of is None for contract in aliases)


def test_every_type_and_field_is_described() -> None:
    for contract in CONTRACTS.values():
        assert contract.data.__doc__, contract.event_type
        assert not contract.data.__doc__.startswith(f"{contract.data.__name__}("), contract.event_type


def test_generated_documents_are_current() -> None:
    done = run("check", PROJECT)
    assert done.returncode == 0, done.stderr


def test_a_stale_document_is_shown_as_a_diff_and_generating_mends_it(tmp_path: Path) -> None:
    for path in (ASYNCAPI, CATALOGUE):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / path, tmp_path / path)
    shutil.copytree(PROJECT / SCHEMAS, tmp_path / SCHEMAS)
    stale = tmp_path / SCHEMAS / "kintell.rating.created.json"
    stale.write_text(stale.read_text("utf-8").replace('"maximum": 1', '"maximum": 5'), "utf-8")
    (tmp_path / SCHEMAS / "gone.event.json").write_text("{}", "utf-8")
    done = run("check", tmp_path)
    assert done.returncode == 1
    assert '"maximum": 5' in done.stderr
    assert "gone.event.json" in done.stderr
    assert run("generate", tmp_path).returncode == 0
    assert run("check", tmp_path).returncode == 0


def test_the_asyncapi_document_has_a_channel_per_type() -> None:
    document = yaml.safe_load((PROJECT / ASYNCAPI).read_text("utf-8"))
    addresses = {channel["address"] for channel in document["channels"].values()}
    assert addresses == {f"events.{{companyId}}.{event_type}" for event_type in CONTRACTS}
    for operation in document["operations"].values():
        key = operation["channel"]["$ref"].removeprefix("#/channels/")
        assert document["channels"][key]["messages"] == {key: {"$ref": f"#/components/messages/{key}"}}
        assert key in document["components"]["messages"]


def run(action: str, root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ingest.contracts", action, "--root", str(root)],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
