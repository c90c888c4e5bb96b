"""The same seed and day make the same bytes; what the files hold is what the ledger and the counts say."""

from __future__ import annotations

import copy
import csv
import dataclasses
import hashlib
import json
from collections import Counter, defaultdict
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from ingest.backfill.importer import import_file
from ingest.reference import import_folder
from ingest.stores import postgres_connection
from orchestration.demo import dashboard
from orchestration.demo.facts import Enrolment, Match, Session
from orchestration.demo.files import write_reference
from orchestration.demo.ledger import GRAINS, TRENDS, Cell, Ledger, differences
from orchestration.demo.population import Membership, Population, Volunteer
from orchestration.demo.texts import LANGUAGES, Voice, sentences
from orchestration.demo.window import Window
from tests.demo.simulated import Simulated


def test_the_same_seed_and_day_make_the_same_bytes_and_another_seed_others(simulated, tmp_path):
    assert Simulated(tmp_path / "again").fingerprint() == simulated.fingerprint()
    other = Simulated(tmp_path / "other", seed=8)
    assert other.fingerprint() != simulated.fingerprint()
    mine = {str(c.company_id) for c in simulated.population.companies}
    assert mine.isdisjoint(str(c.company_id) for c in other.population.companies)


def test_full_scale_is_three_companies_400_volunteers_and_2000_participants():
    population = Population(7, 1, Window(date(2026, 11, 23)))
    assert [c.volunteer_count for c in population.companies] == [260, 110, 30]
    assert population.participant_count == 2_000
    assert population.window.first == date(2025, 5, 23)
    kinds = Counter(len(v.memberships) for v in population.volunteers)
    assert kinds[0] == 16
    assert kinds[2] > 5


def test_everything_happened_within_the_window_and_sessions_within_their_day(simulated):
    window = simulated.population.window
    for fact in simulated.facts:
        if isinstance(fact, Session) and fact.completed_at:
            assert window.first <= fact.scheduled_at.date() == fact.completed_at.date() < window.now
            assert fact.completed_at > fact.scheduled_at
            assert 15 <= fact.duration_minutes <= 120
            assert all(fact.completed_at < r.created_at < window.end for r in fact.ratings)
        if isinstance(fact, Match) and fact.ended_at:
            assert fact.ended_at - fact.matched_at >= timedelta(days=1)


def test_the_files_hold_the_rows_they_say_they_do(simulated):
    assert len({file.format for file in simulated.files}) == 14
    for file in simulated.files:
        rows = simulated.rows(file.path.name)
        assert len(rows) == file.rows
        assert len(rows) - len({tuple(row.values()) for row in rows}) == file.repeated >= 1
        assert file.sha256 == hashlib.sha256(file.path.read_bytes()).hexdigest()
    assert not list(simulated.folder.glob("*.part"))


def test_the_importer_finds_the_good_the_wrong_and_the_repeated_rows_that_were_written(
    simulated, store_settings, tmp_path
):
    write_reference(tmp_path / "reference", simulated.population)
    with closing(postgres_connection(store_settings)) as connection:
        import_folder(connection, tmp_path / "reference")
        connection.commit()
    wrong: set[str] = set()
    for file in simulated.files:
        result = import_file(file.path, store_settings, error_folder=tmp_path, dry_run=True)
        assert result.file_format == file.format
        assert result.errors == file.wrong
        assert (result.total_rows, result.skipped_rows) == (file.rows, file.repeated)
        wrong |= file.wrong.keys()
    assert len(wrong) >= 5


