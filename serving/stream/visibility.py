"""Which updates a stream carries: the topics it asked for, as far as the caller's role may see them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from ingest.permissions import Permission
from ingest.updates import TOPIC_ROLES, TOPICS, UPDATES, Topic

# The names a stream carries. A name that the catalogue does not have is in none: who may see it is not known.
View = frozenset[str]

NAMES: Mapping[Topic, View] = {
    topic: frozenset(kind.name for kind in UPDATES.values() if kind.topic == topic) for topic in TOPICS
}


class TopicError(Exception):
    """The topics cannot be given as asked; the message is for the caller."""


class UnknownTopicError(TopicError):
    pass


class HiddenTopicError(TopicError):
    pass


# What a key has to be allowed that is narrowed, beside the role: what the routes of the same subject ask for.
TOPIC_SCOPES: Mapping[Topic, Permission] = {
    "journey": "data:read",
    "safety": "safety:review",
    "privacy": "privacy:manage",
}


def visible_topics(role: str, scopes: frozenset[str] | None = None) -> tuple[Topic, ...]:
    """The topics of a role, and of a key of that role with these scopes."""
    return tuple(
        topic
        for topic in TOPICS
        if (topic not in TOPIC_ROLES or role in TOPIC_ROLES[topic])
        and (scopes is None or topic not in TOPIC_SCOPES or TOPIC_SCOPES[topic] in scopes)
    )


@lru_cache(1000)
def view_of(role: str, topics: str | None, scopes: frozenset[str] | None = None) -> View:
    """The names for a caller and a list such as `metrics,journey`; without a list, all that may be seen.

    Raises UnknownTopicError, and HiddenTopicError for a topic the role may not see.
    """
    visible = visible_topics(role, scopes)
    asked: set[str] = set(visible if topics is None else map(str.strip, topics.split(",")))
    if not asked <= set(TOPICS):  # what was sent is not repeated
        raise UnknownTopicError(f"name one or more of {', '.join(TOPICS)}, separated by commas")
    if hidden := sorted(asked - set(visible)):
        raise HiddenTopicError(f"the topic {hidden[0]} is not for this {role}")
    return frozenset().union(*(NAMES[topic] for topic in visible if topic in asked))
