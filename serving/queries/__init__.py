"""SQL, and nothing else: each function is one question to Postgres."""
