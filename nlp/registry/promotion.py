"""Who serves when: the file's schedule, an operator's word, and the gate between an evaluation and both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

import psycopg
from psycopg.types.json import Jsonb

from nlp.registry.gate import judge
from nlp.registry.models import ModelEntry, ModelsFile, canonical_sha256
from nlp.registry.store import GateError, RegistryError, UnknownModelError, changing

NEVER_EVALUATED = "no evaluation of its present definition is stored; run `impact q2q evaluate`"


@dataclass(frozen=True)
class Outcome:
    """What a sync made of one entry, and why."""

    model_id: str
    state: str  # serving, scheduled, held, shadow, refused, superseded, deactivated
    why: str


@dataclass(frozen=True)
class _Window:
    window_id: int
    model_id: str
    starts_at: datetime
    ends_at: datetime | None
    is_operators: bool


def sync(connection: psycopg.Connection, models: ModelsFile, *, actor: str) -> list[Outcome]:
    """Bring the file to the database and schedule what passes the gate, all of it or nothing.

    A version in use whose definition has changed is refused. What an operator activated keeps serving, and
    what one deactivated stays off, whatever the file says.
    """
    with changing(connection, actor):
        now = connection.execute("select now()").fetchone()[0]  # type: ignore[index]
        lanes = _write_entries(connection, models)
        outcomes: list[Outcome] = []
        for lane in sorted(set(lanes.values())):
            entries = [entry for entry in models.entries if lanes[entry.model_id] == lane]
            outcomes += _schedule(connection, lane, entries, models.policy, now)
    order = [entry.model_id for entry in models.entries]
    return sorted(outcomes, key=lambda outcome: order.index(outcome.model_id))


def activate(
    connection: psycopg.Connection,
    model_id: str,
    policy: dict[str, Any],
    *,
    actor: str,
    at: datetime | None = None,
) -> None:
    """Let a version serve from now, or from a later instant, in the place of whatever serves then.

    Raises GateError if its evaluation does not pass. It stays until an operator says otherwise, not a sync.
    """
    with changing(connection, actor):
        now = connection.execute("select now()").fetchone()[0]  # type: ignore[index]
        starts_at = at or now
        if starts_at < now:
            raise RegistryError(f"{starts_at.isoformat()} is over: what served then is on record and stays")
        lane = _lane_of(connection, model_id)
        judgement_id, failures = _judgement(connection, model_id, policy)
        if failures or judgement_id is None:
            raise GateError(model_id, failures)
        windows = _windows_from(connection, lane, starts_at)
        if [(window.model_id, window.is_operators) for window in windows] == [(model_id, True)]:
            raise RegistryError(f"model {model_id} is in force already, from {_at(windows[0].starts_at)} on")
        connection.execute(
            "update registry.models set deactivated_at = null"
            " where model_id = %s and deactivated_at is not null",
            (model_id,),
        )
        _cut(connection, windows, starts_at)
        _open(connection, lane, model_id, judgement_id, starts_at, None, is_operators=True)


def deactivate(connection: psycopg.Connection, model_id: str, *, actor: str) -> None:
    """Stop a version from serving, now and in what is scheduled. Nothing takes its place by itself."""
    with changing(connection, actor):
        now = connection.execute("select now()").fetchone()[0]  # type: ignore[index]
        lane = _lane_of(connection, model_id)
        windows = _windows_from(connection, lane, now)
        off = connection.execute(
            "update registry.models set deactivated_at = now() where model_id = %s and deactivated_at is null"
            " returning model_id",
            (model_id,),
        ).fetchone()
        if off is None:
            raise RegistryError(f"model {model_id} is off already")
        for before, window in zip([None, *windows], windows, strict=False):
            if window.model_id != model_id:
                continue
            if window.starts_at <= now:
                _end(connection, window, now)
                continue
            _drop(connection, window)
            if before and before.model_id != model_id and before.ends_at == window.starts_at:
                _end(connection, before, window.ends_at)


def _write_entries(connection: psycopg.Connection, models: ModelsFile) -> dict[str, int]:
    """Insert and update definitions; returns each entry's lane."""
    known = {
        row[0]: row
        for row in connection.execute(
            "select model_id, content_sha256, first_used_at from registry.models"
        ).fetchall()
    }
    changed = [
        f"{entry.model_id} (in use since {known[entry.model_id][2].isoformat()})"
        for entry in models.entries
        if entry.model_id in known
        and known[entry.model_id][2] is not None
        and known[entry.model_id][1] != entry.content_sha256
    ]
    if changed:
        raise RegistryError(
            f"the definition of {', '.join(changed)} has changed in the file, but a version in use is final:"
            " take the change back, or give it an id of its own"
        )
    lanes = {}
    for entry in models.entries:
        lanes[entry.model_id] = _lane(connection, entry)
        connection.execute(
            "insert into registry.models (model_id, lane, definition, content_sha256, effective_from,"
            " is_shadow, description) values (%s, %s, %s, %s, %s, %s, %s)"
            " on conflict (model_id) do update set"
            " lane = excluded.lane, definition = excluded.definition,"
            " content_sha256 = excluded.content_sha256,"
            " effective_from = excluded.effective_from, is_shadow = excluded.is_shadow,"
            " description = excluded.description, is_listed = true, synced_at = now()",
            (
                entry.model_id, lanes[entry.model_id], Jsonb(entry.definition), entry.content_sha256,
                entry.effective_from, entry.is_shadow, entry.description,
            ),
        )  # fmt: skip
    connection.execute(
        "update registry.models set is_listed = false where is_listed and model_id <> all(%s)", (list(lanes),)
    )
    return lanes


