"""Which function reads which kind of delivery. A new webhook kind is one line here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from ingest.events import problem_of
from ingest.normalise import kintell
from ingest.normalise.delivery import AcceptedDelivery, UnprocessableDeliveryError
from ingest.normalise.draft import Draft
from ingest.webhooks.sources import SOURCES

_READERS: dict[tuple[str, str], Callable[[Any], Draft]] = {
    ("kintell", "session-completed"): kintell.session_completed,
    ("kintell", "rating-created"): kintell.rating_created,
    ("kintell", "booking-confirmed"): kintell.booking_confirmed,
}
_DECODERS = {
    (source.name, kind): msgspec.json.Decoder(contract)
    for source in SOURCES
    for kind, contract in source.contracts.items()
}


def draft_of(delivery: AcceptedDelivery) -> Draft:
    """Read one delivery; raises `UnprocessableDeliveryError`."""
    kind = (delivery.source, delivery.kind)
    if kind not in _READERS:
        raise UnprocessableDeliveryError(
            f"no reader for deliveries of kind {delivery.source}/{delivery.kind}"
        )
    try:
        return _READERS[kind](_DECODERS[kind].decode(delivery.body))
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UnprocessableDeliveryError(problem_of(error)) from None
