"""Which function reads which kind of delivery. A new webhook kind is one line here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from ingest.events import problem_of
from ingest.normalise import buddy, csr, discord, kintell, upskilling
from ingest.normalise.delivery import AcceptedDelivery, UnprocessableDeliveryError
from ingest.normalise.draft import Draft
from ingest.webhooks.buddy import TYPES as BUDDY_TYPES
from ingest.webhooks.buddy import kind_of_type
from ingest.webhooks.sources import BY_NAME

READERS: dict[tuple[str, str], Callable[[Any], Draft]] = {
    ("kintell", "session-completed"): kintell.session_completed,
    ("kintell", "rating-created"): kintell.rating_created,
    ("kintell", "booking-confirmed"): kintell.booking_confirmed,
    ("kintell", "session-completed-v2"): kintell.nested_session,
    ("kintell", "booking-confirmed-v2"): kintell.nested_booking,
    ("kintell", "session-changed"): kintell.changed_session,
    ("kintell", "rating-changed"): kintell.changed_rating,
    ("kintell", "booking-changed"): kintell.changed_booking,
    **{("buddy", kind_of_type(event_type)): buddy.reader_of(event_type) for event_type in BUDDY_TYPES},
    ("upskilling", "course-completed"): upskilling.course_completed,
    ("upskilling", "credential-issued"): upskilling.credential_issued,
    ("upskilling", "progress-updated"): upskilling.progress_updated,
    ("upskilling", "ecornell-enrollment-created"): upskilling.ecornell_enrolled,
    ("upskilling", "ecornell-course-started"): upskilling.ecornell_started,
    ("upskilling", "ecornell-course-completed"): upskilling.ecornell_completed,
    ("upskilling", "ecornell-certificate-issued"): upskilling.ecornell_certificate,
    ("upskilling", "itslearning-course-enrollment"): upskilling.itslearning_enrolled,
    ("upskilling", "itslearning-course-progress"): upskilling.itslearning_progress,
    ("upskilling", "itslearning-course-completion"): upskilling.itslearning_completed,
    ("discord", "feedback"): discord.feedback,
    ("benevity", "callback"): csr.benevity,
    ("goodera", "callback"): csr.goodera,
    ("workday", "callback"): csr.workday,
}


def draft_of(delivery: AcceptedDelivery) -> Draft:
    """Read one delivery; raises `UnprocessableDeliveryError`."""
    reader = READERS.get((delivery.source, delivery.kind))
    if reader is None:
        raise UnprocessableDeliveryError(
            f"no reader for deliveries of kind {delivery.source}/{delivery.kind}"
        )
    try:
        return reader(BY_NAME[delivery.source].decoders[delivery.kind].decode(delivery.body))
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UnprocessableDeliveryError(problem_of(error)) from None
