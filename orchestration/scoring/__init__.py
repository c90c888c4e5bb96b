"""Cleared texts into scores, a day of writing at a time: plain modules, which Dagster's asset calls."""
