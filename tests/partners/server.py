"""The partners' side of Impact-In: Benevity, Goodera, Workday (REST and SOAP) and a signed webhook.

One server plays all of them, each under a path of its own. It checks credentials, signatures, schema and
idempotency by code of its own, counts requests per minute, and keeps a ledger of what it accepted. A script
of misbehaviours says what it does to the next requests.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import re
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import aiohttp
import jsonschema
from aiohttp import web
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.ingest.senders import signature_headers
from tests.partners.callbacks import callback

PARTNERS = Path(__file__).parents[2] / "orchestration" / "impact_in" / "partners"
MISBEHAVIOURS = (
    "429", "429_date", "500", "503", "timeout", "slow", "reset", "accept_then_drop", "accept_then_500",
    "expired_token", "reject_schema", "redirect", "garbage", "401",
)  # fmt: skip
SECRETS = {
    "token": "benevity-token-1", "signing_key": "whsec_" + base64.b64encode(b"k" * 32).decode(),
    "api_key": "goodera-key-1", "client_id": "impact", "client_secret": "client-secret-1",
    "username": "ISU_Impact", "password": "soap-password-1",
}  # fmt: skip
PATHS = {
    "benevity": r"/benevity/api/v1/impact-events",
    "goodera": r"/goodera/v2/events/impact",
    "workday": r"/workday/api/v1/acme/csr-impact-reports",
    "workday_soap": r"/workday_soap/ccx/service/acme/CSR_Impact/v3.0",
    "webhook": r"/webhook/",
}
OPTIONS = {"organization_id": "org-1", "program_id": "prog-1", "project_id": "proj-1", "tenant": "acme"}
_TIMEOUT_S, _SLOW_S = 3600.0, 0.3


@dataclass
class Accepted:
    """What a partner holds of one idempotency key. `times` counts processing, which has to be once."""

    partner: str
    key: str
    delivery_id: str
    body: bytes
    document: dict[str, Any]
    corrects: str | None
    times: int = 1


@dataclass
class Partners:
    """The state of all partners; `script` holds the misbehaviours of the next requests per partner."""

    secrets: dict[str, str] = field(default_factory=lambda: dict(SECRETS))
    script: dict[str, deque[str]] = field(default_factory=lambda: {name: deque() for name in PATHS})
    always: dict[str, str] = field(default_factory=dict)  # what a dead partner does to every request
    accepted: dict[tuple[str, str], Accepted] = field(default_factory=dict)
    requests: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in PATHS})
    outcomes: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    tokens: dict[str, float] = field(default_factory=dict)
    tokens_given: int = 0
    per_minute: dict[str, float] = field(default_factory=dict)  # above it: 429
    checks_schemas: bool = True
    _nonces: set[str] = field(default_factory=set)
    _schemas: dict[str, jsonschema.Draft202012Validator] = field(default_factory=dict)

    def misbehave(self, partner: str, *names: str) -> None:
        if unknown := set(names) - set(MISBEHAVIOURS):
            raise ValueError(f"no such misbehaviour: {unknown}")
        self.script[partner].extend(names)

    def busiest_minute(self, partner: str) -> int:
        """The most requests that any 60 seconds saw."""
        times, most, start = self.requests[partner], 0, 0
        for end, at in enumerate(times):
            while at - times[start] >= 60.0:
                start += 1
            most = max(most, end - start + 1)
        return most

    def processed(self, partner: str | None = None) -> list[Accepted]:
        return [one for one in self.accepted.values() if partner in (None, one.partner)]

    def application(self) -> web.Application:
        app = web.Application(client_max_size=1 << 20)
        for partner, path in PATHS.items():
            app.router.add_post(path, self._taking(partner))
            if partner not in ("webhook", "workday_soap"):
                app.router.add_get(path + "/{key}", self._showing(partner))
        for path in ("/benevity/oauth/token", "/goodera/oauth/token", "/workday/oauth2/acme/token"):
            app.router.add_post(path, self._token)
        app.router.add_get("/_state", self._state)
        app.router.add_post("/_misbehave", self._script_by_hand)
        app.router.add_post("/_call_back", self._call_back_by_hand)
        return app

    def _taking(self, partner: str) -> Callable[[web.Request], Any]:
        async def take(request: web.Request) -> web.StreamResponse:
            body = await request.read()
            self.requests[partner].append(time.monotonic())
            fault = self.always.get(partner) or (
                self.script[partner].popleft() if self.script[partner] else ""
            )
            if fault and (answer := await self._misbehaves(fault, request, partner)) is not None:
                self.outcomes[fault] += 1
                return answer
            if (limit := self.per_minute.get(partner)) and self._in_last_minute(partner) > limit:
                self.problems.append(f"{partner}: over {limit} requests a minute")
                return web.Response(status=429)
            if problem := self._unauthenticated(request, body, partner):
                self.outcomes["401"] += 1
                return web.Response(status=401, text=problem)
            document = self._document(body, partner)
            if self.checks_schemas and (errors := self._errors(partner, document)):
                self.problems.append(f"{partner}: {errors[0]}")
                return web.Response(status=422, text=errors[0])
            if not (key := request.headers.get("Idempotency-Key", "")):
                self.problems.append(f"{partner}: no idempotency key")
                return web.Response(status=400)
            self._accept(partner, key, body, document, request)
            if fault == "accept_then_drop":
                request.transport.abort()  # type: ignore[union-attr]
            if fault == "accept_then_500":
                return web.Response(status=503)
            return self._receipt(partner, key)

        return take

    async def _misbehaves(self, fault: str, request: web.Request, partner: str) -> web.StreamResponse | None:
        """The answer of a misbehaviour that takes nothing; None goes on to take it."""
        if fault == "429":
            return web.Response(status=429, headers={"Retry-After": "0"})
        if fault == "429_date":
            at = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())
            return web.Response(status=429, headers={"Retry-After": at})
        if fault in ("500", "503", "401"):
            return web.Response(status=int(fault))
        if fault == "timeout":
            await asyncio.sleep(_TIMEOUT_S)
        if fault == "slow":
            await asyncio.sleep(_SLOW_S)
        if fault == "reset":
            request.transport.abort()  # type: ignore[union-attr]
            return web.Response(status=500)
        if fault == "expired_token":
            self.tokens.clear()
            self.secrets["token"] += "" if partner != "benevity" else "x"
        if fault == "reject_schema":
            return web.Response(status=422, text="a field of yours is not what it should be")
        if fault == "redirect":
            return web.Response(status=302, headers={"Location": "/_state"})
        if fault == "garbage":
            return web.Response(status=502, body=b"\xff\xfe<html>" + b"x" * 200_000)
        return None

    def _accept(
        self, partner: str, key: str, body: bytes, document: dict[str, Any], request: web.Request
    ) -> None:
        known = self.accepted.get((partner, key))
        if known is None:
            self.accepted[partner, key] = Accepted(
                partner, key, request.headers.get("X-Delivery-ID", ""), body, document,
                request.headers.get("X-Correction-Of"),
            )  # fmt: skip
            self.outcomes["accepted"] += 1
        else:
            self.outcomes["known"] += 1
            if partner != "workday_soap" and known.body != body:
                known.times += 1
                self.problems.append(f"{partner}: other bytes under the same key")

    def _receipt(self, partner: str, key: str) -> web.Response:
        reference = reference_of(partner, key)
        if partner == "workday_soap":
            return web.Response(
                content_type="text/xml",
                text="<e:Envelope xmlns:e='urn:x'><e:Body>"
                f"<ReportReference>{reference}</ReportReference></e:Body></e:Envelope>",
            )
        name = {"benevity": "transactionId", "goodera": "batchId", "workday": "reportId", "webhook": "id"}[
            partner
        ]
        return web.json_response({name: reference}, status=202)

    def _showing(self, partner: str) -> Callable[[web.Request], Any]:
        async def show(request: web.Request) -> web.Response:
            self.requests[partner].append(time.monotonic())
            if problem := self._unauthenticated(request, b"", partner):
                return web.Response(status=401, text=problem)
            key = request.match_info["key"]
            self.outcomes["asked"] += 1
            return (
                self._receipt(partner, key) if (partner, key) in self.accepted else web.Response(status=404)
            )

        return show

    async def _token(self, request: web.Request) -> web.Response:
        partner = request.path.split("/")[1]
        form = await request.post()
        given = base64.b64decode(request.headers.get("Authorization", "").removeprefix("Basic ")).decode()
        self.requests[partner].append(time.monotonic())
        if given != f"{self.secrets['client_id']}:{self.secrets['client_secret']}":
            return web.json_response({"error": "invalid_client"}, status=401)
        if form.get("grant_type") != "client_credentials":
            return web.json_response({"error": "unsupported_grant_type"}, status=400)
        self.tokens_given += 1
        token = f"access-{partner}-{self.tokens_given}"
        self.tokens[token] = time.monotonic() + 3600
        return web.json_response({"access_token": token, "token_type": "Bearer", "expires_in": 3600})

    def _unauthenticated(self, request: web.Request, body: bytes, partner: str) -> str:
        headers, secrets = request.headers, self.secrets
        bearer = headers.get("Authorization", "").removeprefix("Bearer ")
        if partner == "benevity":
            mac = hmac.new(secrets["signing_key"].encode(), body, hashlib.sha256).hexdigest()
            if bearer != secrets["token"]:
                return "wrong token"
            return (
                "" if hmac.compare_digest(headers.get("X-Benevity-Signature", ""), mac) else "wrong signature"
            )
        if partner == "goodera":
            return "" if headers.get("X-API-Key") == secrets["api_key"] else "wrong key"
        if partner == "workday":
            if headers.get("X-Workday-Tenant") != "acme":
                return "wrong tenant"
            return "" if self.tokens.get(bearer, 0) > time.monotonic() else "unknown or expired token"
        if partner == "webhook":
            try:
                Webhook(secrets["signing_key"]).verify(body, dict(headers))
            except WebhookVerificationError:
                return "wrong signature"
            return ""
        return self._wrong_username_token(body)

    def _wrong_username_token(self, body: bytes) -> str:
        root = ElementTree.fromstring(body)  # noqa: S314 our own process wrote it
        found = {element.tag.rpartition("}")[2]: element.text or "" for element in root.iter()}
        nonce, created = base64.b64decode(found.get("Nonce", "")), found.get("Created", "")
        digest = hashlib.sha1(nonce + created.encode() + self.secrets["password"].encode()).digest()  # noqa: S324
        if found.get("Username") != self.secrets["username"]:
            return "unknown user"
        if found.get("Password") != base64.b64encode(digest).decode():
            return "wrong digest"
        if found["Nonce"] in self._nonces:
            return "the nonce was used before"
        self._nonces.add(found["Nonce"])
        return ""

    def _document(self, body: bytes, partner: str) -> dict[str, Any]:
        if partner != "workday_soap":
            found: dict[str, Any] = json.loads(body)
            return found
        root = ElementTree.fromstring(body)  # noqa: S314 our own process wrote it
        operation = next(one for one in root.iter() if one.tag.endswith("Submit_CSR_Impact_Report"))
        tree = _plain(operation)
        for parent, name in (("VolunteeringData", "Activities"), ("ImpactMeasurement", "OutcomeMetrics")):
            part = tree[parent]
            if name in part and not isinstance(part[name], list):
                part[name] = [part[name]] if part[name] else []
        return tree

    def _errors(self, partner: str, document: dict[str, Any]) -> list[str]:
        return [error.message for error in self._schema(partner).iter_errors(document)]

    def _schema(self, partner: str) -> jsonschema.Draft202012Validator:
        if partner not in self._schemas:
            [path] = (PARTNERS / partner).glob("*.schema.json")
            self._schemas[partner] = jsonschema.Draft202012Validator(json.loads(path.read_text()))
        return self._schemas[partner]

    def _in_last_minute(self, partner: str) -> int:
        now = time.monotonic()
        return sum(now - at < 60.0 for at in self.requests[partner])

    async def _state(self, request: web.Request) -> web.Response:
        return web.json_response({
            "accepted": [
                {"partner": one.partner, "key": one.key, "delivery": one.delivery_id,
                "corrects": one.corrects,
                 "times": one.times, "document": one.document}
                for one in self.accepted.values()
            ],
            "outcomes": self.outcomes, "problems": self.problems, "tokens_given": self.tokens_given,
            "requests": {name: len(times) for name, times in self.requests.items()},
            "busiest_minute": {name: self.busiest_minute(name) for name in PATHS},
        })  # fmt: skip

    async def _script_by_hand(self, request: web.Request) -> web.Response:
        order = await request.json()
        try:
            self.misbehave(order["partner"], *order["faults"])
        except (KeyError, ValueError) as error:
            return web.json_response({"error": str(error)}, status=422)
        return web.json_response({"waiting": {name: list(faults) for name, faults in self.script.items()}})

    async def _call_back_by_hand(self, request: web.Request) -> web.Response:
        """Tell our receiver what became of the newest report that a partner holds."""
        order = await request.json()
        held = self.processed(order["partner"])
        if not held:
            return web.json_response({"error": f"{order['partner']} holds no report"}, status=409)
        platform, newest = order["partner"].removesuffix("_soap"), held[-1]
        body = callback(
            platform, order["outcome"], reference=reference_of(newest.partner, newest.key),
            delivery_id=newest.delivery_id, code=order.get("code"),
        )  # fmt: skip
        signed = signature_headers(platform, order["secret"], body, int(time.time()))
        headers = {"Content-Type": "application/json", **signed}
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{order['to']}/v1/webhooks/{platform}", data=body, headers=headers) as answer,
        ):
            return web.json_response({"status": answer.status, "answer": await answer.json()})


def reference_of(partner: str, key: str) -> str:
    """The partner's own id of a report."""
    return f"{partner}-{key[:12]}"


def _plain(element: ElementTree.Element) -> Any:
    children = list(element)
    if not children:
        text = element.text or ""
        return (float(text) if "." in text else int(text)) if re.fullmatch(r"-?\d+(\.\d+)?", text) else text
    found: dict[str, Any] = {}
    for child in children:
        name, value = child.tag.rpartition("}")[2], _plain(child)
        if name in found:
            found[name] = [*(found[name] if isinstance(found[name], list) else [found[name]]), value]
        else:
            found[name] = value
    return found


@asynccontextmanager
async def running(partners: Partners, port: int = 0) -> AsyncIterator[str]:
    """Serve the partners on 127.0.0.1; yields `host:port`."""
    runner = web.AppRunner(partners.application(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port, backlog=1024)
    await site.start()
    host, bound = runner.addresses[0][:2]
    try:
        yield f"{host}:{bound}"
    finally:
        await runner.cleanup()