def _schedule(
    connection: psycopg.Connection,
    lane: int,
    entries: list[ModelEntry],
    policy: dict[str, Any],
    now: datetime,
) -> list[Outcome]:
    """Make the lane's windows follow the entries that pass, from now on."""
    outcomes, passing = [], []
    deactivated = {
        row[0]
        for row in connection.execute(
            "select model_id from registry.models where lane = %s and deactivated_at is not null", (lane,)
        )
    }
    for entry in entries:
        if entry.model_id in deactivated:
            outcomes.append(Outcome(entry.model_id, "deactivated", "an operator took it out of service"))
        elif entry.is_shadow:
            outcomes.append(
                Outcome(entry.model_id, "shadow", f"scores without effect from {_at(entry.effective_from)}")
            )
        else:
            judgement_id, failures = _judgement(connection, entry.model_id, policy)
            if judgement_id is None or failures:
                outcomes.append(Outcome(entry.model_id, "refused", "; ".join(failures)))
            else:
                passing.append((entry, judgement_id))
    windows = _windows_from(connection, lane, now)
    if held := next((window for window in windows if window.is_operators), None):
        why = f"an operator activated {held.model_id} from {_at(held.starts_at)}"
        return outcomes + [
            Outcome(entry.model_id, "serving" if entry.model_id == held.model_id else "held", why)
            for entry, _ in passing
        ]
    passing.sort(key=lambda one: one[0].effective_from)
    begun = [one for one in passing if one[0].effective_from <= now]
    wanted = [(now, *begun[-1])] if begun else []
    wanted += [
        (entry.effective_from, entry, judged) for entry, judged in passing if entry.effective_from > now
    ]
    _replace(connection, lane, windows, wanted, now)
    starts = {entry.model_id: starts_at for starts_at, entry, _ in wanted}
    for entry, _ in passing:
        if entry.model_id not in starts:
            outcomes.append(Outcome(entry.model_id, "superseded", f"by {begun[-1][0].model_id}"))
        elif starts[entry.model_id] <= now:
            outcomes.append(Outcome(entry.model_id, "serving", "passed the gate"))
        else:
            outcomes.append(
                Outcome(
                    entry.model_id, "scheduled", f"passed the gate; serves from {_at(entry.effective_from)}"
                )
            )
    return outcomes


def _replace(
    connection: psycopg.Connection,
    lane: int,
    windows: list[_Window],
    wanted: list[tuple[datetime, ModelEntry, int]],
    now: datetime,
) -> None:
    """Change windows as little as it takes. One that serves goes on if nothing takes its place."""
    current = windows[0] if windows and windows[0].starts_at <= now else None
    later = [window for window in windows if window is not current]
    is_replaced = bool(
        current and wanted and wanted[0][0] == now and wanted[0][1].model_id != current.model_id
    )
    if current and not is_replaced and wanted and wanted[0][0] == now:
        wanted = wanted[1:]
    next_start = wanted[0][0] if wanted else None
    is_as_wanted = [(window.starts_at, window.model_id) for window in later] == [
        (starts_at, entry.model_id) for starts_at, entry, _ in wanted
    ]
    if is_as_wanted and not is_replaced and (current is None or current.ends_at == next_start):
        return
    for window in later:
        _drop(connection, window)
    if current:
        _end(connection, current, next_start)
    ends = [*(starts_at for starts_at, _, _ in wanted[1:]), None]
    for (starts_at, entry, judgement_id), ends_at in zip(wanted, ends, strict=False):
        _open(connection, lane, entry.model_id, judgement_id, starts_at, ends_at, is_operators=False)


