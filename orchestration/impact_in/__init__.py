"""Deliveries of a company's numbers to its CSR suite: planned, sent once, and proven."""
