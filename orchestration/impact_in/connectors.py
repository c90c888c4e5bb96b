"""The ways to partners, read from their folders and checked when they are read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import jsonschema
import orjson
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

FOLDER = Path(__file__).parent / "partners"


class ConnectorError(Exception):
    """No such connector or version, or its folder is wrong."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Request(_Part):
    method: Literal["POST", "PUT"]
    path: str
    content_type: str


class ReadBack(_Part):
    """Where the partner says whether it has a delivery: 200 with it, 404 without."""

    path: str


class Soap(_Part):
    operation: str
    namespace: str


class Options(_Part):
    """What a connection has to say of the company at the partner, and what it may leave out."""

    required: tuple[str, ...] = ()
    defaults: Mapping[str, str] = {}


class Auth(_Part):
    """One step of proving who we are. The names of secrets are those of the connection."""

    kind: Literal["bearer", "api_key", "body_hmac", "oauth2", "header", "standard_webhooks", "ws_security"]
    header: str = ""
    secret: str = ""
    option: str = ""
    path: str = ""
    client_id: str = ""
    client_secret: str = ""
    scope: str = ""
    username: str = ""
    password: str = ""

    @property
    def secrets(self) -> tuple[str, ...]:
        named = (self.secret, self.client_id, self.client_secret, self.username, self.password)
        return tuple(name for name in named if name)


class Limits(_Part):
    per_minute: float = Field(gt=0)
    concurrency: int = Field(ge=1)
    timeout_s: float = Field(gt=0)


class Maintenance(_Part):
    """Hours in which the partner takes nothing; weekday 1 is Monday."""

    weekday: int = Field(ge=1, le=7)
    from_: str = Field(alias="from", pattern=r"^\d\d:\d\d$")
    until: str = Field(pattern=r"^\d\d:\d\d$")
    time_zone: str


class Errors(_Part):
    """What the partner's statuses mean. Any other status from 400 on is final."""

    throttle: frozenset[int]
    retry: frozenset[int]
    accepted_before: frozenset[int] = frozenset()
    throttle_pause_s: float = 1.0


class Connector(_Part):
    """How one kind of partner is spoken to. How large a document may be, its schema says (`maxItems`)."""

    platform: str
    title: str
    newest: str
    request: Request
    headers: Mapping[str, str]
    idempotency_header: str
    read_back: ReadBack | None = None
    reference: str
    # Lists of the document with the field by which callbacks name their rows, where they name no delivery.
    callback_rows: Mapping[str, str] = {}
    soap: Soap | None = None
    options: Options
    auth: Mapping[str, tuple[Auth, ...]] = Field(min_length=1)
    limits: Limits
    maintenance: tuple[Maintenance, ...]
    errors: Errors

    def auth_of(self, options: Mapping[str, Any]) -> tuple[Auth, ...]:
        """The steps that the connection chose, or the first of those there are."""
        name = options.get("auth") or next(iter(self.auth))
        if name not in self.auth:
            raise ConnectorError(
                f"{self.title} has no authentication {name}; there are {', '.join(self.auth)}"
            )
        return self.auth[name]

    def secrets_of(self, options: Mapping[str, Any]) -> tuple[str, ...]:
        """The secrets that a connection needs."""
        return tuple(dict.fromkeys(name for step in self.auth_of(options) for name in step.secrets))

    def full_options(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Options with their defaults; ConnectorError names what is missing."""
        full = {**self.options.defaults, **options}
        if missing := [name for name in self.options.required if not full.get(name)]:
            raise ConnectorError(f"a connection to {self.title} needs the options {', '.join(missing)}")
        self.auth_of(full)
        return full


class MappingVersion:
    """One version of a partner's payload: its template, and the schema that every payload is checked by."""

    def __init__(self, template: Any, schema: Mapping[str, Any]) -> None:
        self.template = template
        self._validator = jsonschema.Draft202012Validator(schema)

    def errors(self, document: Any) -> list[str]:
        """Where and why the document breaks the schema, without its values."""
        return [
            f"{'.'.join(str(part) for part in error.absolute_path) or 'document'}: breaks {error.validator}"
            for error in self._validator.iter_errors(document)
        ]


def names() -> list[str]:
    return sorted(path.parent.name for path in FOLDER.glob("*/partner.yaml"))


@lru_cache(maxsize=64)
def connector(name: str) -> Connector:
    """The connector of this folder."""
    if name not in names():
        raise ConnectorError(f"there is no connector {name}; there are {', '.join(names())}")
    try:
        return Connector.model_validate(yaml.safe_load((FOLDER / name / "partner.yaml").read_text("utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise ConnectorError(f"partners/{name}/partner.yaml: {error}") from None


def versions(name: str) -> list[str]:
    return sorted(path.name.removesuffix(".mapping.yaml") for path in (FOLDER / name).glob("*.mapping.yaml"))


@lru_cache(maxsize=64)
def mapping(name: str, version: str) -> MappingVersion:
    """One version of a connector's mapping, with its schema."""
    if version not in versions(name):
        raise ConnectorError(f"{name} has no mapping {version}; there are {', '.join(versions(name))}")
    folder = FOLDER / name
    template = yaml.safe_load((folder / f"{version}.mapping.yaml").read_text("utf-8"))
    schema = orjson.loads((folder / f"{version}.schema.json").read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    return MappingVersion(template, schema)
