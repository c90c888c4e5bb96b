"""Requests that nobody would write, to every operation of a real API: `python -m tests.api.fuzz --cases 10000`.

Starts stores and an API of its own on free ports, with two companies that have figures, and lets schemathesis ask:
with the examples of the description, at the edges of each schema, at random, and in chains of requests. Fails on a
5xx, on a status, header or body that the description does not have, on a lax check of what is sent, and on
an answer without a credential. With `--report` it writes docs/reports/api_fuzz.{md,json}.
"""

from __future__ import annotations

from pathlib import Path

from ingest.api_keys import Role

REPORT = Path(__file__).parents[2] / "docs" / "reports" / "api_fuzz"
PHASES = ("examples", "coverage", "fuzzing", "stateful")
ROLES: tuple[tuple[Role, bool], ...] = (("company_admin", True), ("system_admin", False))
