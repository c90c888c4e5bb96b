"""What is to be seen of the platform, a dashboard per question. `impact monitoring write` makes the files."""

from __future__ import annotations

from orchestration.monitoring.panels import Dashboard, ask, now

_RATE = "[$__rate_interval]"


def _per_second(metric: str, by: str, where: str = "") -> tuple[str, str]:
    return f"sum by ({by}) (rate({metric}{where}{_RATE}))", " ".join(
        f"{{{{{one}}}}}" for one in by.split(", ")
    )


def _quantiles(histogram: str, where: str = "") -> tuple[tuple[str, str], ...]:
    return tuple(
        (f"histogram_quantile({share}, sum by (le) (rate({histogram}_bucket{where}{_RATE})))", name)
        for share, name in ((0.5, "half"), (0.95, "95 %"), (0.99, "99 %"))
    )


_WORKER = '{job="worker"}'

PLATFORM = Dashboard(
    "platform",
    "health",
    "Is every part there, and what does it use?",
    (
        ask("Parts that answer", "All at 1. A part at 0 is looked at in its runbook.",
            ("platform_part_healthy", "{{part}}"), unit="bool"),
        ask("Restarts", "None. A part that dies again and again is a page.",
            ("increase(platform_part_restarts_total[15m])", "{{part}}")),
        ask("Processor", "Cores each part takes; two cores make 2 in all.",
            ("rate(platform_part_cpu_seconds_total[$__rate_interval])", "{{part}}")),
        ask("Memory", "Of each part; 6 GiB in all is the budget under load.",
            ("platform_part_memory_bytes", "{{part}}"), unit="bytes"),
        ask("Open files", "Level over days. What only grows is a leak.",
            ("platform_part_open_files", "{{part}}")),
        ask("Threads and processes", "Level, but for Dagster's runs.",
            ("platform_part_threads", "{{part}} threads"), ("platform_part_processes", "{{part}} processes")),
        ask("Disk", "Free of the data folder's disk.",
            ("platform_disk_free_bytes", "free"), ("platform_disk_size_bytes", "size"), unit="bytes"),
        ask("Size of the stores", "What grows with the events.",
            ("postgres_size_bytes", "postgres"), ("sum(clickhouse_bytes)", "clickhouse"),
            ("sum(jetstream_stream_bytes)", "jetstream"), unit="bytes"),
        ask("Parts that failed inside a process", "None. The process goes on, the part starts again.",
            ("increase(worker_part_failures_total[15m])", "{{job}} {{part}}")),
        ask("Postgres connections", "Below four fifths of what is allowed.",
            ("postgres_connections", "connected"), ("postgres_connections_allowed", "allowed"),
            ("postgres_waiting_for_locks", "waiting for a lock")),
        ask("Transactions",
            "In Postgres, by how they ended.", _per_second("postgres_transactions_total", "outcome"),
            ("postgres_oldest_transaction_seconds", "oldest open (s)")),
        ask("ClickHouse", "Parts far below 300, mutations back at none.",
            ("clickhouse_most_parts", "parts of the fullest partition"), ("clickhouse_queries", "statements"),
            ("clickhouse_mutations_waiting", "mutations")),
    ),
)  # fmt: skip

