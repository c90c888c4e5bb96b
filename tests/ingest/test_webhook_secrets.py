"""A secret rotates under a running receiver, rests encrypted, and is shown to nobody but who asked for it."""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

import httpx
import psycopg
import pytest
import typer
from typer.testing import CliRunner

from ingest.webhooks import secret_commands
from ingest.webhooks.limits import TokenBucket
from ingest.webhooks.sealing import Sealer, UnsealError
from ingest.webhooks.secret_commands import parse_overlap
from ingest.webhooks.settings import ReceiverSettings
from orchestration.stack.layout import Layout
from tests.ingest.processes import Process, Sender, running, session_completed, wait_until
from tests.ingest.senders import AnySender

Command = Callable[..., str]


@pytest.fixture(scope="module")
def bare_receiver(embedded_stores: Layout) -> Iterator[Process]:
    """A receiver that the environment gives no secret."""
    empty = {
        f"IMPACT_WEBHOOK_SECRET_{name}": ""
        for name in ("KINTELL", "BUDDY", "UPSKILLING", "DISCORD", "BENEVITY", "GOODERA", "WORKDAY")
    }
    with running(embedded_stores, "ingest.webhooks", "IMPACT_PORT_WEBHOOKS", **empty) as process:
        yield process


@pytest.fixture
def command(embedded_stores: Layout, postgres: psycopg.Connection) -> Iterator[Command]:
    """Runs `impact webhooks rotate` and `secrets`; returns what was printed on standard output."""
    app = typer.Typer()
    app.command("rotate")(secret_commands.rotate)
    app.command("secrets")(secret_commands.secrets)
    environment = {**os.environ, **embedded_stores.environment()}

    def run(*arguments: str, given: str | None = None) -> str:
        result = CliRunner().invoke(app, list(arguments), env=environment, input=given)
        assert result.exit_code == 0, result.output
        return result.stdout

    yield run
    postgres.execute("delete from ingest.webhook_secrets")


def discord_feedback() -> dict[str, str]:
    return {
        "feedback_id": uuid.uuid4().hex, "discord_user_id": "u-1", "sentiment": "neutral",
        "message": "ten or more letters", "created_at": "2025-10-02T16:00:00Z",
    }  # fmt: skip


def status(process: Process, source: str, secret: str, body: object | None = None) -> int:
    sent = AnySender(process.url, source, secret).send(body or discord_feedback())
    return sent.response.status_code


def test_without_a_secret_the_answer_and_the_log_say_what_to_do(bare_receiver: Process) -> None:
    response = AnySender(bare_receiver.url, "discord", "x").send({}).response
    assert (response.status_code, response.json()["reason"]) == (503, "no_secret")
    for place in (response.json()["detail"], bare_receiver.log.read_text()):
        assert "impact webhooks rotate discord" in place
        assert "IMPACT_WEBHOOK_SECRET_DISCORD" in place


def test_a_rotation_reaches_a_running_receiver_and_the_old_secret_ends(
    bare_receiver: Process, command: Command, postgres: psycopg.Connection
) -> None:
    first = command("rotate", "discord").strip()
    assert first.startswith("whsec_")
    wait_until(lambda: status(bare_receiver, "discord", first) == 202)
    second = command("rotate", "discord", "--overlap", "1h").strip()
    wait_until(lambda: status(bare_receiver, "discord", second) == 202)
    assert status(bare_receiver, "discord", first) == 202
    third = command("rotate", "discord", "--overlap", "0h").strip()
    wait_until(lambda: status(bare_receiver, "discord", third) == 202)
    assert status(bare_receiver, "discord", first) == status(bare_receiver, "discord", second) == 401

    # Nobody but who asked for it sees a secret, and the database could not tell.
    listed = command("secrets")
    sealed = postgres.execute("select string_agg(encode(sealed, 'escape'), '') from ingest.webhook_secrets")
    everywhere = [listed, bare_receiver.log.read_text(), str(sealed.fetchone())]
    for secret in (first, second, third):
        assert not [place for place in everywhere if secret in place or secret[6:] in place]
    assert listed.count("discord") == 3
    assert listed.count("expired") == 2
    assert re.search(r"kintell +IMPACT_WEBHOOK_SECRET_KINTELL +active", listed)
    assert re.search(r"workday +none +refused with 503", listed)


def test_a_secret_ends_by_itself_when_its_time_has_come(bare_receiver: Process, command: Command) -> None:
    first = command("rotate", "workday").strip()
    body = {"event": "activity.created", "activityId": "A", "timestamp": 1763028000}
    wait_until(lambda: status(bare_receiver, "workday", first, body) == 202)
    command("rotate", "workday", "--overlap", "2s")
    wait_until(lambda: status(bare_receiver, "workday", first, body) == 401)


def test_the_last_use_is_noted(bare_receiver: Process, command: Command) -> None:
    secret = command("rotate", "goodera").strip()
    body = {"event": "data.received", "batchId": "B", "timestamp": 1763028000}
    wait_until(lambda: status(bare_receiver, "goodera", secret, body) == 202)
    assert re.search(r"goodera .* never", command("secrets"))
    command("rotate", "benevity")  # any change makes the receiver read and write
    wait_until(lambda: re.search(r"goodera .*UTC +when rotated +.* UTC", command("secrets")) is not None)


