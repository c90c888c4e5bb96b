"""Erasing people: one pass over all stores, from tombstones to a signed certificate."""