INGESTION = Dashboard(
    "ingestion",
    "ingestion",
    "Is what senders send stored, and how soon is it in the warehouse?",
    (
        ask("Deliveries received", "By source; nothing at night is normal.",
            _per_second("webhook_received_total", "source"), unit="reqps"),
        ask("Refused",
            "By reason. `unavailable`, `overloaded` and `internal_error` are ours, the others the sender's.",
            _per_second("webhook_failed_total", "source, reason"), unit="reqps"),
        ask("New and repeated",
            "Repetitions are harmless; many of them mean that a sender does not hear our answers.",
            ("sum(rate(webhook_accepted_total[$__rate_interval]))", "new"),
            ("sum(rate(webhook_duplicate_total[$__rate_interval]))", "repeated"), unit="reqps"),
        ask("Duration of a commit", "Half of them within 5 ms: senders wait for it.",
            *_quantiles("webhook_inbox_commit_seconds"), unit="s"),
        ask("Deliveries in one commit", "Grows with the load, up to 500.",
            ("rate(webhook_inbox_commit_deliveries_sum[$__rate_interval])"
             " / rate(webhook_inbox_commit_deliveries_count[$__rate_interval])", "mean")),
        ask("Waiting, by step", "Back at none after a burst.", (f"webhook_waiting{_WORKER}", "{{step}}")),
        ask("Oldest in the inbox", "Below a second, a few under load.",
            (f"webhook_inbox_oldest_seconds{_WORKER}", "oldest"), unit="s"),
        ask("Events loaded", "As many as deliveries.",
            (f"rate(events_loaded_total{_WORKER}{_RATE})", "loaded"),
            (f"rate(events_already_loaded_total{_WORKER}{_RATE})", "known before"), unit="ops"),
        ask("Age of the oldest event of a load", "A second or two.",
            (f"events_load_lag_seconds{_WORKER}", "age"), unit="s"),
        ask("Retries and dead letters", "Dead letters wait for a person.",
            _per_second("webhook_retried_total", "error_class"),
            _per_second("webhook_dead_lettered_total", "stage, error_class"),
            (f"webhook_dead_letters_waiting{_WORKER}", "waiting")),
        ask("Messages in the streams", "EVENTS grows with time, the others come back.",
            ("jetstream_stream_messages", "{{stream}}")),
        ask("Consumers behind", "None, but in a burst.",
            ("jetstream_consumer_pending + jetstream_consumer_unsettled", "{{consumer}}")),
    ),
)  # fmt: skip

FRESHNESS = Dashboard(
    "freshness",
    "freshness",
    "How old are the numbers that people see?",
    (
        ask("Waiting for a refresh", "The age of the oldest event that no mart has: a few minutes at most.",
            ("warehouse_lag_seconds", "oldest event"), unit="s"),
        now("Figures changed", "When served figures last changed. Days are normal when nothing arrives.",
            "publication_timestamp_seconds * 1000", unit="dateTimeFromNow"),
        now("Version of the figures", "One more with each change.", "publication_data_version"),
        ask("Duration of the last run", "By job. A refresh takes a minute, a rebuild some more.",
            ("dagster_job_duration_seconds", "{{dagster_job}}"), unit="s"),
        ask("Since a job last succeeded", "Nightly ones below a day.",
            ("time() - dagster_job_success_timestamp_seconds", "{{dagster_job}}"), unit="s"),
        ask("Runs of the last hour", "By how they ended.",
            ("sum by (dagster_job, status) (dagster_runs_last_hour)", "{{dagster_job}} {{status}}")),
        ask("Waiting to start", "The run that waits longest.", ("dagster_waiting_seconds", "longest"),
            unit="s"),
        ask("Daemons", "Since their last sign of life; one is due every 30 s.",
            ("dagster_daemon_silent_seconds", "{{daemon}}"), unit="s"),
        ask("Rows in the warehouse", "By database.", ("clickhouse_rows", "{{database}}")),
    ),
)  # fmt: skip

