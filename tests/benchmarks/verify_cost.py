"""What verifying one webhook costs: `python -m tests.benchmarks.verify_cost`.

CPU time per request of 1 KB with two active secrets, for every scheme we read; and for the reference library,
which takes one secret and parses the body.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import standardwebhooks

from ingest.webhooks.schemes import Keys, Scheme
from ingest.webhooks.signatures import Verdict, judge
from ingest.webhooks.sources import SOURCES
from tests.ingest.senders import signature_headers, standard_headers

OLD, NEW = "whsec_b2xkIHNlY3JldCBvZiAyNCBieXRlcw==", "whsec_bmV3IHNlY3JldCBvZiAyNCBieXRlcw=="
KEYS = Keys.of([NEW.encode(), OLD.encode()])
BODY = json.dumps({"note": "x" * 1000}).encode()
REPEATS = 20_000


def main() -> None:
    now = int(time.time())
    timings: dict[str, float] = {}
    for source in SOURCES:
        headers = signature_headers(source.name, OLD, BODY, now)
        timings[f"{source.name}, own scheme"] = cost(_verification(source.scheme, headers, now))
    standard = standard_headers(OLD, BODY, "msg_1", now)
    timings["Standard Webhooks"] = cost(_verification(SOURCES[0].schemes[1], standard, now))
    library = standardwebhooks.Webhook(OLD)
    timings["the standardwebhooks library"] = cost(lambda: library.verify(BODY, standard))
    print("| verification of 1 KB, two secrets | CPU |\n| --- | ---: |")
    for name, seconds in timings.items():
        print(f"| {name} | {seconds * 1e6:.1f} µs |")


def cost(verify: Callable[[], object]) -> float:
    """CPU seconds per call: other work on the machine does not count."""
    started = time.process_time()
    for _ in range(REPEATS):
        verify()
    return (time.process_time() - started) / REPEATS


def _verification(scheme: Scheme, headers: dict[str, str], now: int) -> Callable[[], object]:
    raw = {name.lower().encode(): value.encode() for name, value in headers.items()}

    def verify() -> None:
        claim = scheme.read(raw)
        assert not isinstance(claim, Verdict)
        assert judge(claim, BODY, keys=scheme.keys(KEYS), now=now).verdict is Verdict.VALID

    return verify


if __name__ == "__main__":
    main()