def test_a_strangers_hours_are_wrong_also_where_the_row_before_names_a_company(store_settings, tmp_path):
    """Of this small programme, the rows to spoil name a company: it alone would make the hours count."""
    small = Simulated(tmp_path / "landing", scale=0.02, now=date(2026, 11, 27))
    write_reference(tmp_path / "reference", small.population)
    (tmp_path / "reference" / "program_instances.csv").unlink()  # their names are another programme's too
    with closing(postgres_connection(store_settings)) as connection:
        import_folder(connection, tmp_path / "reference")
        connection.commit()
    files = [file for file in small.files if "volunteering" in file.path.name]
    assert [file.wrong for file in files] == [{"E015": 1}] * 2
    for file in files:
        result = import_file(file.path, store_settings, error_folder=tmp_path, dry_run=True)
        assert result.errors == file.wrong


def test_the_good_rows_of_the_session_exports_are_the_sessions_before_the_last_three_weeks(simulated):
    window = simulated.population.window
    exported = {
        f.session_id
        for f in simulated.facts
        if isinstance(f, Session) and f.scheduled_at < window.exported_until
    }
    in_files = {r["session_id"] for r in simulated.rows("kintell")}
    assert {i for i in in_files if i[:2] in ("LS", "MS")} >= exported
    assert {i for i in in_files if i and not i.startswith("X-")} == exported


def test_recent_sessions_come_by_webhook_and_two_days_come_both_ways(simulated):
    window = simulated.population.window
    by_webhook = {
        json.loads(d.body)["session_id"] for d in simulated.deliveries if d.kind == "session-completed"
    }
    recent = {
        f.session_id
        for f in simulated.facts
        if isinstance(f, Session) and f.completed_at and f.completed_at >= window.webhooks_from
    }
    assert by_webhook == recent
    assert by_webhook & {r["session_id"] for r in simulated.rows("kintell")}


def test_deliveries_repeat_ids_only_with_the_same_body(simulated):
    bodies = defaultdict(set)
    for delivery in simulated.deliveries:
        bodies[delivery.delivery_id].add(delivery.body)
    assert all(len(known) == 1 for known in bodies.values())
    assert len(bodies) < len(simulated.deliveries)


def test_every_email_is_in_a_domain_reserved_for_examples(simulated):
    write_reference(simulated.folder / "reference", simulated.population)
    members = csv.DictReader(
        (simulated.folder / "reference" / "company_members.csv").read_text("utf-8").splitlines()
    )
    emails = {row["email"] for row in members}
    emails |= {
        r["participant_email"] for r in simulated.rows("kintell-language") if "@" in r["participant_email"]
    }
    assert all(e.endswith((".example.com", "@example.org")) for e in emails)


def test_the_ledger_adds_up(simulated):
    expected = simulated.ledger.expected()
    sessions = [f for f in simulated.facts if isinstance(f, Session) and f.completed_at]
    for grain in GRAINS:
        cells = [m for cell, m in expected.items() if cell.grain == grain]
        attributed = sum(m["sessions_count"] for m in cells)
        assert attributed + simulated.ledger.unattributed["sessions"] == len(sessions)
        assert sum(m["enrollments_count"] for m in cells) + simulated.ledger.unattributed[
            "enrolments"
        ] == sum(isinstance(f, Enrolment) for f in simulated.facts)
    months = defaultdict(float)
    for cell, m in expected.items():
        if cell.grain == "month":
            year, month = map(int, cell.period.split("-"))
            months[cell.company_id, f"{year}-Q{(month + 2) // 3}"] += m["volunteer_hours"]
    for (company, quarter), hours in months.items():
        assert hours == pytest.approx(
            expected[Cell(company, "quarter", quarter)]["volunteer_hours"], abs=1e-9
        )


