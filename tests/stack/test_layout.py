"""A data folder is used only if it is a platform's, and its addresses and secrets stay where they belong."""

from __future__ import annotations

import base64
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from orchestration.stack import stores
from orchestration.stack.errors import PlatformError
from orchestration.stack.layout import Layout, Ports, dagster_storage_url
from orchestration.stack.settings import StackSettings, startable_layout


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_a_folder_keeps_its_identity_and_secrets(home: Path) -> None:
    first, second = Layout.open(home, Ports.free()), Layout.open(home, Ports.free())
    assert (first.stack_id, first.secrets) == (second.stack_id, second.secrets)


def test_an_empty_folder_is_taken(home: Path) -> None:
    home.mkdir()
    assert Layout.open(home, Ports()).home == home


def test_a_foreign_folder_is_refused_and_left_alone(home: Path) -> None:
    home.mkdir()
    (home / "thesis.txt").write_text("mine")
    with pytest.raises(PlatformError, match="not a platform's data folder"):
        Layout.open(home, Ports())
    assert [path.name for path in home.iterdir()] == ["thesis.txt"]


def test_a_folder_of_a_newer_platform_is_refused(home: Path) -> None:
    Layout.open(home, Ports())
    marker = home / "impact.json"
    marker.write_text(json.dumps(json.loads(marker.read_text()) | {"format": 99}))
    with pytest.raises(PlatformError, match=r"newer platform \(folder format 99"):
        Layout.open(home, Ports())


@pytest.mark.parametrize("content", ["", "{}", '{"format": 1, "id": "x"}', "[]"])
def test_a_damaged_marker_is_named(home: Path, content: str) -> None:
    Layout.open(home, Ports())
    (home / "impact.json").write_text(content)
    with pytest.raises(PlatformError, match=r"impact\.json is damaged"):
        Layout.open(home, Ports())


def test_a_file_in_place_of_the_folder_is_refused(home: Path) -> None:
    home.write_text("not a folder")
    with pytest.raises(PlatformError, match="as data folder: "):
        Layout.open(home, Ports())


def test_only_the_owner_reads_the_secrets(home: Path) -> None:
    layout = Layout.open(home, Ports())
    assert stat.S_IMODE((home / "secrets.json").stat().st_mode) == 0o600
    assert layout.secrets.jwt_secret not in repr(layout)


@pytest.mark.parametrize("name", ["webhook_secrets_key", "text_hash_key"])
def test_the_secrets_of_an_earlier_version_get_the_key_it_did_not_have(home: Path, name: str) -> None:
    Layout.open(home, Ports())
    file = home / "secrets.json"
    earlier = json.loads(file.read_text())
    del earlier[name]
    file.write_text(json.dumps(earlier))
    opened = Layout.open(home, Ports()).secrets
    assert getattr(opened, name)
    assert opened == Layout.open(home, Ports()).secrets
    assert json.loads(file.read_text()) == {**earlier, name: getattr(opened, name)}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_generated_webhook_secret_suits_standard_webhooks(home: Path) -> None:
    secret = Layout.open(home, Ports()).secrets.webhook_secret_buddy
    assert len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) == 32


def test_damaged_secrets_are_refused_without_being_quoted(home: Path) -> None:
    layout = Layout.open(home, Ports())
    (home / "secrets.json").write_text((home / "secrets.json").read_text()[:-20])
    with pytest.raises(PlatformError, match="Restore it from a backup") as caught:
        Layout.open(home, Ports())
    assert layout.secrets.postgres_password not in str(caught.value)


def test_an_address_from_the_operator_replaces_an_embedded_store(home: Path) -> None:
    url = "https://analyst:p%40ss@warehouse.example:8443"
    layout = Layout.open(home, Ports(), {"CLICKHOUSE_URL": url})
    assert layout.is_external("clickhouse")
    assert not layout.is_external("postgres")
    environment = layout.environment()
    assert environment["CLICKHOUSE_URL"] == url
    assert environment["CLICKHOUSE_HOST"] == "warehouse.example"
    assert environment["CLICKHOUSE_PASSWORD"] == "p@ss"
    assert environment["CLICKHOUSE_SECURE"] == "true"
    assert "p%40ss" not in repr(layout)


def test_a_shell_that_holds_the_platforms_own_addresses_replaces_nothing(home: Path) -> None:
    own = Layout.open(home, Ports()).environment()
    layout = Layout.open(home, Ports(), {name: own[name] for name in ("POSTGRES_URL", "NATS_URL")})
    assert not layout.overrides


def test_a_secret_agreed_with_a_sender_replaces_the_generated_one(home: Path) -> None:
    layout = Layout.open(home, Ports(), {"IMPACT_WEBHOOK_SECRET_KINTELL": "agreed"})
    assert layout.environment()["IMPACT_WEBHOOK_SECRET_KINTELL"] == "agreed"


def test_settings_come_from_the_environment(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPACT_HOME", str(home))
    monkeypatch.setenv("IMPACT_PORT_API", "18000")
    monkeypatch.setenv("NATS_URL", "nats://broker.example:4222")
    layout = startable_layout()
    assert (layout.home, layout.ports.api) == (home, 18000)
    assert layout.is_external("nats")


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_URL", "")
    assert "POSTGRES_URL" not in StackSettings().overrides()


def test_a_wrong_setting_is_named_but_not_quoted(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPACT_HOME", str(home))
    monkeypatch.setenv("IMPACT_PORT_API", "s3cret")
    with pytest.raises(PlatformError, match="IMPACT_PORT_API: ") as caught:
        startable_layout()
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("query", ["", "?sslmode=require"])
def test_dagster_gets_a_schema_of_its_own(query: str) -> None:
    url = urlsplit(dagster_storage_url(f"postgresql://u:p@host/db{query}"))
    assert parse_qs(url.query)["options"] == ["-csearch_path=dagster"]
    assert (url.scheme, url.hostname, url.path) == ("postgresql+psycopg2", "host", "/db")
    assert bool(query) == ("sslmode" in parse_qs(url.query))


def test_free_ports_differ() -> None:
    ports = Ports.free().model_dump().values()
    assert len(set(ports)) == len(ports)


def test_the_configuration_of_nats_is_there_and_whole_while_others_write_it(tmp_path: Path) -> None:
    """Whoever asks for the status writes it; NATS may be starting just then."""
    layout = Layout.open(tmp_path / "home", Ports.free())
    stores.nats(layout)
    config = layout.home / "nats" / "nats.conf"
    whole = config.read_text("utf-8")
    with ThreadPoolExecutor(2) as pool:
        writing = [pool.submit(lambda: [stores.nats(layout) for _ in range(500)]) for _ in range(2)]
        while not all(one.done() for one in writing):
            assert config.read_text("utf-8") == whole
        for one in writing:
            one.result()
    assert [one.name for one in config.parent.iterdir()] == ["nats.conf"]
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
