"""The senders we take webhooks from, one declaration each: paths, signature scheme, headers, contracts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from ingest.webhooks import kintell, signatures
from ingest.webhooks.signatures import Verdict


class Verifier(Protocol):
    """A signature scheme. Takes header bytes and body bytes of any content and never raises."""

    def __call__(
        self, header: bytes | None, body: bytes, *, secrets: Sequence[bytes], now: int
    ) -> Verdict: ...


@dataclass(frozen=True)
class Source:
    """One sender. Header names are in lower case, as ASGI servers deliver them."""

    name: str
    verify: Verifier
    signature_header: bytes
    delivery_id_header: bytes
    contracts: Mapping[str, type[msgspec.Struct]]  # by kind, the last part of the path

    @property
    def secret_variable(self) -> str:
        return f"IMPACT_WEBHOOK_SECRET_{self.name.upper()}"


@dataclass(frozen=True)
class Route:
    """Where one kind of delivery comes in."""

    source: Source
    kind: str
    decoder: msgspec.json.Decoder[Any]


KINTELL = Source(
    name="kintell",
    verify=signatures.verify,
    signature_header=b"x-kintell-signature",
    delivery_id_header=b"x-delivery-id",
    contracts={
        "session-completed": kintell.SessionCompleted,
        "rating-created": kintell.RatingCreated,
        "booking-confirmed": kintell.BookingConfirmed,
    },
)

SOURCES = (KINTELL,)


def routes() -> dict[str, Route]:
    """Every path of the receiver. Kintell's are also known without its name, as Kintell is configured."""
    table = {
        f"/v1/webhooks/{source.name}/{kind}": Route(source, kind, msgspec.json.Decoder(contract))
        for source in SOURCES
        for kind, contract in source.contracts.items()
    }
    table |= {f"/v1/webhooks/{kind}": table[f"/v1/webhooks/kintell/{kind}"] for kind in KINTELL.contracts}
    return table
