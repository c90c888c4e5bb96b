"""What the fake does, what it has seen and what it has sold."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from typing import Any

import jsonschema

from tests.spend.fake_anthropic.labellers import Labeller, honest
from tests.spend.fake_anthropic.selling import Sale, price, tokens, usage_of


@dataclass(frozen=True)
class Trouble:
    """What becomes of one request for a message instead of an answer."""

    status: int | None = None
    error_type: str = "api_error"
    headers: dict[str, str] = field(default_factory=dict)
    does: str = "refuse"  # or: reset, hang, garbage, prose, break_off


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
