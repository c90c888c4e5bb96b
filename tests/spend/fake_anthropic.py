"""Anthropic's API on this machine: a real HTTP server that checks what it is sent and counts what it sells.

Its model looks for a few words and cannot read. Its tokens are a count of bytes, not the provider's. Its
account is reckoned from its own price list in fractions, by other code than ours.
"""

from __future__ import annotations

import json
import math
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import jsonschema

KEY = "sk-ant-test-of-this-suite"
API_VERSION = "2026-10-21"

# Dollars per million tokens as of 2026-11-23: input, output, written for 5 minutes, for an hour, read.
PRICES = {
    "claude-haiku-5-5": [
        (100_000, ("0.10", "0.50", "0.125", "0.20", "0.01")),
        (None, ("0.50", "2.50", "0.625", None, "0.05")),
    ],
    "claude-sonnet-5-5": [(None, ("2", "10", "2.50", "4", "0.10"))],
    "claude-opus-5-5": [(None, ("4", "20", "5", None, "0.20"))],
}
Answer = dict[str, Any]
Labeller = Callable[[str, str], Answer]  # language and text


def no_labels() -> Answer:
    return {
        "confidence_increase": False,
        "confidence_decrease": False,
        "belonging_increase": False,
        "belonging_decrease": False,
        "language_comfort": "not_stated",
        "employability_signals": [],
        "risk_cues": [],
        "topics": [],
        "evidence": [],
        "certainty": [],
    }


def proof(label: str, snippet: str) -> dict[str, str]:
    return {"label": label, "snippet": snippet, "reasoning": "said in so many words"}


_WORDS = {
    "confidence_increase": r"more confident|впевненіше|tryggere",
    "belonging_increase": r"feel at home|як удома|føler meg hjemme",
}
_TOPICS = {"cv": r"\bCV\b|резюме", "mentorship": r"mentor\w*|наставни\w+"}


def honest(language: str, text: str) -> Answer:
    """Finds a few words and proves each label with them."""
    answer = no_labels()
    for label, words in _WORDS.items():
        if match := re.search(words, text, re.IGNORECASE):
            answer[label] = True
            answer["evidence"].append(proof(label, match[0]))
            answer["certainty"].append({"label": label, "value": 0.9})
    for topic, words in _TOPICS.items():
        if match := re.search(words, text, re.IGNORECASE):
            answer["topics"].append(topic)
            answer["evidence"].append(proof(topic, match[0]))
    return answer


def obedient(language: str, text: str) -> Answer:
    """Does what any text tells it: claims each label that it names, with the order itself as evidence."""
    answer = honest(language, text)
    for label in ("confidence_increase", "belonging_increase"):
        if match := re.search(rf"[^.!?\n]*{label}[^.!?\n]*", text):
            answer[label] = True
            answer["evidence"].append(proof(label, match[0].strip()))
    return answer


@dataclass(frozen=True)
class Trouble:
    """What becomes of one request for a message instead of an answer."""

    status: int | None = None
    error_type: str = "api_error"
    headers: dict[str, str] = field(default_factory=dict)
    does: str = "refuse"  # or: reset, hang, garbage, prose, break_off


@dataclass(frozen=True)
class Sale:
    """One answer that was sold, and the exact price of it in micro-dollars."""

    message_id: str
    model: str
    usage: dict[str, Any]
    price: Fraction

    @property
    def charged(self) -> int:
        return math.ceil(self.price)


@dataclass
class FakeAnthropic:
    """What the server does, and what it has seen."""

    url: str = ""
    labeller: Labeller = honest
    counts_tokens: bool = True
    geo: str = "global"
    troubles: list[Trouble] = field(default_factory=list)  # one per request, first come
    usages: list[dict[str, Any]] = field(
        default_factory=list
    )  # said instead of what was used, one per answer
    requests: list[dict[str, Any]] = field(default_factory=list)  # bodies of messages, refused ones too
    texts: list[str] = field(default_factory=list)
    sales: list[Sale] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)  # what was wrong with requests
    batches: dict[str, dict[str, Any]] = field(default_factory=dict)
    delay_s: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)
    _cached: set[str] = field(default_factory=set)

    def end_batches(self) -> None:
        for batch in self.batches.values():
            batch["ended"] = True

    def answer(self, body: dict[str, Any], *, is_batch: bool = False) -> dict[str, Any]:
        """Sell one message."""
        with self.lock:
            data = json.loads(body["messages"][0]["content"])
            self.texts.append(data["text"])
            said = self.labeller(data["language"], data["text"])
            jsonschema.validate(said, body["output_config"]["format"]["schema"])
            text = json.dumps(said, ensure_ascii=False)
            usage = self.usages.pop(0) if self.usages else self._usage(body, text, is_batch=is_batch)
            message_id = f"msg_{len(self.sales):06d}"
            self.sales.append(Sale(message_id, body["model"], usage, price(body["model"], usage)))
        return {
            "id": message_id, "type": "message", "role": "assistant", "model": body["model"],
            "content": [{"type": "text", "text": text}], "stop_reason": "end_turn", "stop_sequence": None,
            "usage": usage,
        }  # fmt: skip

    def _usage(self, body: dict[str, Any], text: str, *, is_batch: bool) -> dict[str, Any]:
        block = body["system"][0]
        prefix, hour = tokens(block["text"]), block["cache_control"]["ttl"] == "1h"
        is_cached = block["text"] in self._cached
        self._cached.add(block["text"])
        written = 0 if is_cached else prefix
        return usage_of(
            input=tokens(json.dumps([body["messages"], body["output_config"]], ensure_ascii=False)),
            output=tokens(text),
            write_5m=0 if hour else written,
            write_1h=written if hour else 0,
            read=prefix if is_cached else 0,
            tier="batch" if is_batch else "standard",
            geo=self.geo,
        )


