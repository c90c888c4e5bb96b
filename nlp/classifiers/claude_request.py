"""What is asked of Claude: the shape of a request, and an upper bound of its length."""

from __future__ import annotations

import json
from typing import Any, Literal

from nlp.labels import CHANGES, COMFORTS, CUES, SIGNALS, TOPICS
from nlp.prompts import Prompt

COMFORT = "language_comfort"
EVIDENCE_LABELS = (*CHANGES, COMFORT, *SIGNALS, *CUES, *TOPICS)
# `networking` is a signal and a topic; evidence for one is evidence for the other.
_EVIDENCE_NAMES = sorted(set(EVIDENCE_LABELS))
MAX_TOKENS = 4096

CacheTtl = Literal["5m", "1h"]
# What the provider adds around a request: roles, and an instruction about the schema.
_AROUND_TOKENS = 600


def answer_schema() -> dict[str, Any]:
    """The JSON schema that the provider holds the answer to, derived from the labels."""
    properties: dict[str, Any] = {
        **{change: {"type": "boolean"} for change in CHANGES},
        COMFORT: {"type": "string", "enum": [*COMFORTS, "not_stated"]},
        "employability_signals": {"type": "array", "items": {"type": "string", "enum": list(SIGNALS)}},
        "risk_cues": {"type": "array", "items": {"type": "string", "enum": list(CUES)}},
        "topics": {"type": "array", "items": {"type": "string", "enum": list(TOPICS)}},
        "evidence": {
            "type": "array",
            "items": _object(
                {
                    "label": {"type": "string", "enum": _EVIDENCE_NAMES},
                    "snippet": {"type": "string"},
                    "reasoning": {"type": "string"},
                }
            ),
        },
        "certainty": {
            "type": "array",
            "items": _object(
                {"label": {"type": "string", "enum": _EVIDENCE_NAMES}, "value": {"type": "number"}}
            ),
        },
    }
    return _object(properties)


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def message_params(
    model: str, prompt: Prompt, content: str, *, cache_ttl: CacheTtl = "5m", max_tokens: int = MAX_TOKENS
) -> dict[str, Any]:
    """The parameters of one request.

    The text goes as a string inside a JSON object, in the user's turn alone: no quotation mark or tag in it
    can end the string, so nothing in it is ever part of what we say ourselves. There is no temperature to
    set: this API no longer has one.
    """
    return {
        **counted_params(model, prompt, content, cache_ttl=cache_ttl),
        "max_tokens": max_tokens,
        "service_tier": "standard_only",  # priority capacity has other prices
    }


def counted_params(model: str, prompt: Prompt, content: str, *, cache_ttl: CacheTtl = "5m") -> dict[str, Any]:
    """The part of a request that is input, as counting tokens takes it."""
    cache = {"type": "ephemeral", "ttl": cache_ttl}
    data = json.dumps({"language": prompt.language, "text": content}, ensure_ascii=False)
    return {
        "model": model,
        "system": [{"type": "text", "text": prompt.system, "cache_control": cache}],
        "messages": [{"role": "user", "content": data}],
        "output_config": {"format": {"type": "json_schema", "schema": answer_schema()}, "effort": "low"},
    }


def most_tokens_of(params: dict[str, Any]) -> int:
    """An upper bound without asking anybody: no token is shorter than a byte."""
    sent = {name: params[name] for name in ("system", "messages", "output_config")}
    return len(json.dumps(sent, ensure_ascii=False).encode()) + _AROUND_TOKENS


def most_tokens_of_text(content: str) -> int:
    """The same for the text alone, as it stands inside its JSON string."""
    return len(json.dumps(content, ensure_ascii=False).encode())
