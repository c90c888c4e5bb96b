"""OpenAPI of what the processes without an API of their own answer: worker, gate and journey engine."""

from __future__ import annotations

from typing import Any

from ingest.worker.supervision import RUNNING


def describe(name: str, title: str, port: int) -> dict[str, Any]:
    """The description of `ingest/worker/http.py` as the process called `name` runs it."""
    health = {
        "type": "object",
        "required": ["status", "parts"],
        "properties": {
            "status": {"enum": ["ok", "degraded"]},
            "parts": {
                "type": "object",
                "additionalProperties": {"type": "string"},
                "description": f"What each part is doing: `{RUNNING}`, or what it waits for.",
            },
        },
    }
    example = {"status": "ok", "parts": {name: RUNNING}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": "1",
            "description": "Health and counters; nothing else is asked here.",
        },
        "servers": [{"url": f"http://127.0.0.1:{port}", "description": f"The process `{name}`"}],
        "tags": [{"name": "platform", "description": "For whoever runs the processes."}],
        "paths": {
            "/healthz": {
                "get": {
                    "operationId": f"{name}_getHealth",
                    "tags": ["platform"],
                    "summary": "The process lives, and what each of its parts is doing.",
                    "responses": {
                        "200": {
                            "description": "Also while a store is away: a restart would not help.",
                            "content": {"application/json": {"schema": health, "example": example}},
                        }
                    },
                }
            },
            "/metrics": {
                "get": {
                    "operationId": f"{name}_getMetrics",
                    "tags": ["platform"],
                    "summary": "Counters of this process, for Prometheus.",
                    "responses": {"200": {"description": "Prometheus text.", "content": {"text/plain": {}}}},
                }
            },
        },
        "components": {"schemas": {}},
    }
