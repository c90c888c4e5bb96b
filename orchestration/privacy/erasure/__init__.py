"""Erasing people: from tombstones to a signed certificate, one pass over all stores for one person or a thousand."""
