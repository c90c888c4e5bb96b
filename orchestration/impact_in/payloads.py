"""A company's figures as the bytes that a partner gets, checked before anybody sends them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson

from orchestration.impact_in import connectors
from orchestration.impact_in.figures import SMALLEST_GROUP, Figures
from orchestration.impact_in.mapping import MappingError, fill, to_json, to_xml
from orchestration.impact_in.periods import Period

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
# In the frozen bytes; WS-Security stands here when they are sent, and secrets are nowhere but there.
SECURITY = b"<soapenv:Header></soapenv:Header>"


class PayloadError(Exception):
    """The figures do not make a document that the partner would take; the message says what breaks."""


@dataclass(frozen=True)
class Target:
    """Where it goes, as the connection says."""

    connector: str
    mapping_version: str
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Payload:
    """Bytes and where their numbers come from."""

    body: bytes
    content_type: str
    data_version: int
    withheld: tuple[str, ...]

    @property
    def sha256(self) -> bytes:
        return hashlib.sha256(self.body).digest()


def payload_of(figures: Figures, target: Target, *, company_id: UUID, period: Period) -> Payload:
    """The payload of a period. It depends on nothing else, so the same figures are the same bytes."""
    how = connectors.connector(target.connector)
    values = {
        "company_id": str(company_id),
        "connection": how.full_options(target.options),
        "period": {
            "name": period.name, "first": period.first.isoformat(), "last": period.last.isoformat(),
        },
        # Not the time of writing: the same numbers are the same bytes, whenever they are built.
        "closed_at": f"{period.last + timedelta(days=1)}T00:00:00Z",
        "metrics": figures.metrics,
        "outcomes": [asdict(one) for one in figures.outcomes],
    }  # fmt: skip
    version = connectors.mapping(target.connector, target.mapping_version)
    try:
        document = fill(version.template, values)
    except MappingError as error:
        raise PayloadError(str(error)) from error
    if errors := version.errors(document):
        raise PayloadError(
            f"{how.title} {target.mapping_version} would refuse the report of {period.name}:"
            f" {'; '.join(errors[:5])}{_missing(figures.withheld)}"
        )
    body = _envelope(how.soap, document) if how.soap else to_json(document)
    return Payload(body, how.request.content_type, figures.data_version, figures.withheld)


def _missing(withheld: tuple[str, ...]) -> str:
    """What an operator needs to know of a report without numbers: nothing is broken, the groups are small."""
    if not withheld:
        return ""
    return f" (withheld for resting on fewer than {SMALLEST_GROUP} people: {', '.join(withheld)})"


def idempotency_key(company_id: UUID, platform: str, period: str, revision: int, sha256: bytes) -> str:
    """The same for every attempt and replay of the same content for the same slot.

    Corrections count: numbers that come back to what they once were are news again.
    """
    slot = f"{company_id}/{platform}/{period}" + (f"/{revision}" if revision else "")
    return hashlib.sha256(f"{slot}|{sha256.hex()}".encode()).hexdigest()


def changes_between(before: bytes, after: bytes) -> list[dict[str, Any]]:
    """What differs: a path with its value before and after, as partners see them."""
    old, new = _leaves(before), _leaves(after)
    return [
        {"path": path, "before": old.get(path), "after": new.get(path)}
        for path in sorted({*old, *new})
        if old.get(path) != new.get(path)
    ]


def _leaves(body: bytes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if body.startswith(b"<"):
        _xml_leaves(body, found)
    else:
        _json_leaves(orjson.loads(body), "", found)
    return found


def _json_leaves(node: Any, path: str, found: dict[str, Any]) -> None:
    if isinstance(node, dict):
        for name, child in node.items():
            _json_leaves(child, f"{path}.{name}" if path else name, found)
    elif isinstance(node, list):
        for place, child in enumerate(node):
            _json_leaves(child, f"{path}[{_label(child, place)}]", found)
    else:
        found[path] = node


def _label(item: Any, place: int) -> str:
    """What tells an item of a list apart, so that one more does not make all others look different."""
    if isinstance(item, dict):
        names = ("metricType", "dimensionId", "activityId", "programId", "category", "Name")
        if labels := [str(item[name]) for name in names if name in item]:
            return "/".join(labels)
    return str(place)


def _xml_leaves(body: bytes, found: dict[str, Any]) -> None:
    # Our own bytes, written by `_envelope`: nothing of a partner's is parsed here.
    from xml.etree import ElementTree

    def walk(element: ElementTree.Element, path: str) -> None:
        children = list(element)
        if not children:
            found[path] = element.text
        counts: dict[str, int] = {}
        for child in children:
            tag = child.tag.rpartition("}")[2]
            place = counts[tag] = counts.get(tag, -1) + 1
            walk(child, f"{path}.{tag}[{place}]" if place else f"{path}.{tag}")

    root = ElementTree.fromstring(body)  # noqa: S314
    walk(root, root.tag.rpartition("}")[2])


def _envelope(soap: connectors.Soap, document: Mapping[str, Any]) -> bytes:
    operation = to_xml({soap.operation: {"@xmlns": soap.namespace, **document}})
    return (
        b'<soapenv:Envelope xmlns:soapenv="' + SOAP.encode() + b'">' + SECURITY
        + b"<soapenv:Body>" + operation + b"</soapenv:Body></soapenv:Envelope>"
    )  # fmt: skip
