"""For each alert: series in which it fires, what it then says, and series in which it must not.

Series are promtool's: `1+2x10` is 1, 3, 5 … at each of eleven minutes, `_` a minute without a sample.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Series = Mapping[str, str]
GIB = 1 << 30


@dataclass(frozen=True)
class Case:
    fires: Series
    at: str  # when it fires at the latest
    summary: str
    quiet: Series
    labels: Mapping[str, str] = field(default_factory=dict)
    waits: str | None = None  # a moment at which the condition holds and nobody is told yet


STORES_SEEN = {
    "postgres_connections": "5x200",
    "clickhouse_queries": "1x200",
    'jetstream_stream_messages{stream="EVENTS"}': "1x200",
    'dagster_daemon_silent_seconds{daemon="sensor"}': "5x200",
    'platform_part_healthy{part="api"}': "1x200",
}
HTTP = 'http_requests_total{job="api",method="GET",route="/v1/x"'
SLOW = 'http_request_duration_seconds_bucket{job="api",route="/v1/x"'
SCREENED = "safety_screening_delay_seconds_bucket{"
WORKER = 'job="worker",instance="w"'

CASES: Mapping[str, Case] = {
    "PartUnhealthy": Case(
        fires={'platform_part_healthy{part="gate"}': "1x1 0x10"},
        waits="3m",
        at="6m",
        labels={"part": "gate"},
        summary="gate has not answered for two minutes.",
        quiet={'platform_part_healthy{part="gate"}': "1 0 1 1 0 1 1x10"},
    ),
    "PartKeepsDying": Case(
        fires={'platform_part_restarts_total{part="api"}': "0 0+1x15"},
        at="15m",
        labels={"part": "api"},
        summary="api was started again 14 times in 15 minutes.",
        quiet={'platform_part_restarts_total{part="api"}': "0x5 1x10"},
    ),
    "MetricsNotRead": Case(
        fires={'up{job="worker",instance="w"}': "0x10"},
        waits="2m",
        at="4m",
        labels={"job": "worker", "instance": "w"},
        summary="Nothing is known of worker: its /metrics do not answer.",
        quiet={'up{job="worker",instance="w"}': "1x10"},
    ),
    "StoreNotSeen": Case(
        fires={name: values for name, values in STORES_SEEN.items() if name != "postgres_connections"},
        waits="2m",
        at="4m",
        summary="The monitor cannot look at a store, at Dagster or at the supervisor.",
        quiet=STORES_SEEN,
    ),
    "DiskAlmostFull": Case(
        fires={
            "platform_disk_free_bytes": f"{4 * GIB}x3 {2 * GIB}x20",
            "platform_disk_size_bytes": f"{50 * GIB}x25",
        },
        waits="5m",
        at="10m",
        summary="The disk of the data folder is almost full.",
        quiet={
            "platform_disk_free_bytes": f"{4 * GIB}x20",
            "platform_disk_size_bytes": f"{50 * GIB}x20",
        },
    ),
    "MemoryHigh": Case(
        fires={f'platform_part_memory_bytes{{part="{part}"}}': f"{4 * GIB}x20" for part in ("a", "b")},
        waits="9m",
        at="11m",
        summary="The platform uses 8GiB of memory; 6 GiB is its budget.",
        quiet={f'platform_part_memory_bytes{{part="{part}"}}': f"{2 * GIB}x20" for part in ("a", "b")},
    ),
    "DeliveriesNotStored": Case(
        fires={'webhook_failed_total{source="kintell",kind="rating",reason="unavailable"}': "0+6x20"},
        at="8m",
        labels={"source": "kintell"},
        summary="kintell is answered 5xx: its deliveries cannot be stored.",
        # What is the sender's own fault wakes nobody.
        quiet={'webhook_failed_total{source="kintell",kind="rating",reason="schema"}': "0+6x20"},
    ),
    "SignaturesRefused": Case(
        fires={
            'webhook_failed_total{source="buddy",kind="x",reason="signature_mismatch"}': "0+5x40",
            'webhook_received_total{source="buddy",kind="x"}': "0+10x40",
        },
        at="30m",
        labels={"source": "buddy"},
        summary="50% of what comes for buddy is not signed right.",
        quiet={
            'webhook_failed_total{source="buddy",kind="x",reason="signature_mismatch"}': "0+1x40",
            'webhook_received_total{source="buddy",kind="x"}': "0+10x40",
        },
    ),
    "InboxStalled": Case(
        fires={f"webhook_inbox_oldest_seconds{{{WORKER}}}": "0+60x10"},
        at="6m",
        labels={"job": "worker", "instance": "w"},
        summary="The oldest delivery has waited 6m 0s for the relay.",
        # Processes that hold no relay export the same gauge.
        quiet={
            f"webhook_inbox_oldest_seconds{{{WORKER}}}": "5x10",
            'webhook_inbox_oldest_seconds{job="gate",instance="g"}': "0x10",
        },
    ),
    "EventsNotLoaded": Case(
        fires={
            f'webhook_waiting{{{WORKER},step="loader"}}': "40x20",
            f"events_loaded_total{{{WORKER}}}": "900x20",
        },
        at="12m",
        labels={"job": "worker", "instance": "w", "step": "loader"},
        summary="40 events wait and none reaches the warehouse.",
        quiet={
            f'webhook_waiting{{{WORKER},step="loader"}}': "40x20",
            f"events_loaded_total{{{WORKER}}}": "900+10x20",
        },
    ),
    "DeadLettersWait": Case(
        fires={f"webhook_dead_letters_waiting{{{WORKER}}}": "3x30"},
        waits="14m",
        at="16m",
        labels={"job": "worker", "instance": "w"},
        summary="3 dead letters wait for somebody to act.",
        quiet={f"webhook_dead_letters_waiting{{{WORKER}}}": "0x30"},
    ),
    "MessagesNotSent": Case(
        fires={
            f'webhook_waiting{{{WORKER},step="outboxes"}}': "7x20",
            f'outbox_sent_total{{{WORKER},outbox="events"}}': "100x20",
            f'outbox_sent_total{{{WORKER},outbox="announcements"}}': "100x20",
        },
        at="12m",
        labels={"job": "worker", "instance": "w", "step": "outboxes"},
        summary="7 events and live updates wait in the outboxes and none leaves.",
        quiet={
            f'webhook_waiting{{{WORKER},step="outboxes"}}': "7x20",
            f'outbox_sent_total{{{WORKER},outbox="events"}}': "100x20",
            f'outbox_sent_total{{{WORKER},outbox="announcements"}}': "100+9x20",
        },
    ),
    "ConsumerBehind": Case(
        fires={'jetstream_consumer_pending{stream="EVENTS",consumer="journey"}': "5000x30"},
        at="16m",
        labels={"stream": "EVENTS", "consumer": "journey"},
        summary="journey has been more than 1,000 messages of EVENTS behind for 15 minutes.",
        quiet={'jetstream_consumer_pending{stream="EVENTS",consumer="journey"}': "5000x5 0 5000x5 0x20"},
    ),
    "WarehouseStale": Case(
        fires={"warehouse_lag_seconds": "0+60x60"},
        waits="33m",
        at="40m",
        summary="Events have waited 40m 0s for a refresh of the marts.",
        quiet={"warehouse_lag_seconds": "1200x60"},
    ),
    "RunsFail": Case(
        fires={'dagster_runs_last_hour{dagster_job="refresh_warehouse",status="failure"}': "2x5"},
        at="1m",
        labels={"dagster_job": "refresh_warehouse"},
        summary="refresh_warehouse failed 2 times in the last hour.",
        quiet={'dagster_runs_last_hour{dagster_job="refresh_warehouse",status="success"}': "20x5"},
    ),
    "DaemonSilent": Case(
        fires={'dagster_daemon_silent_seconds{daemon="sensor"}': "0+60x10"},
        at="6m",
        labels={"daemon": "sensor"},
        summary="Dagster's sensor daemon gives no sign of life: nothing scheduled is started.",
        quiet={'dagster_daemon_silent_seconds{daemon="sensor"}': "30x10"},
    ),
    "ApiErrors": Case(
        fires={f'{HTTP},status="200"}}': "0+98x20", f'{HTTP},status="500"}}': "0+2x20"},
        at="11m",
        summary="2% of the API's answers are errors of its own.",
        quiet={f'{HTTP},status="200"}}': "0+50x20", f'{HTTP},status="404"}}': "0+50x20"},
    ),
    "ApiSlow": Case(
        fires={
            f'{SLOW},le="1.0"}}': "0x40",
            f'{SLOW},le="2.5"}}': "0+100x40",
            f'{SLOW},le="+Inf"}}': "0+100x40",
        },
        at="20m",
        summary="The slowest twentieth of the API's answers takes longer than 2.425s.",
        quiet={
            f'{SLOW},le="0.05"}}': "0+100x40",
            f'{SLOW},le="2.5"}}': "0+100x40",
            f'{SLOW},le="+Inf"}}': "0+100x40",
        },
    ),
    "LiveUpdatesBehind": Case(
        fires={"sse_catch_ups_total": "0+60x30", "sse_connections": "10x30"},
        at="20m",
        summary="Clients of live updates keep falling behind what is held in memory.",
        quiet={"sse_catch_ups_total": "0+6x30", "sse_connections": "10x30"},
    ),
    "AiBudgetAlmostSpent": Case(
        fires={
            'ai_budget_remaining_dollars{company_id="c"}': "50x20",
            'ai_budget_limit_dollars{company_id="c"}': "1000x20",
        },
        at="6m",
        labels={"company_id": "c"},
        summary="Company c has 5% of its month's budget left.",
        quiet={
            'ai_budget_remaining_dollars{company_id="c"}': "500x20",
            'ai_budget_limit_dollars{company_id="c"}': "1000x20",
            # Nobody gave this one a budget: nothing is almost spent.
            'ai_budget_remaining_dollars{company_id="d"}': "0x20",
            'ai_budget_limit_dollars{company_id="d"}': "0x20",
        },
    ),
    "AiCallsFail": Case(
        fires={
            'ai_requests_total{provider="anthropic",model="m",company_id="c",status="answered"}': "0+1x60",
            'ai_requests_total{provider="anthropic",model="m",company_id="c",status="failed"}': "0+1x60",
        },
        at="50m",
        labels={"provider": "anthropic", "model": "m"},
        summary="50% of the calls of m bring no answer.",
        quiet={
            'ai_requests_total{provider="anthropic",model="m",company_id="c",status="answered"}': "0+9x60",
            'ai_requests_total{provider="anthropic",model="m",company_id="c",status="failed"}': "0+1x60",
        },
    ),
    "ScoresDrift": Case(
        fires={'q2q_drift_largest_psi{model="q2q-local",grain="week"}': "0.31x90"},
        waits="59m",
        at="61m",
        labels={"model": "q2q-local", "grain": "week"},
        summary="Scores of q2q-local drift: index 0.31, per week.",
        quiet={'q2q_drift_largest_psi{model="q2q-local",grain="week"}': "0.15x90"},
    ),
    "TextsWaitForScreening": Case(
        fires={
            f'{SCREENED}le="5.0"}}': "0x40",
            f'{SCREENED}le="30.0"}}': "0+10x40",
            f'{SCREENED}le="+Inf"}}': "0+10x40",
        },
        at="25m",
        summary="Texts wait 28.75s for their verdict, and nobody sees them before.",
        quiet={
            f'{SCREENED}le="0.5"}}': "0+10x40",
            f'{SCREENED}le="+Inf"}}': "0+10x40",
        },
    ),
    "ReviewsOverdue": Case(
        fires={
            'safety_review_overdue_items{severity="high"}': "2x30",
            'safety_review_overdue_items{severity="low"}': "1x30",
        },
        at="16m",
        summary="3 flagged texts wait for a person past their time.",
        quiet={'safety_review_overdue_items{severity="high"}': "0x30"},
    ),
    "JourneyDrifts": Case(
        fires={"journey_drift": "4x30"},
        at="16m",
        summary="4 flags differ from what the rules say when all is computed anew.",
        quiet={"journey_drift": "-1x30"},  # nothing was computed anew yet
    ),
    "DeliveriesOverdue": Case(
        fires={'impact_in_overdue_seconds{platform="benevity"}': "0+60x40"},
        at="21m",
        labels={"platform": "benevity"},
        summary="A delivery to benevity has been due for 21m 0s.",
        quiet={'impact_in_overdue_seconds{platform="benevity"}': "300x40"},
    ),
    "DeliveriesFail": Case(
        fires={'impact_in_deliveries_current{platform="workday",status="failed"}': "1x10"},
        at="6m",
        labels={"platform": "workday", "status": "failed"},
        summary="1 deliveries to workday have failed for good.",
        quiet={'impact_in_deliveries_current{platform="workday",status="delivered"}': "9x10"},
    ),
    "PrivacyRequestDue": Case(
        fires={'dsar_due_in_seconds{right="access"}': "172800x20"},
        waits="9m",
        at="11m",
        labels={"right": "access"},
        summary="A request (access) is due in 2d 0h 0m 0s and not done.",
        quiet={'dsar_due_in_seconds{right="access"}': "864000x20"},
    ),
    "PrivacyRequestOverdue": Case(
        fires={'dsar_requests_overdue{right="erasure"}': "1x5"},
        at="1m",
        labels={"right": "erasure"},
        summary="1 requests (erasure) are past the day the law gives.",
        quiet={'dsar_requests_overdue{right="erasure"}': "0x5"},
    ),
    "RetentionUnproven": Case(
        fires={
            'retention_cleanup_left_rows{relation="a"}': "2x30",
            'retention_cleanup_timestamp_seconds{relation="a"}': "0x30",
        },
        at="16m",
        summary="It is not proven that nothing is kept longer than allowed.",
        quiet={
            'retention_cleanup_left_rows{relation="a"}': "0x30",
            'retention_cleanup_timestamp_seconds{relation="a"}': "0x30",
        },
    ),
    "PostgresConnectionsAlmostUsed": Case(
        fires={**STORES_SEEN, "postgres_connections": "90x10", "postgres_connections_allowed": "100x10"},
        at="6m",
        summary="90% of Postgres' connections are taken.",
        quiet={**STORES_SEEN, "postgres_connections": "30x10", "postgres_connections_allowed": "100x10"},
    ),
    "TransactionOpenTooLong": Case(
        fires={"postgres_oldest_transaction_seconds": "0+60x60"},
        at="36m",
        summary="A transaction has been open for 36m 0s.",
        quiet={"postgres_oldest_transaction_seconds": "900x60"},
    ),
    "WarehouseManyParts": Case(
        fires={"clickhouse_most_parts": "340x20"},
        at="11m",
        summary="A partition in ClickHouse has 340 parts; inserts are slowed down and then refused.",
        quiet={"clickhouse_most_parts": "40x20"},
    ),
}

# By time alone: nothing is left, and the proof is 28 hours old when the clock begins at 0.
STALE_PROOF = Case(
    fires={
        'retention_cleanup_left_rows{relation="a"}': "0x30",
        'retention_cleanup_timestamp_seconds{relation="a"}': "-100000x30",
    },
    at="16m",
    summary=CASES["RetentionUnproven"].summary,
    quiet={},
)
