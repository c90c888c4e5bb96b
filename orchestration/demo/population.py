"""Who there is: companies, their volunteers, programme instances and participants. All of them invented."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from uuid import UUID, uuid5

from orchestration.demo.texts import Voice
from orchestration.demo.window import Window, chance

NAMESPACE = UUID("c7f8e3a2-3f0b-5c57-9a52-6b8a1f1f0d10")

PARTICIPANTS = 2_000
INDEPENDENT_VOLUNTEERS = 16
LANGUAGE, MENTORS, BUDDY, UPSKILLING = "language_ukraine", "mentors_ukraine", "buddy", "upskilling"
PROGRAM_TYPES = (LANGUAGE, MENTORS, BUDDY, UPSKILLING)
COHORT_DAYS = 184


@dataclass(frozen=True, slots=True)
class Company:
    company_id: UUID
    name: str
    domain: str
    industry: str
    employee_size: str
    volunteer_count: int
    runs: tuple[str, ...]  # the programme types it runs instances of


@dataclass(frozen=True, slots=True)
class Membership:
    company_id: UUID
    joined_on: date
    left_on: date | None = None
    is_primary: bool = True


@dataclass(frozen=True, slots=True)
class Volunteer:
    number: int
    email: str
    first_name: str
    last_name: str
    roles: frozenset[str]  # programme types
    memberships: tuple[Membership, ...]
    voice: Voice


@dataclass(frozen=True, slots=True)
class Instance:
    """One cohort of a programme; `company_id` is None where the charity runs it."""

    instance_id: UUID
    company_id: UUID | None
    program_type: str
    name: str
    slug: str
    start_on: date
    end_on: date | None
    status: str


@dataclass(frozen=True, slots=True)
class Participant:
    number: int
    email: str
    joined_on: date
    program_types: tuple[str, ...]
    level: float  # CEFR when joining: 0 is A1, 5 is C2
    voice: Voice


# name, domain, industry, size, volunteers, programmes of their own
_COMPANIES = (
    ("Fjordlys Energi (demo)", "fjordlys.example.com", "energy", "large", 260, PROGRAM_TYPES),
    ("Nordhavn Logistikk (demo)", "nordhavn.example.com", "logistics", "medium", 110, (MENTORS, UPSKILLING)),
    ("Bjerkelund Bank (demo)", "bjerkelund.example.com", "finance", "small", 30, (BUDDY,)),
)
_NAMES = {
    "f": (["Anna", "Olha", "Iryna", "Nataliia", "Oksana", "Svitlana", "Yuliia", "Daria", "Halyna"],
          ["Ingrid", "Kari", "Silje", "Nora", "Hanne", "Marit", "Ida", "Astrid", "Camilla", "Tone"]),
    "m": (["Andrii", "Taras", "Oleh", "Dmytro", "Serhii", "Petro", "Mykola", "Bohdan"],
          ["Jon", "Lars", "Erik", "Knut", "Anders", "Magnus", "Henrik", "Sindre"]),
}  # fmt: skip
_SURNAMES = (
    [
        "Koval",
        "Shevchuk",
        "Bondar",
        "Tkach",
        "Melnyk",
        "Lysenko",
        "Hrytsenko",
        "Marchuk",
        "Rudenko",
        "Savchenko",
    ],
    ["Hansen", "Berg", "Dahl", "Lie", "Haugen", "Solberg", "Moen", "Strand", "Bakken", "Nygård"],
)
_PROGRAM_NAMES = {LANGUAGE: "Language Connect", MENTORS: "Mentors", BUDDY: "Buddy", UPSKILLING: "Upskilling"}
_JOIN_SHARE = {LANGUAGE: 0.72, MENTORS: 0.38, BUDDY: 0.28, UPSKILLING: 0.30}
_ROLE_SHARE = {LANGUAGE: 0.65, MENTORS: 0.42, BUDDY: 0.35}


@dataclass(frozen=True)
class Population:
    """Everybody, for one seed. Participants are made one by one: a large scale needs little memory."""

    seed: int
    scale: float
    window: Window

    @cached_property
    def companies(self) -> tuple[Company, ...]:
        return tuple(
            Company(self.id_of("company", domain), name, domain, industry, size,
                    max(3, round(volunteers * self.scale)), runs)
            for name, domain, industry, size, volunteers, runs in _COMPANIES
        )  # fmt: skip

    @cached_property
    def instances(self) -> tuple[Instance, ...]:
        return tuple(
            instance
            for cohort in range(self.window.days // COHORT_DAYS + 1)
            for owner in (None, *self.companies)
            for program_type in (owner.runs if owner else PROGRAM_TYPES)
            for instance in [self._instance(owner, program_type, cohort)]
        )

    @cached_property
    def volunteers(self) -> tuple[Volunteer, ...]:
        volunteers: list[Volunteer] = []
        for company in self.companies:
            for _ in range(company.volunteer_count):
                volunteers.append(self._volunteer(len(volunteers), company))
        for _ in range(max(2, round(INDEPENDENT_VOLUNTEERS * self.scale))):
            volunteers.append(self._volunteer(len(volunteers), None))
        return tuple(volunteers)

    @cached_property
    def participant_count(self) -> int:
        return max(20, round(PARTICIPANTS * self.scale))

    def participants(self) -> Iterator[Participant]:
        return (self._participant(number) for number in range(self.participant_count))

    def instances_open(self, program_type: str, day: date) -> list[Instance]:
        """The instances that take new participants on that day."""
        return [
            instance for instance in self.instances
            if instance.program_type == program_type
            and instance.start_on <= day < instance.start_on + timedelta(days=COHORT_DAYS)
        ]  # fmt: skip

    @cached_property
    def _pools(self) -> dict[tuple[UUID | None, str], tuple[Volunteer, ...]]:
        return {
            (company_id, role): tuple(
                v for v in self.volunteers
                if role in v.roles and company_id in (None, *(m.company_id for m in v.memberships[:1]))
            )
            for company_id in (None, *(c.company_id for c in self.companies))
            for role in _ROLE_SHARE
        }  # fmt: skip

    def volunteers_for(self, company_id: UUID | None, role: str) -> tuple[Volunteer, ...]:
        """Those of a company who do this; everybody who does, where the company is None or has nobody."""
        return self._pools[company_id, role] or self._pools[None, role] or self.volunteers

    @property
    def session_mark(self) -> str:
        """What every session id of this programme has in it."""
        return f"-DEMO{self.seed}-"

    def id_of(self, *path: object) -> UUID:
        return uuid5(NAMESPACE, "/".join(map(str, (self.seed, *path))))

    def _instance(self, owner: Company | None, program_type: str, cohort: int) -> Instance:
        start = self.window.first + timedelta(days=cohort * COHORT_DAYS)
        end = start + timedelta(days=2 * COHORT_DAYS)
        brand = owner.domain.partition(".")[0] if owner else "charity"
        name = f"{_PROGRAM_NAMES[program_type]} {start:%Y-%m}"
        return Instance(
            instance_id=self.id_of("instance", brand, program_type, cohort),
            company_id=owner.company_id if owner else None,
            program_type=program_type,
            name=f"{name}, {owner.name}" if owner else name,
            slug=f"{brand}-{program_type.replace('_', '-')}-{start:%Y-%m}",
            start_on=start,
            end_on=end if end < self.window.now else None,
            status="completed" if end < self.window.now else "active",
        )

    def _volunteer(self, number: int, company: Company | None) -> Volunteer:
        rng = chance(self.seed, "volunteer", number)
        gender = rng.choice("fm")
        first, last = rng.choice(_NAMES[gender][1]), rng.choice(_SURNAMES[1])
        domain = company.domain if company else "volunteers.example.com"
        roles = frozenset(role for role, share in _ROLE_SHARE.items() if rng.random() < share)
        return Volunteer(
            number=number,
            email=_email(first, last, number, domain),
            first_name=first,
            last_name=last,
            roles=roles or frozenset([LANGUAGE]),
            memberships=self._memberships(rng, company) if company else (),
            voice=Voice(rng.choices(("no", "en"), (75, 25))[0], gender),
        )

    def _memberships(self, rng: random.Random, company: Company) -> tuple[Membership, ...]:
        """Mostly one employer; some joined or left on the way, a few changed company or have two at once."""
        window = self.window
        joined = window.first - timedelta(days=rng.randrange(30, 1_500))
        other = rng.choice([c.company_id for c in self.companies if c != company])
        some_day = window.first + timedelta(days=rng.randrange(60, window.days - 60))
        match rng.choices(("stays", "joins late", "leaves", "changes", "has two"), (81, 8, 5, 3, 3))[0]:
            case "joins late":
                return (Membership(company.company_id, some_day),)
            case "leaves":
                return (Membership(company.company_id, joined, some_day),)
            case "changes":
                next_day = some_day + timedelta(days=1)
                return (Membership(company.company_id, joined, some_day), Membership(other, next_day))
            case "has two":
                return (Membership(company.company_id, joined), Membership(other, joined, is_primary=False))
            case _:
                return (Membership(company.company_id, joined),)

    def _participant(self, number: int) -> Participant:
        rng = chance(self.seed, "participant", number)
        gender = rng.choices("fm", (70, 30))[0]
        language = rng.choices(("uk", "no", "en"), (62, 22, 16))[0]
        joins = tuple(kind for kind in PROGRAM_TYPES if rng.random() < _JOIN_SHARE[kind])
        return Participant(
            number=number,
            email=_email(rng.choice(_NAMES[gender][0]), rng.choice(_SURNAMES[0]), number, "example.org"),
            # A tenth was there from the first weeks; later months bring a few more than earlier ones.
            joined_on=self.window.first
            + timedelta(
                days=rng.randrange(21)
                if rng.random() < 0.1
                else int((self.window.days - 10) * rng.random() ** 0.85)
            ),
            program_types=joins or (LANGUAGE,),
            level=min(4.0, max(0.0, rng.gauss(1.1, 0.9))),
            voice=Voice(
                language,
                gender,
                form="nynorsk" if language == "no" and rng.random() < 0.15 else "",
                drops_full_stop=rng.random() < 0.3,
                writes_lower_case=rng.random() < 0.12,
                likes_emoji=rng.random() < 0.1,
            ),
        )


def _email(first: str, last: str, number: int, domain: str) -> str:
    return f"{first}.{last}.{number + 1}@{domain}".lower().replace("å", "a")
