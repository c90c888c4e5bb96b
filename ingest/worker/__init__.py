"""The worker: relay, normaliser, loader and what belongs to them as supervised tasks of one process."""
