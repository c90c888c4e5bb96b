"""What our Discord bot sends: one `/feedback` that somebody wrote."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from ingest.webhooks.fields import Instant, PersonId, SourceId, check_years

Message = Annotated[str, Meta(min_length=10, max_length=500)]
Sentiment = Literal["positive", "neutral", "negative"]


class Feedback(msgspec.Struct, frozen=True):
    """`match_id` is the buddy system's id of the match the words are about, where the bot knows it."""

    feedback_id: SourceId
    discord_user_id: PersonId
    message: Message
    sentiment: Sentiment
    created_at: Instant
    match_id: SourceId | None = None
    updated_at: Instant | None = None

    def __post_init__(self) -> None:
        check_years(created_at=self.created_at, updated_at=self.updated_at)


CONTRACTS: dict[str, type[msgspec.Struct]] = {"feedback": Feedback}