def test_a_volunteer_counts_for_the_employer_of_the_day_and_a_companys_instance_comes_first(simulated):
    population = simulated.population
    one, two = population.companies[0].company_id, population.companies[1].company_id
    volunteer = Volunteer(
        0, "v@example.com", "V", "V", frozenset(),
        (Membership(one, date(2025, 1, 1), date(2025, 9, 30)), Membership(two, date(2025, 10, 1))),
        Voice("no"),
    )  # fmt: skip
    participant = next(population.participants())
    ledger = Ledger(population.window)

    def company(day: date):
        return ledger.company_of("language_ukraine", participant, volunteer, day)

    assert company(date(2024, 12, 31)) is None
    assert company(date(2025, 9, 30)) == one
    assert company(date(2025, 10, 1)) == two
    instance = next(
        i for i in population.instances if i.company_id == one and i.program_type == "language_ukraine"
    )
    enrolled = datetime(2025, 10, 5, 9, tzinfo=UTC)
    ledger.record(Enrolment(participant, instance, enrolled, "completed", enrolled + timedelta(days=10)))
    assert company(date(2025, 10, 4)) == two
    assert company(date(2025, 10, 5)) == one
    assert company(date(2025, 10, 15)) == one
    assert company(date(2025, 10, 16)) == two


def test_differences_names_what_differs_and_nothing_else():
    cell = Cell(uuid4(), "month", "2026-09")
    wanted = {"sessions_count": 3, "volunteer_hours": 1.5, "avg_rating": None}
    assert list(differences({cell: wanted}, {cell: {**wanted, "volunteer_hours": 1.5 + 1e-12}})) == []
    assert "sessions_count should be 3, served 4" in next(
        differences({cell: wanted}, {cell: {**wanted, "sessions_count": 4}})
    )
    assert "avg_rating" in next(differences({cell: wanted}, {cell: {**wanted, "avg_rating": 0.0}}))
    assert "not served" in next(differences({cell: wanted}, {}))
    assert "nothing happened" in next(differences({}, {cell: wanted}))


def test_days_and_weeks_of_a_trend_add_up_to_its_months(simulated):
    trends = simulated.ledger.trends()
    summed = {name for row in trends.values() for name in row} - {"participants_count", "volunteers_count"}
    assert len(summed) == len(TRENDS) - 2
    for name in summed:
        totals = Counter()
        for cell, row in trends.items():
            totals[cell.grain] += row.get(name, 0)
        assert totals["day"] == pytest.approx(totals["week"], abs=1e-6)
        assert totals["day"] == pytest.approx(totals["month"], abs=1e-6)
        assert totals["day"] == pytest.approx(totals["quarter"], abs=1e-6)


def test_a_dashboard_is_compared_number_by_number(simulated):
    wanted = dashboard.expected(simulated.ledger)
    assert all((wanted.trends, wanted.tiles, wanted.retention))
    got = copy.deepcopy(wanted)
    got.tiles[dataclasses.replace(next(iter(got.tiles)), metric="bookings")] = 3.0  # not known to the ledger
    assert list(dashboard.differences(wanted, got)) == []
    trend, tile, retained = (next(iter(side)) for side in (got.trends, got.tiles, got.retention))
    got.trends[trend] += 1
    del got.tiles[tile]
    got.retention[retained] = (1, 1)
    found = list(dashboard.differences(wanted, got))
    assert [line.split()[0] for line in found] == ["trend", "tile", "retention"]
    assert tile.metric in found[1]
    assert "served 0.0" in found[1]


def test_most_who_complete_a_mentorship_look_back_on_several_steps(simulated):
    completed = {
        fact.participant.number
        for fact in simulated.facts
        if isinstance(fact, Enrolment)
        and (fact.instance.program_type, fact.status) == ("mentors_ukraine", "completed")
    }
    steps = {
        s.text: s.labels for language in LANGUAGES for s in sentences(language) if s.context == "looking back"
    }
    told = {
        fact.participant.number: set().union(*(steps[text] for text in steps if text in rating.text))
        for fact in simulated.facts
        if isinstance(fact, Session)
        for rating in fact.ratings
        if any(text in rating.text for text in steps)
    }
    assert len(told.keys() & completed) > len(completed) / 3
    # Some write without a capital or a full stop: two of the five sentences may not be found again.
    assert min(map(len, told.values())) >= 3
