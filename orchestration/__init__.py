"""Dagster definitions, the packages whose work they run, and the embedded platform."""
