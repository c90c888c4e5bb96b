"""Requests nobody should send: the raw bytes of HTTP, from noise to junk that is signed as it should be.

Every request follows from one random generator, so a seed repeats a run.
"""

from __future__ import annotations

import copy
import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from ingest.webhooks.sources import routes
from tests.ingest.senders import signature_headers, standard_headers

LIMIT = 1 << 20  # the largest body the receiver takes


@dataclass(frozen=True)
class Request:
    """Bytes to send on a connection of one's own choosing."""

    name: str  # which idea of this module it comes from
    data: bytes
    has_answer_body: bool = True  # an answer to HEAD has none
    # The receiver may take a part of it for another request, or wait for more: nothing may follow it.
    ends_connection: bool = False
    expects_answer: bool = True


VALID: Mapping[str, dict[str, Any]] = {
    "kintell": {
        "event_type": "session.completed", "session_id": "LS-1", "session_type": "language",
        "participant": {"email": "p@example.org"}, "mentor": {"kintell_id": "k"}, "duration_minutes": 47,
        "scheduled_at": "2025-10-02T16:00:00Z", "completed_at": "2025-10-02T16:47:00Z",
        "updated_at": "2025-10-03T00:00:00Z",
    },
    "buddy": {
        "type": "buddy.checkin.completed", "timestamp": "2025-10-02T16:00:00Z",
        "data": {
            "checkinId": "c", "matchId": "m", "checkinDate": "2025-10-02T16:00:00Z", "mood": "good",
            "questionResponses": {"a": 1, "b": [None, True]},
        },
    },
    "upskilling": {
        "event_type": "course.completed", "timestamp": "2025-10-02T16:00:00Z", "user": {"external_id": "u"},
        "course": {"id": "c", "name": "Course"}, "progress": {"score": 80},
    },
    "discord": {
        "feedback_id": "f", "discord_user_id": "u", "sentiment": "neutral", "message": "ten or more letters",
        "created_at": "2025-10-02T16:00:00Z",
    },
    "benevity": {"event": "delivery.success", "transactionId": "t", "timestamp": 1763028000},
    "goodera": {"event": "data.processed", "batchId": "b", "timestamp": 1763028000},
    "workday": {"event": "activity.created", "activityId": "a", "timestamp": 1763028000},
}  # fmt: skip
_ODD_VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 1e308, 10**30, "", " ", "\x00", "é" * 300, "a@b", "9999-12-31T23:59:59+14:00",
    "0001-01-01T00:00:00-14:00", [], {}, [[]], {"a": {"a": {}}}, "NaN", "x" * 6000,
)  # fmt: skip
_PATHS = tuple(routes())
_ODD_PATHS = (
    "/", "/v1/webhooks", "/v1/webhooks/", "/v1/webhooks/nobody", "//v1/webhooks/kintell",
    "/v1/webhooks/%6bintell", "/v1/webhooks/kintell/..%2fbuddy", "/%00", "/%ff%fe",
    "/v1/webhooks/kintell?a=b&%zz", "/v1/webhooks/kintell#x",
    "*", "http://elsewhere/v1/webhooks/buddy", "/" + "a" * 4000, "/healthz",
)  # fmt: skip
_METHODS = (
    "GET",
    "PUT",
    "DELETE",
    "PATCH",
    "HEAD",
    "OPTIONS",
    "TRACE",
    "PROPFIND",
    "BREW",
    "post",
    "CONNECT",
)
_CONTENT_TYPES = (
    "application/json", "application/json; charset=utf-16", "text/plain", "", "application/json, text/html",
    "multipart/form-data; boundary=x", "application/xml", "APPLICATION/JSON", "application/\xff+json",
)  # fmt: skip
_ENCODINGS = ("gzip", "br", "identity", "deflate, gzip", "\xff")
_SIGNATURE_HEADERS = (
    "x-kintell-signature", "x-buddy-signature", "x-upskilling-signature", "x-discord-signature",
    "x-benevity-signature", "x-goodera-signature", "x-goodera-request-timestamp", "x-workday-signature",
    "x-workday-request-timestamp", "webhook-id", "webhook-timestamp", "webhook-signature", "svix-id",
    "svix-timestamp", "svix-signature", "x-delivery-id",
)  # fmt: skip


_CONTROL = bytes([*range(32), 127])


