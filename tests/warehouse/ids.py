"""Who and what the made-up history is about."""

from __future__ import annotations

from uuid import UUID, uuid5

NAMESPACE = UUID(int=7)


def id_of(kind: str, number: int) -> UUID:
    return uuid5(NAMESPACE, f"{kind}/{number}")


COMPANIES = [id_of("company", n) for n in range(3)]
# Volunteers 0 to 4 are somebody's buddy. Number 5 never is, and belongs to a company; of 6 nothing is known.
MEMBERS = {id_of("volunteer", 5): COMPANIES[0]}
