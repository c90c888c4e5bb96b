"""What every asset declares alike: who owns it and how old it may become."""

from __future__ import annotations

from datetime import timedelta

import dagster as dg

PLATFORM_TEAM = "team:data-platform"

# Arrivals refresh the warehouse within a minute, but a quiet day has none. What always happens is the nightly
# rebuild, so an asset older than a day and an hour means that the rebuild, or the daemon, does not run.
REBUILT_NIGHTLY = dg.FreshnessPolicy.time_window(
    fail_window=timedelta(hours=26), warn_window=timedelta(hours=25)
)

# One writer at a time for warehouse and served tables, whoever asks: the nightly rebuild, a refresh and
# a hand-made run wait for each other in the queue (`concurrency.pools` in dagster.yaml).
WAREHOUSE_POOL = "warehouse"

# One import at a time: files refer to each other, and two imports of one file would only wait for each other.
LANDING_POOL = "landing"
