"""Requests that nobody would write, to every operation of a real API: `python -m tests.api.fuzz --cases 10000`.

Starts stores and an API of its own on free ports, with two companies that have figures, and lets schemathesis ask:
with the examples of the description, at the edges of each schema, at random, and in chains of requests. Fails on a
5xx, on a status, header or body that the description does not have, on a lax check of what is sent, and on
an answer without a credential. With `--report` it writes docs/reports/api_fuzz.{md,json}.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from ingest.api_keys import Role, create_key
from ingest.stores import postgres_connection
from orchestration.stack import preparation
from tests.benchmarks.ingest import running_stores
from tests.serving.figures import DATABASE, Marts
from tests.serving.running import OURS, THEIR_SEED, THEIRS, Api, running_api, wait_until_ready

REPORT = Path(__file__).parents[2] / "docs" / "reports" / "api_fuzz"
PHASES = ("examples", "coverage", "fuzzing", "stateful")
ROLES: tuple[tuple[Role, bool], ...] = (("company_admin", True), ("system_admin", False))