def _judgement(
    connection: psycopg.Connection, model_id: str, policy: dict[str, Any]
) -> tuple[int | None, tuple[str, ...]]:
    """The gate's judgement of the newest evaluation of what the model is now; made if there is none yet."""
    row = connection.execute(
        "select evaluation_id, figures from registry.evaluations"
        " join registry.models using (model_id, content_sha256)"
        " where model_id = %s and set_version = %s and split = %s order by evaluated_at desc limit 1",
        (model_id, policy["set_version"], policy["split"]),
    ).fetchone()
    if row is None:
        return None, (NEVER_EVALUATED,)
    evaluation_id, figures = row
    failures = judge(figures, policy)
    policy_sha256 = canonical_sha256(policy)
    found = connection.execute(
        "select judgement_id from registry.judgements where evaluation_id = %s and policy_sha256 = %s",
        (evaluation_id, policy_sha256),
    ).fetchone()
    if found is None:
        found = connection.execute(
            "insert into registry.judgements (evaluation_id, policy, policy_sha256, has_passed, failures)"
            " values (%s, %s, %s, %s, %s) returning judgement_id",
            (evaluation_id, Jsonb(policy), policy_sha256, not failures, Jsonb(list(failures))),
        ).fetchone()
    return found[0] if found else None, failures


def _windows_from(connection: psycopg.Connection, lane: int, at: datetime) -> list[_Window]:
    """Windows that are open at an instant or begin later, in order."""
    rows = connection.execute(
        "select window_id, model_id, lower(during), upper(during), is_operators from registry.serving_windows"
        " where lane = %s and (upper_inf(during) or upper(during) > %s) order by lower(during)",
        (lane, at),
    ).fetchall()
    return [_Window(*row) for row in rows]


def _cut(connection: psycopg.Connection, windows: list[_Window], at: datetime) -> None:
    """End what serves at an instant, and drop what would begin at or after it."""
    for window in windows:
        if window.starts_at >= at:
            _drop(connection, window)
        elif window.ends_at is None or window.ends_at > at:
            _end(connection, window, at)


def _drop(connection: psycopg.Connection, window: _Window) -> None:
    connection.execute("delete from registry.serving_windows where window_id = %s", (window.window_id,))


def _end(connection: psycopg.Connection, window: _Window, at: datetime | None) -> None:
    connection.execute(
        "update registry.serving_windows set during = tstzrange(lower(during), %s, '[)')"
        " where window_id = %s",
        (at, window.window_id),
    )


def _open(
    connection: psycopg.Connection,
    lane: int,
    model_id: str,
    judgement_id: int,
    starts_at: datetime,
    ends_at: datetime | None,
    *,
    is_operators: bool,
) -> None:
    connection.execute(
        "insert into registry.serving_windows (lane, model_id, judgement_id, during, is_operators)"
        " values (%s, %s, %s, tstzrange(%s, %s, '[)'), %s)",
        (lane, model_id, judgement_id, starts_at, ends_at, is_operators),
    )


def _lane(connection: psycopg.Connection, entry: ModelEntry) -> int:
    connection.execute(
        "insert into registry.lanes (purpose, provider) values (%s, %s) on conflict do nothing",
        (entry.purpose, entry.provider),
    )
    row = connection.execute(
        "select lane from registry.lanes where purpose = %s and provider = %s",
        (entry.purpose, entry.provider),
    ).fetchone()
    assert row is not None  # noqa: S101  # inserted above
    return int(row[0])


def _lane_of(connection: psycopg.Connection, model_id: str) -> int:
    query: LiteralString = "select lane from registry.models where model_id = %s for update"
    row = connection.execute(query, (model_id,)).fetchone()
    if row is None:
        raise UnknownModelError(
            f"there is no model {model_id} in the registry; `impact q2q sync` brings it from the file"
        )
    return int(row[0])


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
