"""Which updates a stream carries: the topics it asked for, as far as the caller's role may see them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

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


def visible_topics(role: str) -> tuple[Topic, ...]:
    return tuple(topic for topic in TOPICS if topic not in TOPIC_ROLES or role in TOPIC_ROLES[topic])


@lru_cache(1000)
def view_of(role: str, topics: str | None) -> View:
    """The names for a role and a list such as `metrics,journey`; without a list, all that the role may see.

    Raises UnknownTopicError, and HiddenTopicError for a topic the role may not see.
    """
    visible = visible_topics(role)
    asked: set[str] = set(visible if topics is None else map(str.strip, topics.split(",")))
    if not asked <= set(TOPICS):  # what was sent is not repeated
        raise UnknownTopicError(f"name one or more of {', '.join(TOPICS)}, separated by commas")
    if hidden := sorted(asked - set(visible)):
        raise HiddenTopicError(f"the topic {hidden[0]} is not for the role {role}")
    return frozenset().union(*(NAMES[topic] for topic in visible if topic in asked))
