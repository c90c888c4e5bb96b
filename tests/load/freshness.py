"""From a webhook to the number on a dashboard: one session of a company of its own at a time, and the moment
at which the API first tells of it.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from ingest.stores import postgres_connection
from ingest.webhooks.sample import send_sample
from tests.load import companies
from tests.load.deliveries import new_run
from tests.load.outcome import Outcome
from tests.load.platform import Target
from tests.load.progress import counting
from tests.load.reads import key_for
from tests.load.scenarios import machine
from tests.load.watch import Watch

POLL_S = 0.25
GIVE_UP_S = 900.0

# The refresh that was under way, or had last ended, when the number was seen.
_REFRESH = """
select start_time, end_time from dagster.runs
where pipeline_name = 'refresh_warehouse' and start_time <= %s and status in ('SUCCESS', 'STARTED')
order by start_time desc limit 1
"""


@dataclass(frozen=True)
class Seen:
    """One session on its way."""

    accepted_at: float
    seen_at: float
    refresh_began_at: float
    refresh_ended_at: float

    @property
    def total_s(self) -> float:
        return self.seen_at - self.accepted_at

    @property
    def refresh_s(self) -> float:
        return self.refresh_ended_at - self.refresh_began_at

    @property
    def after_refresh_s(self) -> float:
        """How long the API told the old number after the refresh had ended; 0: not at all."""
        return max(self.seen_at - self.refresh_ended_at, 0.0)


class FreshnessError(Exception):
    """A number did not come, or was not the one that was sent: the message says which."""


def freshness(target: Target, *, events: int) -> Outcome:
    """Send `events` sessions, one by one, and await each one's number."""
    outcome = Outcome("freshness", f"From a webhook to a dashboard's number, {events} times", "")
    companies.introduce(target)
    seen: list[Seen] = []
    with Watch(target) as watch, key_for(target, companies.WATCHED) as key:
        try:
            with counting("awaiting numbers", events) as advance:
                for _ in range(events):
                    seen.append(probe(target, key))
                    advance(1)
        except FreshnessError as error:
            outcome.void, outcome.watch = [str(error)], watch
            return outcome
    outcome.watch = watch
    outcome.figures = {**figures(seen), **machine(watch, events)}
    outcome.books["freshness"] = {"sent": events, "shown": len(seen)}
    return outcome


def figures(seen: list[Seen], prefix: str = "") -> dict[str, float]:
    """The slowest of each; a dashboard is as fresh as its worst number."""
    if not seen:
        return {}
    worst = {
        "total_s": max(one.total_s for one in seen),
        "refresh_s": max(one.refresh_s for one in seen),
        "after_refresh_s": max(one.after_refresh_s for one in seen),
        "beyond_two_refreshes_s": max(max(one.total_s - 2 * one.refresh_s, 0.0) for one in seen),
    }
    return {prefix + name: round(value, 1) for name, value in worst.items()} | {
        prefix + "probes": float(len(seen))
    }


def probe(target: Target, key: str, is_over: Callable[[], bool] = lambda: False) -> Seen:
    """Send one session and wait until the API counts it. Ended early by `is_over`, it raises."""
    before = sessions(target, key)
    accepted_at = _send(target)
    while (now := sessions(target, key)) == before:
        if time.time() - accepted_at > GIVE_UP_S or is_over():
            raise FreshnessError(
                f"the API still tells {before} sessions {time.time() - accepted_at:.0f} s after one more was"
                " accepted"
            )
        time.sleep(POLL_S)
    seen_at = time.time()
    if now != before + 1:
        raise FreshnessError(f"one session was sent and the API went from {before} to {now}")
    began_at, ended_at = _refresh(target, seen_at)
    return Seen(accepted_at, seen_at, began_at, ended_at)


def sessions(target: Target, key: str) -> int:
    """How many sessions the watched company's dashboard shows, none before any is published."""
    url = f"{target.api_url}/v1/companies/{companies.WATCHED}/metrics?grain=month"
    request = Request(url, headers={"Authorization": f"Bearer {key}"})  # noqa: S310
    try:
        with urlopen(request, timeout=60) as answer:  # noqa: S310
            return sum(item["sessions_count"] for item in json.load(answer)["items"])
    except HTTPError as error:
        with error:
            if error.code == HTTPStatus.SERVICE_UNAVAILABLE and b"/problems/not-published" in error.read():
                return 0
            raise


def _send(target: Target) -> float:
    secret = target.environment["IMPACT_WEBHOOK_SECRET_KINTELL"].replace(",", " ").split()[0]
    sent = send_sample(
        target.webhook_url,
        secret,
        session_id=new_run(),
        participant_email="load-freshness@example.org",
        volunteer_email=companies.WATCHED_VOLUNTEER,
    )
    if sent.status != HTTPStatus.ACCEPTED:
        raise FreshnessError(f"the receiver answered {sent.status} to delivery {sent.delivery_id}")
    return time.time()


def _refresh(target: Target, seen_at: float) -> tuple[float, float]:
    """When the refresh that brought a number began and ended; it may still have to end."""
    until = time.monotonic() + GIVE_UP_S
    with closing(postgres_connection(target.stores, autocommit=True)) as postgres:
        while True:
            row = postgres.execute(_REFRESH, (seen_at,)).fetchone()
            if row is None:
                raise FreshnessError("a number changed and no refresh had begun: somebody else refreshes")
            if row[1] is not None:
                return float(row[0]), float(row[1])
            if time.monotonic() > until:
                raise FreshnessError(
                    f"the refresh that brought a number has not ended within {GIVE_UP_S:.0f} s"
                )
            time.sleep(POLL_S)


class Probing(threading.Thread):
    """One probe after the other, beside other loads, until it is stopped; the last one may stay open."""

    def __init__(self, target: Target, key: str) -> None:
        super().__init__(daemon=True)
        self._target, self._key = target, key
        self._over = threading.Event()
        self.seen: list[Seen] = []
        self.problem: str | None = None

    def run(self) -> None:
        while not self._over.is_set():
            try:
                self.seen.append(probe(self._target, self._key, self._over.is_set))
            except (FreshnessError, OSError) as error:
                if not self._over.is_set():
                    self.problem = str(error)
                return

    def stop(self) -> None:
        self._over.set()
        self.join()
