"""Every operation of the API lets in whom the committed table names, and nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import APIRouter

from ingest.permissions import GRANTED, PERMISSIONS, ROLES, Role
from orchestration.stack.layout import Layout
from serving.app import create_app
from serving.permission_table import PAGE, main
from serving.permissions import AnalyticsReader, DataWriter, UndeclaredRouteError, declared
from serving.settings import ServingSettings
from tests.serving.running import OURS, THEIRS, Api
from tests.serving.tokens import signed

# What a role may do, as it was asked for; written out again, so that a slip is no proof of itself.
COMPANY = "company:read company:write company:settings"
USER = "user:read user:write user:delete user:invite"
DATA = "data:read data:write data:delete data:export"
FIGURES = "report:view report:export analytics:view"
KEYS = "api_key:read api_key:create api_key:revoke api_key:regenerate"
ASKED_FOR = {
    "system_admin": f"{COMPANY} company:delete {USER} {DATA} {FIGURES} report:create {KEYS} audit_log:view"
    " safety:review privacy:manage system:admin",
    "company_admin": f"{COMPANY} {USER} {DATA} {FIGURES} report:create {KEYS} audit_log:view safety:review"
    " privacy:manage",
    "company_user": f"company:read user:read data:read data:write data:export {FIGURES}",
    "participant": "privacy:own",
    "volunteer": "privacy:own",
    "api_client": f"company:read data:read data:write {FIGURES}",
}
OPERATION = re.compile(r"^\| `([A-Z]+) (/\S+)` \| (.+?) \| (.+?) \|$", re.MULTILINE)
VALUES = {
    "company_id": str(OURS), "model_id": "no-such-model", "rule_id": "no_such_rule", "platform": "nowhere",
    "metric_id": "no_such_metric", "tile": "mentorship", "milestone": "job_ready", "source": "kintell",
    "letter_id": "0", "name": "secret", "delivery_id": str(uuid4()),
}  # fmt: skip
# Where an empty body would be an order to do something to everything.
BODIES = {path: {"dry_run": True} for path in (
    "/v1/ops/dead-letters/replay", "/v1/ops/dead-letters/discard", "/v1/impact-in/deliveries/bulk-replay",
)}  # fmt: skip
PERSON = str(uuid4())
SECRETS: set[str] = set()  # of the platform under test


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    permissions: frozenset[str]
    roles: frozenset[str]

    def address(self) -> str:
        return re.sub(r"{(\w+)}", lambda name: VALUES.get(name[1], str(uuid4())), self.path)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@cache
def table() -> list[Operation]:
    """The operations of the committed page."""
    rows = OPERATION.findall(PAGE.read_text("utf-8"))
    return [
        Operation(method, path, frozenset(re.findall("`([^`]+)`", permissions)), frozenset(roles.split(", ")))
        for method, path, permissions, roles in rows
    ]


@pytest.fixture(scope="module")
def clients(api: Api, token_of: Callable[..., str], secrets: set[str]) -> Iterator[dict[str, httpx.Client]]:
    """Nobody and each role, each with a jar of its own: one route sets a cookie that opens another."""
    SECRETS.update(secrets)
    with ExitStack() as stack:
        made: dict[str, httpx.Client] = {}
        for who in ("nobody", *ROLES):
            headers = {} if who == "nobody" else {"Authorization": f"Bearer {token_of(who)}"}
            client = httpx.Client(base_url=api.url, headers=headers, timeout=60)
            made[who] = stack.enter_context(client)
        yield made


@pytest.fixture(scope="module")
def secrets(embedded_stores: Layout) -> set[str]:
    found = {value for value in asdict(embedded_stores.secrets).values() if isinstance(value, str) and value}
    assert len(found) > 3
    return found


@pytest.fixture(scope="module")
def token_of(embedded_stores: Layout) -> Callable[..., str]:
    def make(role: Role, company: object = OURS) -> str:
        claims: dict[str, Any] = {"userId": PERSON, "role": role}
        if role != "system_admin":
            claims["companyId"] = str(company)
        return signed(embedded_stores.secrets.jwt_secret, **claims)

    return make


def outcome(client: httpx.Client, operation: Operation, query: str = "") -> str:
    """How far the caller came: `in`, or the kind of problem that stopped it at the door.

    Whatever the answer is, it is none that the server fails with.
    """
    has_body = operation.method in ("POST", "PUT", "PATCH")
    json = BODIES.get(operation.path, {}) if has_body else None
    with client.stream(operation.method, operation.address() + query, json=json) as answer:
        assert answer.status_code != 500, str(operation)
        if answer.headers.get("content-type", "").startswith("text/event-stream"):
            return "in"
        answer.read()
        assert "Traceback" not in answer.text, str(operation)
        assert not any(secret in answer.text for secret in SECRETS), str(operation)
        if answer.status_code not in (401, 403):
            return "in"
        kind: str = answer.json()["type"]
        return kind.removeprefix("/problems/")


def test_the_table_is_what_the_code_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0, capsys.readouterr().err


def test_a_changed_table_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "permissions.md"
    page.write_text(PAGE.read_text("utf-8").replace("`data:write`", "`data:read`"))
    monkeypatch.setattr("serving.permission_table.PAGE", page)
    assert main(["check"]) == 1
    assert "permission_table write" in capsys.readouterr().err


def test_every_operation_below_v1_is_in_the_table() -> None:
    paths = create_app(ServingSettings.for_documentation()).openapi()["paths"]
    there = {
        f"{method.upper()} {path}"
        for path, methods in paths.items()
        if path.startswith("/v1/")
        for method in methods
    }
    assert {str(operation) for operation in table()} == there


def test_roles_have_what_was_asked_for() -> None:
    assert {role: set(GRANTED[role]) for role in ROLES} == {
        role: set(listed.split()) for role, listed in ASKED_FOR.items()
    }
    assert {one for listed in ASKED_FOR.values() for one in listed.split()} == set(PERMISSIONS)


def test_nobody_gets_in_anywhere(clients: dict[str, httpx.Client]) -> None:
    wrong = [str(one) for one in table() if outcome(clients["nobody"], one) != "unauthenticated"]
    # The link of an export is its own credential; without one, the route asks for another.
    assert not wrong


@pytest.mark.parametrize("role", ROLES)
def test_a_role_gets_where_the_table_lets_it(clients: dict[str, httpx.Client], role: Role) -> None:
    found = {str(one): outcome(clients[role], one) for one in table()}
    expected = {str(one): "in" if role in one.roles else "role-forbidden" for one in table()}
    assert found == expected


def test_another_companys_administrator_stays_outside(api: Api, token_of: Callable[..., str]) -> None:
    paths = create_app(ServingSettings.for_documentation()).openapi()["paths"]
    walked, wrong = 0, []
    headers = {"Authorization": f"Bearer {token_of('company_admin', THEIRS)}"}
    with httpx.Client(base_url=api.url, headers=headers, timeout=60) as theirs:
        for one in table():
            names = {p["name"] for p in paths[one.path][one.method.lower()].get("parameters", ())}
            if "company_admin" not in one.roles or not names & {"company_id", "companyId"}:
                continue
            if "companyId" in names and one.method != "GET":  # an invalid body is told first
                continue
            walked += 1
            if (
                outcome(theirs, one, f"?companyId={OURS}" if "companyId" in names else "")
                != "company-forbidden"
            ):
                wrong.append(str(one))
    assert not wrong
    assert walked > 30


def test_a_key_gets_as_far_as_its_scopes(api: Api, new_key: Callable[..., str]) -> None:
    keys: dict[tuple[str, str], httpx.Client] = {}

    def client(permission: str, kind: str) -> httpx.Client:
        if (permission, kind) not in keys:
            role: Role = "system_admin" if permission == "system:admin" else "company_admin"
            scopes = {permission} if kind == "only" else GRANTED[role] - {permission}
            company = None if role == "system_admin" else OURS
            key = new_key(company, role, scopes=sorted(scopes), rate_limit_per_minute=100_000)
            keys[permission, kind] = stack.enter_context(
                httpx.Client(base_url=api.url, headers={"X-API-Key": key}, timeout=60)
            )
        return keys[permission, kind]

    wrong = []
    with ExitStack() as stack:
        for one in table():
            (permission,) = one.permissions - {"privacy:own"}
            found = outcome(client(permission, "only"), one), outcome(client(permission, "without"), one)
            if found != ("in", "scope-forbidden"):
                wrong.append((str(one), found))
    assert not wrong


def test_a_route_without_a_permission_does_not_start() -> None:
    router = APIRouter()

    @router.get("/v1/open")
    async def get_open() -> None: ...

    with pytest.raises(UndeclaredRouteError, match="declares no permission"):
        declared(router)


def test_a_route_with_two_minds_does_not_start() -> None:
    router = APIRouter()

    @router.get("/v1/both")
    async def get_both(one: AnalyticsReader, other: DataWriter) -> None: ...

    with pytest.raises(UndeclaredRouteError, match="do not nest"):
        declared(router)
