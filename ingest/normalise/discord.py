"""A `/feedback` on Discord as a check-in: see docs/webhooks.md for why it is not a rating."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC

from ingest.attribution import Question
from ingest.contracts.buddy import BuddyCheckinCompleted, Mood
from ingest.events import entity_id
from ingest.normalise.draft import Draft, Identity, Known
from ingest.webhooks.discord import Feedback, Sentiment

SOURCE = "/webhooks/discord"
MOODS: Mapping[Sentiment, Mood] = {"positive": "good", "neutral": "okay", "negative": "struggling"}


def feedback(body: Feedback) -> Draft:
    author = (Identity("discord", body.discord_user_id),)
    named = entity_id("buddy", "match", body.match_id) if body.match_id else None

    def data(known: Known) -> BuddyCheckinCompleted:
        person, match = known.person(author), known.match(named)
        return BuddyCheckinCompleted(
            checkin_id=entity_id("discord", "feedback", body.feedback_id),
            # Words without a match stand for themselves: an id of the author's own, which no match has.
            match_id=named or entity_id("discord", "unmatched", str(person)),
            participant_id=match.participant_id if match else person,
            checkin_date=body.created_at,
            mood=MOODS[body.sentiment],
            notes=body.message,
            question_responses={"channel": "discord", "sentiment": body.sentiment},
        )

    def question(known: Known) -> Question:
        person, match = known.person(author), known.match(named)
        return Question(
            body.created_at.astimezone(UTC).date(),
            "buddy",
            match.participant_id if match else person,
            match.buddy_id if match else person,
        )

    return Draft(
        f"checkin/discord/{body.feedback_id}", SOURCE, data, (author,), question, body.updated_at, named
    )
