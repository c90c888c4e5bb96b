"""The worker: relay, normaliser and loader as supervised tasks of one process."""
