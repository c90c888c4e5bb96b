"""A synthetic programme through the platform's front doors, with a ledger that knows the right answers."""
