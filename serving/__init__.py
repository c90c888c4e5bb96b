"""The way out: HTTP reads and live updates. No arithmetic here; the warehouse has done it."""
