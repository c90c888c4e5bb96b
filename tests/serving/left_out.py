"""Each wall between companies left out in turn; is it missed? `python -m tests.serving.left_out`.

Three kinds: the policies and views of Postgres; the predicates that statements have themselves; and the
checks in code, with which an API is started and asked everything as another company. Starts stores of its
own. Ends with 1 if one of them was not missed. `--report` writes docs/reports/walls_left_out.{md,json}.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg

from ingest.stores import StoreSettings, postgres_connection
from orchestration.stack import preparation
from tests.benchmarks.ingest import running_stores
from tests.serving import sight, things
from tests.serving.figures import Marts, cohort_of
from tests.serving.predicates import bare, is_about_walled, leave_out_each, statements
from tests.serving.running import OURS, THEIR_SEED, THEIRS

REPORT = Path(__file__).parents[2] / "docs" / "reports" / "walls_left_out"
_COLUMNS = """
select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
where attrelid = %s::regclass and attnum > 0 and not attisdropped
"""
Change = Callable[[Any], Any]  # a function into one without its check


@dataclass(frozen=True)
class LeftOut:
    """What was left out, and whether something turned red."""

    kind: str
    name: str
    is_noticed: bool


def policies(postgres: psycopg.Connection) -> Iterator[LeftOut]:
    """Each relation behind the wall, before it; both companies have one of everything (`things.make`)."""
    for relation in sight.relations(postgres):
        with postgres.transaction(force_rollback=True):
            sight.spend(postgres)
            sight.check(postgres, relation)
            if relation.startswith("served."):
                row = postgres.execute(_COLUMNS, (relation,)).fetchone()
                assert row is not None
                source = relation.replace("served.", "serving.")
                view = f"create or replace view {relation} as select {row[0]} from {source}"
                postgres.execute(view)  # type: ignore[arg-type]
            else:
                postgres.execute(f"alter policy of_one_company on {relation} using (true)")  # type: ignore[arg-type]
            yield LeftOut("policy", relation, _fails(lambda one=relation: sight.check(postgres, one)))


def predicates() -> Iterator[LeftOut]:
    """Each predicate about the company in the statements of `serving.queries`."""
    for name, statement in statements().items():
        if bare(statement) == [] and is_about_walled(statement):
            for number, changed in enumerate(leave_out_each(statement), 1):
                yield LeftOut("predicate", f"{name} ({number})", bool(bare(changed)))


def _without_company(original: Any) -> Any:
    """The function for an administrator of the platform, whoever asks: its company is None."""

    def changed(*arguments: Any, **named: Any) -> Any:
        if "company_id" in named:
            return original(*arguments, **{**named, "company_id": None})
        return original(*[None if one in (OURS, THEIRS) else one for one in arguments], **named)

    return changed


# Checks in code, as `module.function`: without each, somebody of another company gets further.
CHECKS: dict[str, Change] = {
    "serving.auth.require_company": lambda _: lambda caller, company_id: company_id,
    "serving.auth.own_or_asked": lambda _: lambda caller, asked: asked or caller.company_id,
    "serving.privacy_access.company_of": lambda _: lambda who, asked: asked or who.company_id,
    "serving.privacy_access.subject_for": lambda original: (
        lambda connection, clickhouse, who, one, company_id: original(
            connection, clickhouse, replace(who, company_id=None), one, None
        )
    ),
    "ingest.api_keys.get_key": _without_company,
    "orchestration.impact_in.orders.replay": _without_company,
    "orchestration.impact_in.orders.approve_preview": _without_company,
    "orchestration.impact_in.orders.run_now": _without_company,
    "orchestration.impact_in.previews.of_delivery": _without_company,
    "orchestration.privacy.requests.consents.withdraw": _without_company,
    "orchestration.privacy.requests.acts.lift": _without_company,
    "serving.queries.safety.claim": _without_company,
    "serving.queries.safety.unclaim": _without_company,
    "serving.queries.safety_decisions.decide": lambda original: (
        lambda pool, review: original(pool, replace(review, company_id=None))
    ),
}
# Reads behind the second wall: without their company it holds alone; without both, they get further.
READS = ("safety.get", "impact_in.get", "impact_in.schedule", "privacy.get")


def checks(settings: StoreSettings, postgres: psycopg.Connection) -> Iterator[LeftOut]:
    """Each check in code, and each read with one wall and with none."""
    from serving.dependencies import AppServices

    for name, change in CHECKS.items():
        yield LeftOut("check", name, _gets_further(settings, postgres, {name: change}))
    for read in READS:
        name = f"serving.queries.{read}"
        first = {name: _without_company}
        yield LeftOut("read, second wall alone", name, not _gets_further(settings, postgres, first))
        with patch.object(AppServices, "seen_by", lambda services, company_id: services.pool):
            yield LeftOut("read, no wall", name, _gets_further(settings, postgres, first))


def _gets_further(settings: StoreSettings, postgres: psycopg.Connection, changes: dict[str, Change]) -> bool:
    """Whether somebody of another company is shown or changes anything with these checks left out."""
    from fastapi.testclient import TestClient

    from ingest.api_keys import create_key
    from serving.app import create_app
    from serving.settings import ServingSettings
    from tests.serving.walk import described, let_through, requests

    there = things.make(postgres, OURS)
    before = things.state(postgres, OURS)
    key = create_key(postgres, THEIRS, "left out", "company_admin", rate_limit_per_minute=1_000_000)
    with _changed(changes), TestClient(create_app(ServingSettings(streaming_enabled=False))) as client:

        def send(one: Any) -> Any:
            return client.request(
                one.method, one.address, params=one.query, json=one.body,
                headers={"Authorization": f"Bearer {key}"},
            )  # fmt: skip

        asked = [
            one for one in requests(described(), there, THEIRS) if not one.path.startswith("/v1/stream/")
        ]
        further = let_through(asked, send, there)
    has_changed = things.state(postgres, OURS) != before
    things.remove(postgres, there)
    return bool(further) or has_changed


@contextmanager
def _changed(changes: dict[str, Change]) -> Iterator[None]:
    """With these functions changed wherever they have been imported to."""
    with ExitStack() as stack:
        for name, change in changes.items():
            module, _, function = name.rpartition(".")
            original = getattr(importlib.import_module(module), function)
            importlib.import_module("serving.app")  # has imported it wherever it is used
            for one in list(sys.modules.values()):
                if vars(one).get(function) is original:
                    stack.enter_context(patch.object(one, function, change(original)))
        yield


def _fails(check: Callable[[], None]) -> bool:
    try:
        check()
    except AssertionError:
        return True
    return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--running", action="store_true", help="use the stores of a test that the environment names"
    )
    parser.add_argument("--report", action="store_true", help=f"write {REPORT.name}.md and .json")
    arguments = parser.parse_args()
    found: list[LeftOut] = []
    with _stores(is_running=arguments.running) as settings, ExitStack() as stack:
        postgres = stack.enter_context(closing(postgres_connection(settings, autocommit=True)))
        _publish(settings, postgres)
        made = [things.make(postgres, company_id) for company_id in (OURS, THEIRS)]
        found += _told(policies(postgres))
        for one in made:
            things.remove(postgres, one)
        found += _told(predicates())
        found += _told(checks(settings, postgres))
    report = render(found)
    print(report)
    if arguments.report:
        REPORT.with_suffix(".md").write_text(report, encoding="utf-8")
        raw = json.dumps([asdict(one) for one in found], indent=2)
        REPORT.with_suffix(".json").write_text(raw + "\n", encoding="utf-8")
    sys.exit(not all(one.is_noticed for one in found))


@contextmanager
def _stores(*, is_running: bool) -> Iterator[StoreSettings]:
    if is_running:
        yield StoreSettings()
        return
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        layout = stack.enter_context(running_stores(Path(folder)))
        stack.enter_context(patch.dict("os.environ", layout.environment()))
        yield preparation.store_settings(layout)


def _publish(settings: StoreSettings, postgres: psycopg.Connection) -> None:
    """Two companies with figures and a cohort each."""
    for company_id in (OURS, THEIRS):
        postgres.execute(
            "insert into ingest.companies (company_id, name) values (%s, %s) on conflict do nothing",
            (company_id, str(company_id)),
        )
        postgres.execute(
            "insert into ingest.cohort_definitions (cohort_id, company_id, name, filters)"
            " values (%s, %s, 'cohort', '{}') on conflict do nothing",
            (cohort_of(company_id), company_id),
        )
    Marts(settings).publish({OURS: 0, THEIRS: THEIR_SEED})


def _told(found: Iterator[LeftOut]) -> Iterator[LeftOut]:
    for one in found:
        print(f"{'noticed' if one.is_noticed else 'NOT NOTICED':<12} {one.kind}: {one.name}", flush=True)
        yield one


def render(found: list[LeftOut]) -> str:
    rows = "\n".join(
        f"| {one.kind} | `{one.name}` | {'yes' if one.is_noticed else '**no**'} |" for one in found
    )
    return f"""# Walls between companies, left out one by one

Printed by `python -m tests.serving.left_out --report` on {datetime.now(UTC):%Y-%m-%d}:
{sum(one.is_noticed for one in found)} of {len(found)} as they should be.

A *policy* of Postgres that shows everything and a *predicate* taken out of a statement turn a test red.
Without a *check* in code, somebody of another company gets further in a walk of every operation. A *read*
without its own predicate is still kept by the second wall; without both, it is not.

| left out | where | as it should be |
|---|---|---|
{rows}
"""


if __name__ == "__main__":
    main()
