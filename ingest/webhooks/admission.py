"""Whether a request is taken: judged from its headers and body alone, before anything is stored."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import NamedTuple

import msgspec

from ingest.webhooks import answers
from ingest.webhooks.answers import Answer
from ingest.webhooks.contracts import FieldProblem, problems_in
from ingest.webhooks.inbox import Delivery
from ingest.webhooks.limits import TokenBucket
from ingest.webhooks.schemes import DELIVERY_ID, Scheme
from ingest.webhooks.secrets import SecretBook, how_to_set
from ingest.webhooks.signatures import TOLERANCE_S, Claim, Verdict, judge
from ingest.webhooks.sources import UNKNOWN_KIND, Route, Source

LARGEST_BODY = 1 << 20

Headers = Mapping[bytes, bytes]

_JSON = re.compile(rb"application/(?:[a-z0-9.+-]+\+)?json\s*(?:;.*)?", re.IGNORECASE)
_MOST_PROBLEMS_SHOWN = 50
_LONGEST_PROBLEM = 5_000


class Admitted(NamedTuple):
    """An authentic request. With `problems` it is only kept, and its sender hears of them."""

    delivery: Delivery
    problems: Sequence[FieldProblem]


class Admission:
    """Says of each request whether it is authentic and what it holds.

    `limits` are the most deliveries per second of each source, `clock` tells unix seconds.
    """

    def __init__(
        self, secrets: SecretBook, limits: Mapping[str, float], clock: Callable[[], float] = time.time
    ) -> None:
        self._secrets = secrets
        self._buckets = {source: TokenBucket(per_second) for source, per_second in limits.items()}
        self._clock = clock

    def refusal_of_head(self, route: Route, method: str, headers: Headers) -> Answer | None:
        """The answer to a request whose body need not be read; None for the others."""
        if method != "POST":
            return answers.METHOD_NOT_ALLOWED
        if not self._secrets.active(route.source.name, self._clock()).ids:
            return self._no_secret(route.source)
        content_type = headers.get(b"content-type", b"")
        if content_type != b"application/json" and not _JSON.fullmatch(content_type):
            return answers.WRONG_CONTENT_TYPE
        return answers.WRONG_CONTENT_TYPE if b"content-encoding" in headers else None

    def judge(self, route: Route, headers: Headers, body: bytes) -> Admitted | Answer:
        """What a whole request brings, or why it is refused."""
        source, now = route.source, self._clock()
        active = self._secrets.active(source.name, now)
        scheme = source.scheme_of(headers)
        claim = scheme.read(headers)
        if isinstance(claim, Verdict):
            return _unauthorized(scheme, claim)
        verdict, key = judge(claim, body, keys=scheme.keys(active.keys), now=int(now))
        if key is None:
            return _unauthorized(scheme, verdict)
        # Only an authentic sender learns anything about ids and bodies, and only it can use up its allowance.
        self._secrets.note_use(active.ids[key])
        if self._buckets[source.name].wait_s(time.monotonic()):
            return answers.RATE_LIMITED
        delivery_id = _delivery_id(source, claim, headers, body)
        if delivery_id is None:
            return answers.BAD_DELIVERY_ID
        kind, problems = _kind_and_problems(route, body)
        delivery = Delivery(
            source=source.name,
            kind=kind,
            delivery_id=delivery_id,
            headers=msgspec.json.encode(_kept(headers, source.kept_headers)).decode(),
            body=body,
            problem="; ".join(map(str, problems))[:_LONGEST_PROBLEM] if problems else None,
            body_sha256=hashlib.sha256(body).digest(),
        )
        return Admitted(delivery, problems)

    def _no_secret(self, source: Source) -> Answer:
        if not self._secrets.is_loaded:
            return answers.SECRETS_UNKNOWN
        return answers.unavailable(
            "no_secret",
            f"This receiver has no secret for {source.name}. Its operator can {how_to_set(source.name)}.",
        )


def too_large() -> Answer:
    return answers.problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body_too_large",
        f"A body has at most {LARGEST_BODY} bytes.", headers=[(b"connection", b"close")],
    )  # fmt: skip


def broken_contract(problems: Sequence[FieldProblem]) -> Answer:
    return answers.problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, "schema",
        "The body does not keep its contract. Correct it and send it again; the delivery id may stay.",
        fields=problems[:_MOST_PROBLEMS_SHOWN],
    )  # fmt: skip


def _delivery_id(source: Source, claim: Claim, headers: Headers, body: bytes) -> str | None:
    """The id by which copies of this delivery are recognised; None if the sender has to name one."""
    if claim.delivery_id is not None:
        return claim.delivery_id.decode("ascii")
    if source.delivery_id_header is None:
        return f"body-{hashlib.sha256(body).hexdigest()}"
    given = headers.get(source.delivery_id_header, b"")
    return given.decode("ascii") if DELIVERY_ID.fullmatch(given) else None


def _kind_and_problems(route: Route, body: bytes) -> tuple[str, list[FieldProblem]]:
    source = route.source
    if route.kind is None:
        kind = source.kind_of(body)
    else:
        kind = source.kind_on_path(route.kind, body) if source.kind_on_path else route.kind
    if isinstance(kind, FieldProblem):
        return UNKNOWN_KIND, [kind]
    return kind, problems_in(body, source.decoders[kind])


def _unauthorized(scheme: Scheme, verdict: Verdict) -> Answer:
    header = scheme.headers[0].decode("ascii").title()
    others = " and ".join(name.decode("ascii").title() for name in scheme.headers[1:])
    why = {
        Verdict.MISSING: f"{header} is missing" + (f", or {others}." if others else "."),
        Verdict.MALFORMED: f"{header} is not of the form {scheme.form}"
        + (f", or {others} is not what it should be." if others else "."),
        Verdict.STALE: f"The signed time is more than {TOLERANCE_S} s from now."
        " Sign when sending, by a right clock.",
        Verdict.MISMATCH: f"No signature matches. Take HMAC-SHA256 of {scheme.signs} with our secret.",
    }
    return answers.problem(HTTPStatus.UNAUTHORIZED, f"signature_{verdict}", why[verdict])


def _kept(headers: Headers, names: Mapping[bytes, str]) -> dict[str, str]:
    # A request has fewer headers than there are names to keep.
    return {text: _printable(value) for name, value in headers.items() if (text := names.get(name))}


def _printable(value: bytes) -> str:
    # Postgres refuses some control characters, and one header would spoil a whole group.
    text = value.decode("latin-1")[:1000]
    return text if text.isprintable() else "".join(filter(str.isprintable, text))
