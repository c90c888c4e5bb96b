"""The gate: every text is screened and redacted here before a model, a report or evidence may see it.

texts      what in an event is a text, and which version of it counts
judging    language, screening, redaction: what a text is found to be
tables     the two tables of the warehouse that the gate alone writes
queue      the review queue in Postgres: what is raised, what people decided
gate       the steps from a version of a text to its verdict, in an order that survives a crash
stream     texts as they are written; sweep: those that came by another way; decisions: what people released
"""