class Hostile:
    """Makes one request after another. `secrets` are the receiver's, so that junk can be signed."""

    def __init__(self, secrets: Mapping[str, str], seed: int | str) -> None:
        self._secrets = secrets
        self._rng = Random(seed)  # noqa: S311 - repeatable, not secret
        self._recent: list[tuple[str, str, str]] = []
        ideas: Mapping[Callable[[], Request], int] = {
            self.noise: 4,
            self.odd_request: 14,
            self.forged: 28,
            self.signed_junk: 22,
            self.signed_mutation: 18,
            self.signed_valid: 5,
            self.repeated_id: 4,
            self.odd_framing: 4,
            self.odd_sizes: 1,
        }
        self._ideas, self._weights = list(ideas), list(ideas.values())

    def next(self) -> Request:
        [idea] = self._rng.choices(self._ideas, self._weights)
        return idea()

    def noise(self) -> Request:
        """Bytes that are not HTTP, or nearly."""
        rng = self._rng
        start = rng.choice((b"", b"POST ", b"GET / HTTP/9.9\r\n", b"\x16\x03\x01", b"POST / HTTP/1.1\r\nA"))
        data = start + rng.randbytes(rng.randrange(1, 200)) + b"\r\n\r\n"
        return Request("noise", data, ends_connection=True)

    def odd_request(self) -> Request:
        """Good HTTP to a path, with a method or with headers that make no sense."""
        rng = self._rng
        method = rng.choice(_METHODS) if rng.random() < 0.5 else "POST"
        path = rng.choice(_ODD_PATHS) if rng.random() < 0.6 else rng.choice(_PATHS)
        headers = {self._token(): self._value() for _ in range(rng.randrange(8))}
        headers["content-type"] = rng.choice(_CONTENT_TYPES)
        if rng.random() < 0.3:
            headers["content-encoding"] = rng.choice(_ENCODINGS)
        return self._request("odd request", method, path, headers, rng.randbytes(rng.randrange(60)))

    def forged(self) -> Request:
        """A sound webhook with signatures nobody's secret has made."""
        rng = self._rng
        source, path = self._place()
        body = json.dumps(VALID[source]).encode()
        headers = {name: self._signature() for name in rng.sample(_SIGNATURE_HEADERS, rng.randrange(6))}
        if rng.random() < 0.4:
            headers |= signature_headers(source, "wrong", body, self._at())
        return self._request("forged", "POST", path, headers, body)

    def signed_junk(self) -> Request:
        """Rightly signed, and not what anyone agreed on."""
        rng = self._rng
        source, path = self._place()
        body = rng.choice((self._bytes, self._nested, self._random_json))()
        return self._signed("signed junk", source, path, body)

    def signed_mutation(self) -> Request:
        """Rightly signed, and almost what was agreed on."""
        rng = self._rng
        source, path = self._place()
        payload = json.loads(json.dumps(VALID[source]))
        for _ in range(rng.randrange(1, 4)):
            place = payload
            key = rng.choice(list(place))
            while isinstance(place.get(key), dict) and place[key] and rng.random() < 0.7:
                place = place[key]
                key = rng.choice(list(place))
            if rng.random() < 0.2:
                del place[key]
            else:
                place[key] = copy.deepcopy(rng.choice(_ODD_VALUES))
            if not payload:
                break
        body = json.dumps(payload, ensure_ascii=rng.random() < 0.5).encode("utf-8", "replace")
        if rng.random() < 0.3:
            at = rng.randrange(len(body))
            body = body[:at] + rng.randbytes(rng.randrange(3)) + body[at + rng.randrange(3) :]
        return self._signed("signed mutation", source, path, body)

    def signed_valid(self) -> Request:
        source = self._rng.choice(tuple(VALID))
        body = json.dumps({**VALID[source], "note": self._rng.random()}).encode()
        return self._signed("signed and valid", source, f"/v1/webhooks/{source}", body)

    def repeated_id(self) -> Request:
        """An id that was used before, with the same body or another."""
        if not self._recent:
            return self.signed_valid()
        source, id_, text = self._rng.choice(self._recent)
        body = text.encode() if self._rng.random() < 0.5 else text.encode() + b" "
        return self._signed("repeated id", source, f"/v1/webhooks/{source}", body, id_)

    def odd_framing(self) -> Request:
        """Chunks, lengths and expectations, right ones and wrong ones."""
        rng = self._rng
        source, path = self._place()
        body = json.dumps({**VALID[source], "note": rng.random()}).encode()
        headers = self._signed_headers(source, body, str(uuid.UUID(int=rng.getrandbits(128))))
        head = self._head("POST", path, headers)
        chunks, at = [], 0
        while at < len(body):
            size = rng.randrange(1, 100)
            chunk = body[at : at + size]
            chunks.append(b"%x;ext=1\r\n%b\r\n" % (len(chunk), chunk))
            at += size
        chunked = b"".join([b"transfer-encoding: chunked\r\n\r\n", *chunks, b"0\r\n\r\n"])
        whole = b"content-length: %d\r\n\r\n%b" % (len(body), body)
        tail, ends, answers = rng.choice((
            (chunked, False, True),
            (chunked.replace(b";ext=1\r\n", b"\r\n"), False, True),
            (b"expect: 100-continue\r\n" + whole, False, True),
            (b"expect: 200-everything\r\n" + whole, False, True),
            (b"connection: close\r\n" + whole, True, True),
            (b"connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: x\r\n" + whole, True, True),
            (b"transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n" + body, True, True),
            (b"content-length: 3\r\ncontent-length: 4\r\n\r\n" + body, True, True),
            (b"content-length: -1\r\n\r\n" + body, True, True),
            (b"content-length: 99999999999999999999\r\n\r\n" + body, True, True),
            (b"transfer-encoding: chunked\r\n\r\nZZ\r\n" + body, True, True),
            (b"content-length: %d\r\n\r\n%b" % (len(body) // 2, body), True, True),
            (b"content-length: %d\r\n\r\n%b" % (len(body) + 9, body), True, False),  # and hangs up
        ))  # fmt: skip
        return Request("odd framing", head + tail, ends_connection=ends, expects_answer=answers)

    def odd_sizes(self) -> Request:
        """Bodies around the limit and far beyond it, long headers, many headers."""
        rng = self._rng
        source, path = self._place()
        chosen = rng.random()
        if chosen < 0.03:
            size = rng.choice((LIMIT - 1, LIMIT, LIMIT + 1, 3 * LIMIT))
            return self._signed("odd sizes", source, path, b" " * size, ends_connection=size > LIMIT)
        if chosen < 0.5:
            return self._signed("odd sizes", source, path, b'{"a":"' + b"x" * rng.randrange(60_000) + b'"}')
        if chosen < 0.75:
            headers = {rng.choice(_SIGNATURE_HEADERS): "v1," * rng.randrange(20_000)}
        else:
            headers = {f"x-{number}": self._value() for number in range(rng.randrange(150))}
        return self._request("odd sizes", "POST", path, headers, b"{}")

    def _signed(
        self,
        name: str,
        source: str,
        path: str,
        body: bytes,
        id_: str | None = None,
        *,
        ends_connection: bool = False,
    ) -> Request:
        if id_ is None:
            id_ = str(uuid.UUID(int=self._rng.getrandbits(128)))
            if len(body) < 2_000:
                self._recent = [*self._recent[-50:], (source, id_, body.decode("utf-8", "replace"))]
        headers = self._signed_headers(source, body, id_)
        return self._request(name, "POST", path, headers, body, ends_connection=ends_connection)

    def _signed_headers(self, source: str, body: bytes, id_: str) -> dict[str, str]:
        if self._rng.random() < 0.5:
            return standard_headers(self._secrets[source], body, id_, self._at())
        headers = signature_headers(source, self._secrets[source], body, self._at())
        return {**headers, "x-delivery-id": id_}

    def _request(
        self,
        name: str,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        *,
        ends_connection: bool = False,
    ) -> Request:
        length = b"content-length: %d\r\n\r\n" % len(body)
        data = self._head(method, path, headers) + length + body
        return Request(name, data, method != "HEAD", ends_connection or method in ("CONNECT", "BREW", "post"))

    def _head(self, method: str, path: str, headers: Mapping[str, str]) -> bytes:
        if "content-type" not in headers:
            headers = {"content-type": "application/json", **headers}
        lines = [f"{method} {path} HTTP/1.1", "host: here", *(f"{k}: {v}" for k, v in headers.items())]
        return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n"

    def _place(self) -> tuple[str, str]:
        source = self._rng.choice(tuple(VALID))
        if self._rng.random() < 0.6:
            return source, f"/v1/webhooks/{source}"
        path = self._rng.choice(_PATHS)
        return routes_source(path), path

    def _at(self) -> int:
        return int(time.time())

    def _token(self) -> str:
        return "x-" + "".join(
            self._rng.choices("abcdefghij-_!#$%&'*+.^`|~0123456789", k=self._rng.randrange(1, 20))
        )

    def _value(self) -> str:
        # Mostly what HTTP allows, so that it reaches the receiver's own code; sometimes control characters.
        forbidden = b"\r\n\x00" if self._rng.random() < 0.05 else _CONTROL
        return (
            self._rng.randbytes(self._rng.randrange(60)).translate(None, forbidden).decode("latin-1").strip()
        )

    def _signature(self) -> str:
        rng, now = self._rng, self._at()
        digest = rng.randbytes(32).hex()
        return rng.choice((
            f"t={now},v1={digest}", f"t={now - 301},v1={digest}", f"t={now}.5,v1={digest}", f"t=,v1={digest}",
            f"sha256={digest}", digest, "sha256=", f"v1,{digest[:43]}=", "v1,", str(now), f"{now}.0", "1e9",
            "v1a,x v1,y", self._value(), "=" * 50, f"t={now}" + f",v1={digest}" * 12,
        ))  # fmt: skip

    def _bytes(self) -> bytes:
        return self._rng.randbytes(self._rng.randrange(200))

    def _nested(self) -> bytes:
        opening = self._rng.choice((b"[", b'{"a":', b'{"data":{"a":['))
        return opening * self._rng.choice((5, 500, 3_000))

    def _random_json(self, depth: int = 0) -> bytes:
        rng = self._rng

        def value(depth: int) -> Any:
            if depth > 3 or rng.random() < 0.6:
                return rng.choice(_ODD_VALUES)
            if rng.random() < 0.5:
                return [value(depth + 1) for _ in range(rng.randrange(4))]
            keys = (
                "type",
                "event_type",
                "eventType",
                "event",
                "data",
                "timestamp",
                "participant",
                "\x00",
                "",
            )
            return {rng.choice(keys): value(depth + 1) for _ in range(rng.randrange(6))}

        return json.dumps(value(depth)).encode()


def routes_source(path: str) -> str:
    return _SOURCE_OF_PATH[path]


_SOURCE_OF_PATH = {path: route.source.name for path, route in routes().items()}
