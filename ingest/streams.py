"""The JetStream streams and their subjects.

inbox.<source>.<kind>       raw deliveries on their way to the normaliser
retry.wait.<ticket>         failed deliveries that the broker holds until their time
retry.due.<source>.<kind>   the same, when the broker has let them go
events.<company>.<type>     normalised events; `_` where no company is known
dead.<source>.<kind>        deliveries that cannot be processed, with the reason
updates.<company>.<name>    what changed on a dashboard, for live streams
"""

from __future__ import annotations

from uuid import UUID

from nats.js import JetStreamContext
from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig

DAY_S = 86_400.0
GIB = 1 << 30

# `allow_atomic`: a group of messages is published as one batch, which the broker syncs to disk once.
STREAMS = (
    # A work queue: a delivery's raw body holds emails, so it goes as soon as it is normalised.
    StreamConfig(
        name="INBOX", subjects=["inbox.>"], retention=RetentionPolicy.WORK_QUEUE, storage=StorageType.FILE,
        allow_atomic=True, duplicate_window=600, max_bytes=20 * GIB, discard=DiscardPolicy.NEW,
    ),
    # A schedule's target has to be in its own stream. Such a stream cannot refuse what is new when it is
    # full, and may not drop what is old: it has no limit but the broker's, at which messages stay in INBOX.
    StreamConfig(
        name="RETRY", subjects=["retry.>"], retention=RetentionPolicy.WORK_QUEUE, storage=StorageType.FILE,
        allow_msg_schedules=True, duplicate_window=600,
    ),
    StreamConfig(
        name="EVENTS", subjects=["events.>"], retention=RetentionPolicy.LIMITS, storage=StorageType.FILE,
        allow_atomic=True, duplicate_window=600, max_age=14 * DAY_S, max_bytes=20 * GIB,
    ),
    # Limits, not a work queue: dead letters are looked at without taking them away.
    StreamConfig(
        name="DEAD_LETTERS", subjects=["dead.>"], retention=RetentionPolicy.LIMITS, storage=StorageType.FILE,
        allow_atomic=True, duplicate_window=600, max_age=90 * DAY_S, max_bytes=5 * GIB,
    ),
    StreamConfig(
        name="UPDATES", subjects=["updates.>"], retention=RetentionPolicy.LIMITS, storage=StorageType.FILE,
        allow_atomic=True, duplicate_window=3600, max_age=DAY_S, max_bytes=GIB,
    ),
)  # fmt: skip

NO_COMPANY = "_"

# Header of an event that may be in the stream or the table already: its publisher died before it knew, or its
# source has said the same content before.
PUBLISHED_AGAIN = "Impact-Published-Again"


def event_subject(company_id: UUID | None, event_type: str) -> str:
    return f"events.{company_id or NO_COMPANY}.{event_type}"


def update_subject(company_id: UUID, name: str) -> str:
    return f"updates.{company_id}.{name}"


async def ensure_streams(js: JetStreamContext) -> None:
    """Create the streams that are missing and bring the others up to this declaration."""
    existing = {info.config.name for info in await js.streams_info()}
    for config in STREAMS:
        await (js.update_stream(config) if config.name in existing else js.add_stream(config))
