"""The way out: HTTP reads, live updates and privacy requests. No arithmetic here; the warehouse has done it."""