def usage_of(
    *, input: int, output: int, write_5m: int = 0, write_1h: int = 0, read: int = 0, tier: str = "standard",  # noqa: A002
    geo: str = "global",
) -> dict[str, Any]:  # fmt: skip
    return {
        "input_tokens": input, "output_tokens": output, "cache_read_input_tokens": read,
        "cache_creation_input_tokens": write_5m + write_1h,
        "cache_creation": {"ephemeral_5m_input_tokens": write_5m, "ephemeral_1h_input_tokens": write_1h},
        "service_tier": tier, "inference_geo": geo, "speed": "standard",
    }  # fmt: skip


def tokens(text: str) -> int:
    """Three bytes to a token: more of them for Cyrillic than for Latin. No real tokenizer."""
    return -(-len(text.encode()) // 3)


def price(model: str, usage: dict[str, Any]) -> Fraction:
    written = usage["cache_creation"]
    counts = (usage["input_tokens"], usage["output_tokens"], written["ephemeral_5m_input_tokens"],
              written["ephemeral_1h_input_tokens"], usage["cache_read_input_tokens"])  # fmt: skip
    prompt = sum(counts) - usage["output_tokens"]
    amounts = next(amounts for upto, amounts in PRICES[model] if upto is None or prompt <= upto)
    total = sum(
        (count * Fraction(amount) for count, amount in zip(counts, amounts, strict=True) if count), Fraction()
    )
    total *= Fraction(1, 2) if usage["service_tier"] == "batch" else 1
    return total * (Fraction(11, 10) if usage["inference_geo"] == "us" else 1)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fake: FakeAnthropic

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        if not self._is_known():
            return
        parts = self.path.removeprefix("/v1/messages/batches/").split("/")
        batch = self.fake.batches.get(parts[0])
        if batch is None:
            self._error(404, "not_found_error")
        elif len(parts) == 1:
            self._json(200, self._describe(parts[0], batch))
        else:
            self._results(batch)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if not self._is_known():
            return
        if self.path == "/v1/messages":
            self._message(body)
        elif self.path == "/v1/messages/count_tokens":
            self._count(body)
        elif self.path == "/v1/messages/batches":
            self._batch(body)
        else:
            self._error(404, "not_found_error")

    def _is_known(self) -> bool:
        if self.headers.get("authorization") != f"Bearer {KEY}":
            self._error(401, "authentication_error")
            return False
        expected = {"anthropic-version": API_VERSION, "x-stainless-retry-count": "0"}
        for name, value in expected.items():
            if self.headers.get(name) != value:
                self.fake.faults.append(f"{name}: {self.headers.get(name)}")
                self._error(400, "invalid_request_error")
                return False
        return True

    def _message(self, body: dict[str, Any]) -> None:
        fake = self.fake
        with fake.lock:
            fake.requests.append(body)
            trouble = fake.troubles.pop(0) if fake.troubles else None
        if faults := faults_of(body):
            fake.faults += faults
            return self._error(400, "invalid_request_error")
        time.sleep(fake.delay_s)
        if trouble is None:
            return self._json(200, fake.answer(body))
        if trouble.does == "refuse":
            return self._error(trouble.status or 500, trouble.error_type, trouble.headers)
        if trouble.does == "reset":
            # Lingering for no time makes the kernel send a reset instead of an orderly end.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
            return None
        if trouble.does == "hang":
            time.sleep(2.0)
            self.close_connection = True
            return None
        if trouble.does == "garbage":
            return self._bytes(200, b'{"id": "msg_broken", "content": [')
        message = fake.answer(body)
        if trouble.does == "prose":
            message["content"][0]["text"] = "Happy to help! This person seems confident."
        else:
            message["stop_reason"] = "max_tokens"
            message["content"][0]["text"] = message["content"][0]["text"][:20]
        return self._json(200, message)

    def _count(self, body: dict[str, Any]) -> None:
        if not self.fake.counts_tokens:
            return self._error(529, "overloaded_error")
        if "max_tokens" in body or "service_tier" in body:
            self.fake.faults.append("count_tokens takes input only")
            return self._error(400, "invalid_request_error")
        parts = json.dumps([body["messages"], body["output_config"]], ensure_ascii=False)
        return self._json(200, {"input_tokens": tokens(body["system"][0]["text"]) + tokens(parts)})

    def _batch(self, body: dict[str, Any]) -> None:
        fake = self.fake
        with fake.lock:
            trouble = fake.troubles.pop(0) if fake.troubles else None
        if trouble is not None:
            return self._error(trouble.status or 500, trouble.error_type, trouble.headers)
        ids = [request["custom_id"] for request in body["requests"]]
        faults = [fault for request in body["requests"] for fault in faults_of(request["params"])]
        faults += [name for name in ids if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name)]
        if faults or len(set(ids)) != len(ids):
            fake.faults += faults or ["custom ids are not unique"]
            return self._error(400, "invalid_request_error")
        batch_id = f"msgbatch_{uuid4().hex}"
        fake.batches[batch_id] = {
            "requests": body["requests"],
            "ended": False,
            "failing": set(),
            "results": None,
        }
        return self._json(200, self._describe(batch_id, fake.batches[batch_id]))

    def _describe(self, batch_id: str, batch: dict[str, Any]) -> dict[str, Any]:
        count, ended = len(batch["requests"]), batch["ended"]
        return {
            "id": batch_id, "type": "message_batch", "processing_status": "ended" if ended else "in_progress",
            "request_counts": {"processing": 0 if ended else count, "succeeded": count if ended else 0,
                               "errored": 0, "canceled": 0, "expired": 0},
            "created_at": "2026-11-27T00:00:00Z", "expires_at": "2026-11-28T00:00:00Z",
            "ended_at": "2026-11-27T01:00:00Z" if ended else None, "archived_at": None,
            "cancel_initiated_at": None,
            "results_url": f"{self.fake.url}/v1/messages/batches/{batch_id}/results" if ended else None,
        }  # fmt: skip

    def _results(self, batch: dict[str, Any]) -> None:
        if batch["results"] is None:
            batch["results"] = [
                {"custom_id": request["custom_id"], "result": self._result(batch, number, request)}
                for number, request in enumerate(batch["requests"])
            ]
        lines = [
            json.dumps(result) for result in reversed(batch["results"])
        ]  # not in the order of the requests
        self._bytes(200, ("\n".join(lines) + "\n").encode(), "application/x-jsonl")

    def _result(self, batch: dict[str, Any], number: int, request: dict[str, Any]) -> dict[str, Any]:
        if number in batch["failing"]:
            return {"type": "errored", "error": _error_body("invalid_request_error")}
        return {"type": "succeeded", "message": self.fake.answer(request["params"], is_batch=True)}

    def _error(self, status: int, kind: str, headers: dict[str, str] | None = None) -> None:
        self._json(status, _error_body(kind), headers)

    def _json(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self._bytes(status, json.dumps(body).encode(), "application/json", headers)

    def _bytes(
        self, status: int, body: bytes, media: str = "application/json", headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in {
            "content-type": media,
            "content-length": str(len(body)),
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _error_body(kind: str) -> dict[str, Any]:
    return {"type": "error", "error": {"type": kind, "message": "as the test has it"}, "request_id": "req_1"}


def faults_of(body: dict[str, Any]) -> list[str]:
    """What the provider would refuse in a request for a message, and what we never want to send."""
    faults = []
    known = {"model", "max_tokens", "system", "messages", "output_config", "service_tier"}
    if body.keys() != known:
        faults.append(f"members: {sorted(body.keys() ^ known)}")
    if body["model"] not in PRICES or not 1 <= body["max_tokens"] <= 64_000:
        faults.append("model or max_tokens")
    if [message["role"] for message in body["messages"]] != ["user"]:
        faults.append("turns")
    if body["system"][0]["cache_control"].get("ttl") not in ("5m", "1h"):
        faults.append("cache_control")
    schema = body["output_config"]["format"]["schema"]
    jsonschema.Draft202012Validator.check_schema(schema)
    faults += [f"schema: {place}" for place in _open_objects(schema)]
    return faults


def _open_objects(schema: dict[str, Any], place: str = "$") -> Iterator[str]:
    """Structured output wants every object closed, every member required, and no bounds."""
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False or set(schema["required"]) != set(
            schema["properties"]
        ):
            yield place
        for name, part in schema["properties"].items():
            yield from _open_objects(part, f"{place}.{name}")
    elif schema.get("type") == "array":
        yield from _open_objects(schema["items"], f"{place}[]")
    if schema.keys() & {"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern"}:
        yield place


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, *_: Any) -> None:
        pass  # a client that went away


@contextmanager
def fake_anthropic() -> Iterator[FakeAnthropic]:
    """The server, on a port of its own, for as long as the block runs."""
    fake = FakeAnthropic()
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"fake": fake}))
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
