"""The webhook receiver: a 2xx leaves only after the delivery is on disk."""
