"""Requests of data subjects: who asked for what, until when, and what became of it."""