def test_a_secret_the_sender_made_is_read_from_standard_input(
    bare_receiver: Process, command: Command
) -> None:
    agreed = f"agreed-{uuid.uuid4()}"
    assert agreed not in command("rotate", "benevity", "--from-stdin", given=f"{agreed}\n")
    body = {"event": "delivery.retry", "transactionId": "T", "timestamp": 1763028000}
    wait_until(lambda: status(bare_receiver, "benevity", agreed, body) == 202)


@pytest.mark.parametrize(
    ("arguments", "given", "message"),
    [
        (["nobody"], None, "there is no source nobody"),
        (["kintell", "--overlap", "soon"], None, "the overlap is a number"),
        (["kintell", "--overlap", "91d"], None, "at most 90d"),
        (["kintell", "--from-stdin"], "short\n", "at least 16 printable"),
    ],
)
def test_a_rotation_that_makes_no_sense_is_refused(
    arguments: list[str], given: str | None, message: str, embedded_stores: Layout
) -> None:
    app = typer.Typer()
    app.command()(secret_commands.rotate)
    environment = {**embedded_stores.environment(), "COLUMNS": "300"}
    result = CliRunner().invoke(app, arguments, env=environment, input=given)
    assert result.exit_code == 2
    assert message in result.output


def test_without_its_key_a_stored_secret_is_not_used_and_the_log_says_why(
    embedded_stores: Layout, command: Command
) -> None:
    secret = command("rotate", "discord").strip()
    with running(
        embedded_stores, "ingest.webhooks", "IMPACT_PORT_WEBHOOKS", IMPACT_WEBHOOK_SECRETS_KEY="another"
    ) as process:
        assert status(process, "discord", secret) == 503
        log = process.log.read_text()
        assert "cannot be opened with this key" in log
        assert secret not in log


def test_a_sealed_secret_opens_only_in_its_own_row_with_its_own_key() -> None:
    row = {"source": "kintell", "secret_id": uuid.uuid4()}
    sealer = Sealer("a key")
    sealed = sealer.seal(b"secret", **row)
    assert b"secret" not in sealed
    assert sealer.open(sealed, **row) == b"secret"
    for wrong in (
        lambda: Sealer("another key").open(sealed, **row),
        lambda: sealer.open(sealed, **row | {"source": "buddy"}),
        lambda: sealer.open(sealed, **row | {"secret_id": uuid.uuid4()}),
        lambda: sealer.open(sealed[:-1], **row),
        lambda: sealer.open(b"", **row),
    ):
        with pytest.raises(UnsealError):
            wrong()


def test_settings_do_not_show_secrets_and_know_their_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_URL", "postgresql://u:hush@h/d")
    monkeypatch.setenv("IMPACT_WEBHOOK_SECRET_GOODERA", "hush")
    monkeypatch.setenv("IMPACT_WEBHOOK_SECRETS_KEY", "hush")
    settings = ReceiverSettings(_env_file=None)
    assert "hush" not in repr(settings)
    assert settings.secrets()["goodera"] == (b"hush",)
    monkeypatch.setenv("IMPACT_WEBHOOK_RATES_PER_S", '{"buddy": 100}')
    limits = ReceiverSettings(_env_file=None).limits()
    assert (limits["buddy"], limits["kintell"]) == (100, 20_000)
    monkeypatch.setenv("IMPACT_WEBHOOK_RATES_PER_S", '{"buddi": 100}')
    with pytest.raises(ValueError, match="no such source: buddi"):
        ReceiverSettings(_env_file=None)


def test_an_overlap_is_written_with_its_unit() -> None:
    assert parse_overlap("24h") == timedelta(days=1)
    assert parse_overlap("0s") == timedelta(0)


class TestRateLimit:
    def test_a_source_over_its_limit_hears_when_to_come_back_and_the_others_do_not(
        self, embedded_stores: Layout
    ) -> None:
        rates = {"IMPACT_WEBHOOK_RATES_PER_S": '{"kintell": 0.0001}'}  # one delivery, then none for hours
        with running(embedded_stores, "ingest.webhooks", "IMPACT_PORT_WEBHOOKS", **rates) as process:
            forger = Sender(process.url, "wrong")
            assert forger.send("session-completed", session_completed()).status_code == 401
            sender = Sender(process.url, embedded_stores.secrets.webhook_secret_kintell)
            answers = [sender.send("session-completed", session_completed()) for _ in range(3)]
            assert [answer.status_code for answer in answers] == [202, 429, 429]
            assert answers[1].json()["reason"] == "rate_limit"
            assert int(answers[1].headers["retry-after"]) > 0
            buddy = AnySender(process.url, "buddy", embedded_stores.secrets.webhook_secret_buddy)
            assert buddy.send({"type": "x"}).response.status_code == 422
            metrics = httpx.get(f"{process.url}/metrics").text
            assert (
                'webhook_failed_total{kind="session-completed",reason="rate_limit",source="kintell"} 2'
                in metrics
            )

    def test_a_bucket_gives_its_rate_and_holds_a_seconds_worth(self) -> None:
        bucket = TokenBucket(10)
        assert [bucket.wait_s(100.0) for _ in range(11)] == [0.0] * 10 + [pytest.approx(0.1)]
        assert [bucket.wait_s(100.25) > 0 for _ in range(3)] == [False, False, True]
        assert [bucket.wait_s(1000.0) > 0 for _ in range(11)] == [False] * 10 + [True]

    def test_zero_is_no_limit(self) -> None:
        bucket = TokenBucket(0)
        assert not any(bucket.wait_s(1.0) for _ in range(1000))
