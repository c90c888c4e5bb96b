"""The senders we take webhooks from, one declaration each: paths, signature schemes, contracts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import msgspec

from ingest import tracing
from ingest.webhooks import buddy, csr, discord, kintell, upskilling
from ingest.webhooks.kinds import KindOf, single
from ingest.webhooks.schemes import STANDARD, BodyHex, Scheme, TimestampBeside, TimestampedHex
from ingest.webhooks.signatures import Verdict

UNKNOWN_KIND = "unknown"  # of a delivery whose body does not say what it is: kept as a dead letter
DELIVERY_ID_HEADER = b"x-delivery-id"
_ALWAYS_KEPT = (b"content-type", b"user-agent", DELIVERY_ID_HEADER, tracing.HEADER.encode())


@dataclass(frozen=True)
class Source:
    """One sender. Header names are in lower case, as ASGI servers deliver them.

    Every source takes Standard Webhooks, too. A delivery's id is the one inside the MAC; else the header of
    those who send one beside a signed time; else the hash of the body.
    """

    name: str
    scheme: Scheme
    contracts: Mapping[str, type[msgspec.Struct]]  # by kind
    kind_of: KindOf  # for a body on the source's own path, /v1/webhooks/<name>
    delivery_id_header: bytes | None = DELIVERY_ID_HEADER
    # Kinds that have a path of their own, and what finds a newer shape of such a kind by the body.
    path_kinds: tuple[str, ...] = ()
    kind_on_path: Callable[[str, bytes], str] | None = None
    other_paths: Mapping[str, str | None] = field(default_factory=dict)  # to a kind, or to all of them
    old_paths: Mapping[str, str] = field(default_factory=dict)  # deprecated, to the paths that succeed them

    @property
    def secret_variable(self) -> str:
        return f"IMPACT_WEBHOOK_SECRET_{self.name.upper()}"

    @cached_property
    def schemes(self) -> tuple[Scheme, ...]:
        return (self.scheme, *STANDARD)

    @cached_property
    def kept_headers(self) -> Mapping[bytes, str]:
        """Headers that stay with the delivery, to be found and stored by name: enough to verify it again."""
        of_schemes = (name for scheme in self.schemes for name in scheme.headers)
        return {name: name.decode("ascii") for name in (*_ALWAYS_KEPT, *of_schemes)}

    @cached_property
    def decoders(self) -> Mapping[str, msgspec.json.Decoder[Any]]:
        return {kind: msgspec.json.Decoder(contract) for kind, contract in self.contracts.items()}

    def scheme_of(self, headers: Mapping[bytes, bytes]) -> Scheme:
        """The first scheme whose header is there; the source's own if none is."""
        for scheme in self.schemes:
            if scheme.headers[0] in headers:
                return scheme
        return self.scheme


@dataclass(frozen=True)
class Route:
    """Where deliveries come in: of one kind, or of every kind of a source."""

    source: Source
    kind: str | None
    successor: str | None = None  # of a deprecated path


KINTELL = Source(
    name="kintell",
    scheme=TimestampedHex(b"x-kintell-signature"),
    contracts=kintell.CONTRACTS,
    kind_of=kintell.kind_of,
    path_kinds=kintell.PATH_KINDS,
    kind_on_path=kintell.kind_on_path,
    # As Kintell is configured: without its name.
    other_paths={f"/v1/webhooks/{kind}": kind for kind in kintell.PATH_KINDS},
)
BUDDY = Source(
    name="buddy",
    scheme=TimestampedHex(b"x-buddy-signature"),
    contracts=buddy.CONTRACTS,
    kind_of=buddy.kind_of,
    path_kinds=tuple(buddy.CONTRACTS),
    other_paths={"/v1/webhooks/buddy-events": None},
    old_paths={"/webhooks/buddy-events": "/v1/webhooks/buddy-events"},
)
UPSKILLING = Source(
    name="upskilling",
    scheme=BodyHex(b"x-upskilling-signature", prefix=b"sha256="),
    contracts=upskilling.CONTRACTS,
    kind_of=upskilling.kind_of,
    delivery_id_header=None,
    path_kinds=tuple(upskilling.CONTRACTS),
)
DISCORD = Source(
    name="discord",
    scheme=TimestampedHex(b"x-discord-signature"),
    contracts=discord.CONTRACTS,
    kind_of=single("feedback"),
    path_kinds=("feedback",),
)
BENEVITY = Source(
    name="benevity",
    scheme=BodyHex(b"x-benevity-signature"),
    contracts={"callback": csr.BenevityCallback},
    kind_of=single("callback"),
    delivery_id_header=None,
)
GOODERA = Source(
    name="goodera",
    scheme=TimestampBeside(
        b"x-goodera-signature", b"x-goodera-request-timestamp", separator=b".", prefix=b"sha256="
    ),
    contracts={"callback": csr.GooderaCallback},
    kind_of=single("callback"),
    delivery_id_header=None,
)
WORKDAY = Source(
    name="workday",
    scheme=TimestampBeside(
        b"x-workday-signature", b"x-workday-request-timestamp", separator=b":", is_base64=True
    ),
    contracts={"callback": csr.WorkdayCallback},
    kind_of=single("callback"),
    delivery_id_header=None,
)

SOURCES = (KINTELL, BUDDY, UPSKILLING, DISCORD, BENEVITY, GOODERA, WORKDAY)
BY_NAME = {source.name: source for source in SOURCES}


def routes() -> dict[str, Route]:
    """Every path of the receiver."""
    table: dict[str, Route] = {}
    for source in SOURCES:
        table[f"/v1/webhooks/{source.name}"] = Route(source, None)
        table |= {f"/v1/webhooks/{source.name}/{kind}": Route(source, kind) for kind in source.path_kinds}
        table |= {path: Route(source, kind) for path, kind in source.other_paths.items()}
        for path, successor in source.old_paths.items():
            table[path] = Route(source, table[successor].kind, successor)
    return table


def signed_at(source_name: str, headers: Mapping[str, str]) -> int | None:
    """The unix second in the kept headers of a delivery, if its scheme signs one."""
    if (source := BY_NAME.get(source_name)) is None:
        return None
    for scheme in source.schemes:
        if scheme.headers[0].decode("ascii") in headers:
            raw = {
                name: headers[text].encode("latin-1", "replace")
                for name in scheme.headers
                if (text := name.decode("ascii")) in headers
            }
            claim = scheme.read(raw)
            return None if isinstance(claim, Verdict) else claim.signed_at
    return None
