"""Types of fields that several senders' bodies share, checked while a body is decoded."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta

# Ids are printable: they become part of event subjects and of error reports.
SourceId = Annotated[str, Meta(min_length=1, max_length=255, pattern=r"^[!-~]+\Z")]
# A person's id at a source becomes part of subjects, too, so it is never an email.
PersonId = Annotated[str, Meta(min_length=1, max_length=255, pattern=r"^[!-?A-~]+\Z")]
# Deliverability is the sender's business; this keeps out control characters and what never is an address.
Email = Annotated[str, Meta(max_length=320, pattern=r"^\s*[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+\s*\Z")]
Instant = Annotated[datetime, Meta(tz=True)]
# From 2000 to 2099 in unix seconds: what is beyond is milliseconds or a slip.
UnixSeconds = Annotated[int, Meta(ge=946_684_800, lt=4_102_444_800)]
Moment = UnixSeconds | Instant
Name = Annotated[str, Meta(min_length=1, max_length=255)]
FreeText = Annotated[str, Meta(max_length=5000)]


def instant_of(moment: int | datetime) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.fromtimestamp(moment, UTC)


def check_years(**moments: int | datetime | None) -> None:
    """Raise `ValueError` for a moment outside 2000 to 2099.

    A slipped digit is the sender's to correct. Further out, calendars and the warehouse's types end, too.
    """
    for name, moment in moments.items():
        if isinstance(moment, datetime) and not 2000 <= moment.year <= 2099:
            raise ValueError(f"{name} is not between the years 2000 and 2099")
