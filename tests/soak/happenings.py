"""What happens on a soak's day beside the deliveries: readers, an erasure, a report to a partner."""

from __future__ import annotations

import asyncio
import csv
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import aiohttp
from clickhouse_connect.driver.exceptions import ClickHouseError

from ingest.api_keys import create_key
from ingest.reference import import_folder
from ingest.stores import clickhouse_client, postgres_connection
from tests.load.platform import Target
from tests.partners.server import OPTIONS, SECRETS, Partners
from tests.soak.ledger import VOLUNTEERS, Delivery
from tests.soak.sending import Sender

NAMESPACE = UUID("4d1c5d0e-6b7f-4b0e-9f4b-1d3a5c7e9b20")
COMPANIES = tuple(uuid5(NAMESPACE, f"company {number}") for number in range(3))
PARTNER = "goodera"
ERASED_PERSON = 1_000_000  # no number that the ledger gives to anybody
ERASED_SESSIONS, LATER_SESSIONS = 5, 3
ASK_S = 2.0
PATIENCE_S = 1200.0

Record = Callable[..., None]

_STORED = "select count() from raw.events where startsWith(subject, {prefix:String})"
_PERSON = "select any(person_id) from raw.events where startsWith(subject, {prefix:String})"
_OF_PERSON = "select count() from raw.events where person_id = {person:UUID}"


class NotInTimeError(Exception):
    """Something that was to happen has not, or was refused; says what."""


def last_month(today: datetime) -> str:
    return f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"


def days(today: datetime) -> Sequence[str]:
    """Of the month that has closed, whose numbers are delivered, and of this one until yesterday."""
    month_ago = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    return [
        f"{month_ago + timedelta(days=number):%Y-%m-%d}"
        for number in range(max(28, (today - month_ago).days))
    ]


