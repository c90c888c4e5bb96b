"""Dagster definitions, the rooms whose work they run, and the embedded platform."""
