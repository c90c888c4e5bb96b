"""The receiver as a plain ASGI application: one coroutine per request, nothing between it and the server.

A framework's routing and validation would cost three times the work of the request itself.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from ingest.webhooks import metrics
from ingest.webhooks.answers import Answer, answer_of, json_answer, problem
from ingest.webhooks.contracts import problems_in
from ingest.webhooks.inbox import Delivery, Inbox, InboxOverloaded, InboxUnavailable
from ingest.webhooks.sources import Route, routes
from ingest.webhooks.signatures import Verdict

type_headers = 0