LIVE_UPDATES = Dashboard(
    "live-updates",
    "API and live updates",
    "Does the API answer well, and do its live streams keep up?",
    (
        ask("Open live streams", "Clients that listen now.", ("sse_connections", "open")),
        ask("Streams opened",
            "Each lives 15 minutes; many more than a fifteenth of the open ones a minute are"
            " reconnections.", ("rate(sse_connections_total[$__rate_interval])", "opened"), unit="ops"),
        ask("Updates", "Read from the log, by name; and written to clients.",
            _per_second("sse_events_total", "event"),
            ("sum(rate(sse_deliveries_total[$__rate_interval]))", "written to clients"), unit="ops"),
        ask("Resumed streams", "`resumed` is good; all else is a client that has to load anew.",
            _per_second("sse_resumes_total", "outcome"), unit="ops"),
        ask("Slow clients", "Those that fell behind what is in memory and read the log.",
            ("rate(sse_catch_ups_total[$__rate_interval])", "catching up"), unit="ops"),
        ask("Updates on their way", "Made of events; and sent from the outboxes.",
            _per_second("updates_forwarded_total", "update"), _per_second("outbox_sent_total", "outbox"),
            unit="ops"),
        ask("Requests", "By status.", _per_second("http_requests_total", "status"), unit="reqps"),
        ask("Time to the first byte", "Reads answer within 50 ms.",
            *_quantiles("http_request_duration_seconds"), unit="s"),
        ask("Slowest routes", "95 of 100 are quicker.",
            ("topk(10, histogram_quantile(0.95, sum by (le, route) "
             "(rate(http_request_duration_seconds_bucket[$__rate_interval]))))", "{{route}}"), unit="s"),
        ask("Errors of our own", "None.",
            ('sum by (route) (rate(http_requests_total{status=~"5.."}[$__rate_interval]))', "{{route}}"),
            unit="reqps"),
        ask("Old addresses in use", "They end on the day their `Sunset` header names.",
            _per_second("api_deprecated_requests_total", "caller, route"), unit="reqps"),
    ),
)  # fmt: skip

Q2Q_SPEND = Dashboard(
    "q2q-spend",
    "texts, models and their cost",
    "What do models cost, do they answer, and are texts judged in time?",
    (
        ask("Spent per hour", "By model, of all purposes.",
            ("sum by (provider, model) (increase(ai_cost_dollars_total[1h]))", "{{model}}"),
            unit="currencyUSD"),
        ask("Left of the month", "By company; at none, calls are refused.",
            ("ai_budget_remaining_dollars / (ai_budget_limit_dollars > 0)", "{{company_id}}"),
            unit="percentunit"),
        ask("Thresholds reached", "Months of companies; 100 is a refused call.",
            ("ai_budget_alerts_total", "{{threshold}} %")),
        ask("Calls", "By how they ended.", _per_second("ai_requests_total", "model, status"), unit="ops"),
        ask("Tokens", "Paid for.", _per_second("ai_tokens_used_total", "model, kind"), unit="ops"),
        ask("Time to an answer", "The mean.",
            ("sum by (model) (rate(ai_request_duration_seconds_sum[$__rate_interval]))"
             " / sum by (model) (rate(ai_request_duration_seconds_count[$__rate_interval]))", "{{model}}"),
            unit="s"),
        ask("Labelling of texts", "Its share of calls and cost.",
            ("sum by (model) (increase(q2q_requests_total[1h]))", "{{model}} calls"),
            ("sum by (model) (increase(q2q_cost_dollars_total[1h]))", "{{model}} dollars")),
        ask("Tokens for it", "By company.",
            ("sum by (company_id) (increase(q2q_tokens_total[1h]))", "{{company_id}}")),
        ask("Drift of scores", "Above 0.2 is an alert.", ("q2q_drift_largest_psi", "{{model}} {{grain}}")),
        ask("Series that drift", "By verdict.", ("q2q_drift_series", "{{model}} {{grain}} {{verdict}}")),
        ask("Texts screened", "By what was done with them.",
            _per_second("safety_screened_texts_total", "way, action"), unit="ops"),
        ask("From the event to the verdict", "Below a second.", *_quantiles("safety_screening_delay_seconds"),
            unit="s"),
        ask("Reviews", "Open, and of them overdue.",
            ("safety_review_open_items", "open {{severity}}"),
            ("safety_review_overdue_items", "overdue {{severity}}"),
            ("safety_decisions_waiting", "decided, not carried out")),
        ask("Flags raised", "By category.", _per_second("safety_flagged_texts_total", "category"),
            unit="ops"),
    ),
)  # fmt: skip

