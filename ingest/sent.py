"""Whether a stream has a message already, for messages that waited longer than it remembers their ids."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import nats.errors
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, Header

from ingest.jetstream import BrokerUnavailableError, Message
from ingest.streams import STREAMS

_CLOCKS = timedelta(minutes=1)  # the stores' clocks differ by less
_FETCH = 1_000
_FETCH_S = 5.0
_REMEMBERED = {config.name: timedelta(seconds=config.duplicate_window or 0) for config in STREAMS}


async def unsent(
    js: JetStreamContext, stream: str, messages: Sequence[Message], perhaps_sent_at: Sequence[datetime | None]
) -> list[Message]:
    """The messages without those that the stream has and no longer recognises by their id.

    `perhaps_sent_at` says when each was first about to be sent; None, if never. Costs nothing but for a
    message that was about to be sent longer ago than the stream's duplicate window. Raises
    `BrokerUnavailableError`.
    """
    # Half the window: what is looked up now is published a moment later.
    old = datetime.now(UTC) - _REMEMBERED[stream] / 2
    suspects = {
        message.message_id: (message.subject, at)
        for message, at in zip(messages, perhaps_sent_at, strict=True)
        if at is not None and at < old
    }
    if not suspects:
        return list(messages)
    try:
        known = await _ids_since(
            js,
            stream,
            sorted({subject for subject, _ in suspects.values()}),
            min(at for _, at in suspects.values()) - _CLOCKS,
        )
    except (nats.errors.Error, OSError) as error:
        raise BrokerUnavailableError(f"not answered: {type(error).__name__}") from error
    return [
        message
        for message in messages
        if not (message.message_id in suspects and message.message_id in known)
    ]


async def _ids_since(js: JetStreamContext, stream: str, subjects: list[str], since: datetime) -> set[str]:
    """Message ids that the stream holds on these subjects, from a moment on."""
    subscription = await js.pull_subscribe(
        "",
        stream=stream,
        config=ConsumerConfig(
            deliver_policy=DeliverPolicy.BY_START_TIME,
            opt_start_time=since,
            filter_subjects=subjects,
            ack_policy=AckPolicy.NONE,
            headers_only=True,
            mem_storage=True,
            inactive_threshold=60,
        ),
    )
    found: set[str] = set()
    try:
        left = (await subscription.consumer_info()).num_pending or 0
        while left:
            for message in await subscription.fetch(min(left, _FETCH), timeout=_FETCH_S):
                left = message.metadata.num_pending
                found.add((message.headers or {}).get(Header.MSG_ID, ""))
    finally:
        await subscription.unsubscribe()
    return found
