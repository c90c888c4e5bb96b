"""Prometheus beside the running platform reads every process, and can answer every panel and alert."""

from __future__ import annotations

import re
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import yaml

from ingest.webhooks.sample import send_sample
from orchestration.stack import monitoring
from orchestration.stack import platform as stack
from orchestration.stack.layout import HOST, Layout
from orchestration.stack.status import status
from tests.monitoring.promql import metrics_of, panel_queries

pytestmark = pytest.mark.skipif(
    shutil.which("prometheus") is None, reason="no Prometheus here: `apt-get install prometheus` brings it"
)
PATIENCE_S = 180
PROCESSES = {"receiver", "worker", "gate", "journey", "api", "monitor", "prometheus"}
# What operators of programmes like ours know, by the names they know.
PROMISED = {
    "q2q_requests_total", "q2q_cost_dollars_total", "q2q_tokens_total", "ai_tokens_used_total",
    "ai_cost_dollars_total", "ai_budget_remaining_dollars", "ai_budget_limit_dollars", "ai_requests_total",
    "ai_request_duration_seconds", "ai_budget_alerts_total", "webhook_received_total",
    "webhook_processed_total", "webhook_failed_total", "webhook_retried_total",
    "webhook_dead_lettered_total", "impact_in_deliveries_total", "impact_in_delivery_duration_seconds",
    "impact_in_failures_total", "sse_connections", "sse_connections_total", "dsar_requests_total",
    "dsar_processing_duration_seconds", "consent_updates_total", "retention_cleanup_removed_total",
    "retention_cleanup_left_rows", "retention_cleanup_timestamp_seconds",
}  # fmt: skip
WITH_DATA = {
    "platform_part_healthy", "platform_part_memory_bytes", "platform_part_cpu_seconds_total",
    "platform_disk_free_bytes", "postgres_connections", "jetstream_stream_messages",
    "jetstream_consumer_pending", "clickhouse_queries", "clickhouse_rows", "dagster_daemon_silent_seconds",
    "dagster_runs_last_hour", "warehouse_lag_seconds", "webhook_received_total", "webhook_waiting",
    "events_loaded_total", "http_requests_total", "http_request_duration_seconds_bucket",
    "safety_screening_delay_seconds_bucket", "journey_evaluated_people_total",
    "webhook_inbox_commit_seconds_bucket",
}  # fmt: skip
# Labels with a value for each company: the first thousand that cost money, and no others.
BY_COMPANY = re.compile(r"(ai|q2q)_")
IDENTIFYING = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-|@|[0-9a-f]{24}")
MOST_SERIES = 1500  # of one metric of one process: routes by buckets are the most


@pytest.fixture(scope="module")
def prometheus(platform: Layout) -> Iterator[httpx.Client]:
    """Started as `impact up --with-monitoring` does it beside a platform that runs; read every second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(monitoring, "SCRAPE_S", 1)
        before = {part.name: part.pid for part in status(platform).parts}
        stack.up(platform, print, with_monitoring=True)
    assert before.items() <= {part.name: part.pid for part in status(platform).parts}.items(), (
        "it left none alone"
    )
    environment = platform.environment()
    send_sample(environment["IMPACT_WEBHOOK_URL"], environment["IMPACT_WEBHOOK_SECRET_KINTELL"])
    with httpx.Client(base_url=f"http://{HOST}:{platform.ports.prometheus}", trust_env=False) as client:
        until = time.monotonic() + PATIENCE_S
        while missing := WITH_DATA - set(_ask(client, "label/__name__/values")):
            assert time.monotonic() < until, f"nothing was read of {sorted(missing)}"
            time.sleep(0.5)
        yield client


def _ask(client: httpx.Client, path: str, **parameters: Any) -> Any:
    answer = client.get(f"/api/v1/{path}", params=parameters).json()
    assert answer["status"] == "success", (path, parameters, answer)
    return answer["data"]


def test_every_process_is_read(prometheus: httpx.Client, platform: Layout) -> None:
    targets = _ask(prometheus, "targets")["activeTargets"]
    assert {target["labels"]["job"]: target["lastError"] for target in targets} == dict.fromkeys(
        PROCESSES, ""
    )
    assert {"monitor", "prometheus"} <= {part.name for part in status(platform).parts if part.is_healthy}


def test_what_is_promised_is_exported(prometheus: httpx.Client) -> None:
    assert _exported(prometheus) >= PROMISED


def test_every_panel_asks_what_is_exported(prometheus: httpx.Client) -> None:
    exported = _with_parts(_exported(prometheus))
    asked = list(panel_queries())
    assert len(asked) > 80
    for place, query in asked:
        _ask(prometheus, "query", query=query)  # fails for what is no PromQL
        assert metrics_of(query) <= exported, (place, metrics_of(query) - exported)


def test_every_alert_judges_what_is_exported(prometheus: httpx.Client) -> None:
    rules = [rule for group in _ask(prometheus, "rules")["groups"] for rule in group["rules"]]
    content = yaml.safe_load(monitoring.ALERTS.read_text("utf-8"))
    assert len(rules) == sum(len(group["rules"]) for group in content["groups"])
    exported = _with_parts(_exported(prometheus)) | {"up"}
    for rule in rules:
        assert metrics_of(rule["query"]) <= exported, (rule["name"], metrics_of(rule["query"]) - exported)
    assert [(rule["name"], rule["lastError"]) for rule in rules if rule.get("lastError")] == []


def test_labels_are_few_and_name_nobody(prometheus: httpx.Client) -> None:
    series = _ask(prometheus, "series", **{"match[]": '{job=~".+", job!="prometheus"}'})
    counts = Counter((one["job"], one["__name__"]) for one in series)
    assert counts
    assert {name: count for name, count in counts.items() if count > MOST_SERIES} == {}
    for one in series:
        values = {
            name: value
            for name, value in one.items()
            if not (name == "company_id" and BY_COMPANY.match(one["__name__"]))
        }
        assert not [value for value in values.values() if IDENTIFYING.search(value)], one


def _exported(client: httpx.Client) -> set[str]:
    """Names with their help and type, also of what has no sample yet."""
    return {one["metric"] for one in _ask(client, "targets/metadata")}


def _with_parts(families: set[str]) -> set[str]:
    """What a histogram or summary consists of, too."""
    return families | {f"{name}{part}" for name in families for part in ("_bucket", "_sum", "_count")}