DELIVERIES = Dashboard(
    "deliveries",
    "deliveries to CSR suites and journeys",
    "Do reports reach the partners in time, and do people's journeys follow their events?",
    (
        ask("Deliveries now", "By partner and status; `failed` waits for a person.",
            ("impact_in_deliveries_current", "{{platform}} {{status}}")),
        ask("Overdue", "Below five minutes is promised for 95 %.",
            ("impact_in_overdue_seconds", "{{platform}}"), unit="s"),
        ask("Ended", "By outcome.",
            ("sum by (platform, status) (increase(impact_in_deliveries_total[1h]))",
             "{{platform}} {{status}}")),
        ask("From due to accepted", "95 % within 300 s.",
            ("histogram_quantile(0.95, sum by (le, platform) "
             "(rate(impact_in_delivery_duration_seconds_bucket[1h])))",
             "{{platform}} 95 %"), unit="s"),
        ask("Failed tries", "By what was wrong.",
            ("sum by (platform, error_class) (increase(impact_in_failures_total[1h]))",
             "{{platform}} {{error_class}}")),
        ask("Requests of the last hour", "By what was decided on the answer.",
            ("impact_in_attempts_last_hour", "{{platform}} {{decision}}")),
        ask("Callbacks that moved nothing", "None; refused and unmatched ones are looked at.",
            ("impact_in_callbacks_unapplied", "{{platform}} {{state}}")),
        ask("People evaluated", "By what asked for it.",
            _per_second("journey_evaluated_people_total", "way"), unit="ops"),
        ask("From the event to the flag", "A second or two.", *_quantiles("journey_delay_seconds"), unit="s"),
        ask("Changes of flags", "By cause.", _per_second("journey_changes_total", "cause"), unit="ops"),
        ask("People due", "Back at none.", ("journey_due_people", "due")),
        ask("Flags that are wrong", "None; -1 says that nobody has computed all anew yet.",
            ("journey_drift", "differing")),
    ),
)  # fmt: skip

PRIVACY = Dashboard(
    "privacy",
    "privacy",
    "Are people's requests carried out in time, and is nothing kept too long?",
    (
        ask("Open requests", "By right and state.",
            ('dsar_requests_current{state=~"received|confirmed|held|running"}', "{{right}} {{state}}")),
        ask("Overdue", "None, ever.", ("dsar_requests_overdue", "{{right}}")),
        ask("Until the next is due", "More than three days.", ("dsar_due_in_seconds", "{{right}}"), unit="s"),
        ask("Received per day", "By right.", ("increase(dsar_requests_total[1d])", "{{right}}")),
        ask("Ended otherwise", "Failed and partial ones are looked at.",
            ('dsar_requests_current{state=~"failed|partial|cancelled"}', "{{right}} {{state}}")),
        ask("How long they took", "From when they might be carried out.",
            ("histogram_quantile(0.95, sum by (le, right) "
             "(rate(dsar_processing_duration_seconds_bucket[1d])))",
             "{{right}} 95 %"), unit="s"),
        ask("Consents", "Given and withdrawn per day.",
            ("sum by (change, purpose) (increase(consent_updates_total[1d]))", "{{purpose}} {{change}}")),
        ask("Ended by retention", "Rows per day, by relation.",
            ("increase(retention_cleanup_removed_total[1d]) > 0", "{{relation}}")),
        ask("Kept too long", "None; a relation that is missing could not be counted.",
            ("sum(retention_cleanup_left_rows)", "rows")),
        ask("Since the last proof", "Below 26 hours.",
            ("time() - max(retention_cleanup_timestamp_seconds)", "newest"),
            ("time() - min(retention_cleanup_timestamp_seconds)", "oldest"), unit="s"),
        ask("Left out because erased", "What named somebody who was erased, by the door it came to.",
            ("sum by (door) (increase(erased_left_out_total[1d]))", "{{door}}")),
    ),
)  # fmt: skip

DASHBOARDS = (PLATFORM, INGESTION, FRESHNESS, LIVE_UPDATES, Q2Q_SPEND, DELIVERIES, PRIVACY)
