"""Reference files are imported whole or not at all, and say where they are wrong."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from typer import Typer
from typer.testing import CliRunner

from ingest.people import resolve_people_blocking
from ingest.reference import Imported, ReferenceFileError, import_companies, import_folder
from ingest.stores import StoreSettings


class Folder:
    """A folder with one company, one member and one programme instance, to be changed by a test."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.company, self.instance = uuid4(), uuid4()
        self.email = f"{uuid4()}@example.com"
        self.write(
            "companies.csv", "company_id,name,industry,country,employee_size,time_zone", self.company_row()
        )
        self.write(
            "company_members.csv",
            "company_id,email,first_name,last_name,joined_on,left_on,is_primary",
            f"{self.company},{self.email},Ingrid,Hansen,2024-01-01,,true",
        )
        self.write(
            "program_instances.csv",
            "program_instance_id,company_id,program_type,program_name,program_slug,start_date,end_date,status",
            f"{self.instance},{self.company},language_ukraine,Autumn,{self.instance},2025-08-01,,active",
        )

    def company_row(self, name: str = "", size: str = "large") -> str:
        return f"{self.company},{name or self.company},software,NO,{size},Europe/Oslo"

    def write(self, file: str, *lines: str) -> None:
        (self.path / file).write_text("\n".join(lines) + "\n", "utf-8")

    def change(self, file: str, old: str, new: str) -> None:
        path = self.path / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def stored(postgres: psycopg.Connection, company: UUID) -> list[tuple[object, ...]]:
    return postgres.execute(
        "select company.name, company.employee_size, person.status, person.first_name, person.last_name,"
        " member.joined_on::text, member.left_on::text, instance.program_slug"
        " from ingest.companies as company"
        " left join ingest.company_members as member using (company_id)"
        " left join ingest.people as person using (person_id)"
        " left join ingest.program_instances as instance using (company_id) where company_id = %s",
        (company,),
    ).fetchall()


def test_importing_twice_is_importing_once(folder: Folder, postgres: psycopg.Connection) -> None:
    for _ in range(2):
        assert import_folder(postgres, folder.path) == Imported(1, 1, 1)
        assert stored(postgres, folder.company) == [
            (
                str(folder.company),
                "large",
                "known",
                "Ingrid",
                "Hansen",
                "2024-01-01",
                None,
                str(folder.instance),
            )
        ]


def test_a_changed_file_changes_the_rows(folder: Folder, postgres: psycopg.Connection) -> None:
    import_folder(postgres, folder.path)
    folder.change("companies.csv", "large", "medium")
    folder.change("company_members.csv", "2024-01-01,,", "2024-01-01,2025-01-31,")
    import_folder(postgres, folder.path)
    [(_, size, *_, left_on, _)] = stored(postgres, folder.company)
    assert (size, left_on) == ("medium", "2025-01-31")


def test_a_person_met_in_an_event_before_is_recognised(folder: Folder, postgres: psycopg.Connection) -> None:
    met = resolve_people_blocking(postgres, "email", [folder.email])[folder.email]
    folder.change("company_members.csv", folder.email, f" {folder.email.upper()}")
    import_folder(postgres, folder.path)
    assert postgres.execute(
        "select status from ingest.people inner join ingest.company_members using (person_id)"
        " where person_id = %s and company_id = %s", (met, folder.company),
    ).fetchone() == ("known",)  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("companies.csv", ",large,", ",huge,", "companies.csv, line 2, column employee_size: not one of"),
        ("companies.csv", "Europe/Oslo", "Oslo", "companies.csv, line 2, column time_zone: not a time zone"),
        ("companies.csv", "NO", "Norway", "companies.csv, line 2, column country: not a two-letter"),
        ("companies.csv", "name", "label", "companies.csv, line 1: column name is missing"),
        ("company_members.csv", "@", "_", "company_members.csv, line 2, column email: not an email address"),
        (
            "company_members.csv",
            "2024-01-01",
            "1.1.24",
            "company_members.csv, line 2, column joined_on: Invalid",
        ),
        ("company_members.csv", "2024-01-01", "", "company_members.csv, line 2, column joined_on: is empty"),
        ("company_members.csv", "01,,", "01,2023-12-31,", "line 2, column left_on: before joined_on"),
        ("program_instances.csv", "language_ukraine", "tango", "line 2, column program_type: not one of"),
        ("program_instances.csv", "01,,", "01,2025-07-31,", "line 2, column end_date: before start_date"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(
    folder: Folder, postgres: psycopg.Connection, file: str, old: str, new: str, says: str
) -> None:
    folder.change(file, old, new)
    with pytest.raises(ReferenceFileError) as refused:
        import_folder(postgres, folder.path)
    assert says in str(refused.value)
    assert folder.email not in str(refused.value)
    assert stored(postgres, folder.company) == []


def test_a_member_of_an_unknown_company_is_refused(folder: Folder, postgres: psycopg.Connection) -> None:
    stranger = str(uuid4())
    folder.change("company_members.csv", str(folder.company), stranger)
    with pytest.raises(
        ReferenceFileError, match=rf"column company_id: {stranger} is neither in companies\.csv nor"
    ):
        import_folder(postgres, folder.path)


def test_a_name_taken_by_another_company_is_refused_and_nothing_changes(
    folder: Folder, postgres: psycopg.Connection
) -> None:
    import_folder(postgres, folder.path)
    taken, folder.company = str(folder.company), uuid4()
    folder.write(
        "companies.csv", "company_id,name,industry,country,employee_size,time_zone", folder.company_row(taken)
    )
    with pytest.raises(ReferenceFileError, match="belongs to another id in the database"):
        import_folder(postgres, folder.path)
    assert stored(postgres, folder.company) == []


def test_an_empty_folder_is_refused(tmp_path: Path, postgres: psycopg.Connection) -> None:
    with pytest.raises(ReferenceFileError, match=r"holds none of companies\.csv"):
        import_folder(postgres, tmp_path)


def test_the_command_reports_and_exits(
    folder: Folder, store_settings: StoreSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTGRES_URL", store_settings.postgres_url.get_secret_value())
    monkeypatch.setenv("CLICKHOUSE_URL", store_settings.clickhouse_url.get_secret_value())
    monkeypatch.setenv("NATS_URL", store_settings.nats_url.get_secret_value())
    app = Typer()
    app.command()(import_companies)
    done = CliRunner().invoke(app, [str(folder.path)])
    assert done.exit_code == 0, done.output
    assert "Imported 1 companies, 1 memberships and 1 programme instances" in done.output
    folder.change("companies.csv", "large", "huge")
    refused = CliRunner().invoke(app, [str(folder.path)])
    assert refused.exit_code == 1
    assert "Nothing imported." in refused.output