@dataclass
class Day:
    """The companies of a soak, and what it does for them. `record` writes down what happened."""

    target: Target
    partners: Partners
    partners_address: str
    sender: Sender
    session: aiohttp.ClientSession
    record: Record
    run: str
    patience_s: float = 0.0  # for how long a call that failed is made again; 0: a failure is a failure
    keys: dict[UUID, str] = field(default_factory=dict)
    reads: Counter[str] = field(default_factory=Counter)
    person: str = ""
    _published: set[tuple[UUID, str]] = field(default_factory=set)

    def introduce(self, folder: Path) -> None:
        """Companies with their volunteers, as an operator imports them, and a key of each company."""
        folder.mkdir(parents=True)
        _write(
            folder / "companies.csv", ("company_id", "name", "country"),
            [(one, f"Soak company {number}", "NO") for number, one in enumerate(COMPANIES)],
        )  # fmt: skip
        _write(
            folder / "company_members.csv", ("company_id", "email", "joined_on"),
            [(COMPANIES[n % len(COMPANIES)], f"v{n}@example.com", "2024-01-01") for n in range(VOLUNTEERS)],
        )  # fmt: skip
        with closing(postgres_connection(self.target.stores)) as connection:
            import_folder(connection, folder)
            self.keys = {
                company: create_key(
                    connection, company, "soak", "company_admin", rate_limit_per_minute=1_000_000_000
                )
                for company in COMPANIES
            }
            connection.commit()

    async def read(self, number: int, pause_s: float) -> None:
        """A reader of figures who never stops: answers are counted by status, from a view's first figures on.

        Before the first refresh there is nothing to read, and the API says so (503); views are published one
        after the other.
        """
        company = COMPANIES[number % len(COMPANIES)]
        paths = ("metrics?grain=month", "trends?metric=sessions_count&granularity=day", "sroi", "vis")
        turn = number
        while True:
            turn += 1
            path = paths[turn % len(paths)]
            url = f"{self.target.api_url}/v1/companies/{company}/{path}"
            status = "no answer"
            try:
                async with self.session.get(url, headers=_bearer(self.keys[company])) as answer:
                    await answer.read()
                    status = str(answer.status)
            except (aiohttp.ClientError, TimeoutError, OSError):
                pass
            if status == "200":
                self._published.add((company, path))
            if (company, path) in self._published:
                self.reads[status] += 1
            await asyncio.sleep(pause_s)

    async def erase_somebody(self) -> None:
        """Somebody takes part, is erased at once, and is told of again by a sender who does not know."""
        before, later = f"gone{self.run}", f"late{self.run}"
        for number in range(ERASED_SESSIONS):
            await self.sender.send(_session(f"{before}-{number}"))
        await self._until(
            lambda: self._number(_STORED, prefix=f"session/{before}-") == ERASED_SESSIONS,
            "the sessions of who is to be erased are stored",
        )
        self.person = str(await asyncio.to_thread(self._ask, _PERSON, prefix=f"session/{before}-"))
        order = {"subject": {"person_id": self.person}, "immediate": True, "reason": "soak"}
        admin = self.target.layout.environment()["IMPACT_ADMIN_KEY"]
        began = time.monotonic()
        request = await self._call("POST", "/v1/privacy/delete", admin, order)
        state = await self._until_ended(request["request_id"], admin)
        self.record("erasure", state=state, seconds=round(time.monotonic() - began, 1))
        for number in range(LATER_SESSIONS):
            await self.sender.send(_session(f"{later}-{number}"))

    async def _until_ended(self, request: str, key: str) -> str:
        path, until = f"/v1/privacy/requests/{request}", time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            state = str((await self._call("GET", path, key))["state"])
            if (
                state in ("partial", "failed") and self.patience_s
            ):  # as an operator does it, who mended the cause
                await self._call("POST", f"{path}/retry", key)
            elif state in ("completed", "partial", "failed", "cancelled"):
                return state
            await asyncio.sleep(ASK_S)
        raise NotInTimeError(f"the erasure has not ended within {PATIENCE_S:g} s")

    async def deliver(self) -> None:
        """One company's numbers of last month go to its partner, as soon as they are published."""
        company, period = COMPANIES[0], last_month(datetime.now(UTC))
        key = self.keys[company]
        until = time.monotonic() + PATIENCE_S
        while period not in await self._published_months(company, key):
            if time.monotonic() > until:
                raise NotInTimeError(f"no figures of {period} were published within {PATIENCE_S:g} s")
            await asyncio.sleep(ASK_S)
        options = {name: OPTIONS[name] for name in ("organization_id", "project_id")}
        connection = {
            "connector": PARTNER, "base_url": f"http://{self.partners_address}/{PARTNER}", "options": options,
        }  # fmt: skip
        await self._call("PUT", f"/v1/impact-in/connections/{PARTNER}", key, connection)
        secret = {"secret": SECRETS["api_key"]}
        await self._call("PUT", f"/v1/impact-in/connections/{PARTNER}/secrets/api_key", key, secret)
        # Figures of the period go on changing while the soak sends: corrections would follow one another.
        wish = {"platform": PARTNER, "cadence": "monthly", "sends_corrections": False}
        # Asked anew after a lost answer, a second schedule would be made.
        schedules = (await self._call("GET", "/v1/impact-in/schedules", key))["items"]
        schedule = (
            schedules[0] if schedules else await self._call("POST", "/v1/impact-in/schedules", key, wish)
        )
        began = time.monotonic()
        await self._call("POST", f"/v1/impact-in/schedules/{schedule['schedule_id']}/run-now", key)
        while not self.partners.processed(PARTNER):
            if time.monotonic() > until:
                raise NotInTimeError(f"the partner has got nothing within {PATIENCE_S:g} s")
            await asyncio.sleep(ASK_S)
        self.record("delivery", period=period, seconds=round(time.monotonic() - began, 1))

    async def _published_months(self, company: UUID, key: str) -> set[str]:
        try:
            found = await self._call("GET", f"/v1/companies/{company}/metrics?grain=month", key)
        except NotInTimeError:  # nothing has been published yet
            return set()
        return {item["period"] for item in found["items"]}

    async def account(self) -> dict[str, Any]:
        """What is left of who was erased, and what the partner and the platform say of the delivery."""
        return {
            "erased": await asyncio.to_thread(self._traces) if self.person else None,
            "delivery": await self._delivered(),
        }

    def _traces(self) -> dict[str, Any] | None:
        impact = Path(sys.executable).with_name("impact")
        with closing(postgres_connection(self.target.stores)) as connection:
            rows = connection.execute(
                "select erasure_id::text from privacy.erasures order by begun_at desc limit 1"
            ).fetchall()
        if not rows:  # the run was interrupted before
            return None
        [[erasure]] = rows
        verified = subprocess.run(
            [impact, "privacy", "verify", erasure], env=self.target.environment, capture_output=True,
            check=False,
        )  # fmt: skip
        return {
            "rows_of_the_person": self._number(_OF_PERSON, person=self.person),
            "rows_told_of_later": self._number(_STORED, prefix=f"session/late{self.run}-"),
            "sessions_kept_for_the_volunteer": self._number(_STORED, prefix=f"session/gone{self.run}-"),
            "verify_ended_with": verified.returncode,
        }

    async def _delivered(self) -> dict[str, Any]:
        taken = self.partners.processed(PARTNER)
        found = await self._call("GET", "/v1/impact-in/deliveries", self.keys[COMPANIES[0]])
        return {
            "accepted_by_the_partner": len(taken),
            "accepted_more_than_once": sum(one.times > 1 for one in taken),
            "delivered_says_the_platform": sum(one["status"] == "delivered" for one in found["items"]),
            "problems": self.partners.problems,
        }

    async def _call(self, method: str, path: str, key: str, body: Any = None) -> dict[str, Any]:
        until = time.monotonic() + self.patience_s
        while True:
            try:
                async with self.session.request(
                    method, self.target.api_url + path, json=body, headers=_bearer(key)
                ) as answer:
                    if answer.status < 400:
                        return dict(await answer.json())
                    problem = f"{answer.status}: {await answer.text()}"
                    is_final = answer.status < 500
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                problem, is_final = type(error).__name__, False
            if is_final or time.monotonic() >= until:
                raise NotInTimeError(f"{method} {path} answered {problem}")
            await asyncio.sleep(ASK_S)

    async def _until(self, is_true: Callable[[], bool], what: str) -> None:
        until = time.monotonic() + PATIENCE_S
        while not await self._try(is_true):
            if time.monotonic() > until:
                raise NotInTimeError(f"not within {PATIENCE_S:g} s: {what}")
            await asyncio.sleep(ASK_S)

    async def _try(self, is_true: Callable[[], bool]) -> bool:
        try:
            return await asyncio.to_thread(is_true)
        except (ClickHouseError, OSError):
            if not self.patience_s:
                raise
            return False

    def _number(self, query: str, **parameters: str) -> int:
        return int(self._ask(query, **parameters))

    def _ask(self, query: str, **parameters: str) -> Any:
        with closing(clickhouse_client(self.target.stores)) as clickhouse:
            return clickhouse.query(query, parameters).result_rows[0][0]


def _session(fact: str) -> Delivery:
    return Delivery("session-completed", fact, 2, person=ERASED_PERSON)


def _bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def _write(path: Path, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([head, *rows])
