"""Raw events in ClickHouse: where the warehouse begins.

The worker loads them as they arrive and reports each load to Dagster as a materialization of this asset. Running the
asset loads what is waiting, through the same code, and finds nothing to do while the worker is up.
"""
