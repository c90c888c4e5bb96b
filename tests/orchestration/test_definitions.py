"""Dagster loads the definitions anywhere, touching nothing, and shows one described and owned graph."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import dagster as dg

from orchestration.dbt import DbtTargets
from orchestration.publication.tables import SERVED_TABLES
from orchestration.stack.layout import PROJECT, Layout

FACT_AND_FIGURES = (["marts", "fct_sessions"], ["marts", "metrics_company_period"])

LOAD = """
import json, socket

def refuse(*arguments, **options):
    raise AssertionError("loading the definitions opened a connection")

socket.socket.connect = refuse
from orchestration.definitions import defs

repository = defs.get_repository_def()
print(json.dumps([sorted(job.name for job in repository.get_all_jobs()), len(repository.assets_defs_by_key)]))
"""


def test_definitions_load_without_environment_or_network_and_without_parsing_dbt_again(
    definitions: dg.Definitions, embedded_stores: Layout, tmp_path: Path
) -> None:
    assert definitions.resolve_asset_graph()  # has parsed
    (tmp_path / ".impact").symlink_to(embedded_stores.home)  # the default data folder
    manifests = [DbtTargets.at(embedded_stores.home).clickhouse, DbtTargets.at(embedded_stores.home).postgres]
    parsed_at = [target.manifest_path.stat().st_mtime_ns for target in manifests]
    jobs, asset_count = load(tmp_path)
    assert [target.manifest_path.stat().st_mtime_ns for target in manifests] == parsed_at
    assert {
        "backfill_landing_files",
        "catch_up_raw_events",
        "refresh_warehouse",
        "rebuild_warehouse",
        "build_dbt_docs",
    } <= set(jobs)
    assert asset_count == len(definitions.resolve_asset_graph().get_all_asset_keys())


def load(folder: Path) -> list:
    """Load the definitions in a new interpreter whose environment names no store."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOAD],
        cwd=folder, env={"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT)},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_graph_leads_from_raw_events_to_the_views_and_their_announcement(
    definitions: dg.Definitions,
) -> None:
    graph = definitions.resolve_asset_graph()
    edges = {
        (parent.to_user_string(), key.to_user_string())
        for key in graph.get_all_asset_keys()
        for parent in graph.get(key).parent_keys
        # Staging and intermediate models come and go; the steps around them are what others rely on.
        if not {parent.path[0], key.path[0]} & {"staging", "intermediate"}
    }
    served = "serving_tables/metrics_company_period"
    views = {"serving/mv_company_dashboard", "serving/mv_company_metrics"}
    assert {
        ("ingest/backfilled_files", "raw/events"),
        ("ingest/landed_files", "raw/events"),
        *((f"marts/{table.name}", f"serving_tables/{table.name}") for table in SERVED_TABLES),
        *((served, view) for view in views),
        *((view, "serving/updates") for view in views),
        ("serving/updates", "serving/dbt_docs"),
    } <= edges
    assert "raw/events" in upstream_of(graph, dg.AssetKey(["serving", "updates"]))
    marts = [key for key in graph.get_all_asset_keys() if key.path[0] == "marts"]
    assert {"raw/companies", "raw/company_members", "raw/program_instances"} <= set().union(
        *(upstream_of(graph, mart) for mart in marts)
    )
    # Written by the gate, in a process of its own, and by a job of operations; all else is made by assets.
    assert graph.external_asset_keys == {
        dg.AssetKey(["nlp", "cleared_texts"]), dg.AssetKey(["privacy", "erasure_certificates"]),
    }  # fmt: skip


def upstream_of(graph: dg.AssetGraph, key: dg.AssetKey) -> set[str]:
    found, waiting = set(), [key]
    while waiting:
        for parent in graph.get(waiting.pop()).parent_keys - found:
            found.add(parent)
            waiting.append(parent)
    return {parent.to_user_string() for parent in found}


def test_every_asset_is_described_owned_grouped_and_has_a_freshness_policy(
    definitions: dg.Definitions,
) -> None:
    groups = {
        "ingestion", "reference", "seeds", "staging", "intermediate", "marts", "nlp", "journey", "serving",
        "privacy",
    }  # fmt: skip
    graph = definitions.resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.description, f"{key.to_user_string()} has no description"
        assert node.owners, f"{key.to_user_string()} has no owner"
        assert node.kinds, f"{key.to_user_string()} has no kind"
        assert node.group_name in groups
        # Files arrive when somebody brings them, and the gate is no asset that runs.
        if key.path[0] != "ingest" and node.is_executable:
            assert node.freshness_policy, f"{key.to_user_string()} may grow old unnoticed"


def test_models_carry_what_they_declare_of_people(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    sessions, dashboard = (graph.get(dg.AssetKey(key)).tags for key in FACT_AND_FIGURES)
    assert {"privacy/people": "yes", "privacy/erase": "redact"}.items() <= sessions.items()
    assert {"privacy/people": "no", "privacy/erase": "aggregate"}.items() <= dashboard.items()


def test_our_checks_and_dbt_tests_guard_the_graph(definitions: dg.Definitions) -> None:
    checks = {
        (key.asset_key.to_user_string(), key.name)
        for key in definitions.resolve_asset_graph().asset_check_keys
    }
    assert {
        ("ingest/landed_files", "batches_are_published"),
        ("ingest/landed_files", "few_rows_are_rejected"),
        ("raw/events", "every_loaded_event_is_unique"),
        ("ingest/dead_letters", "no_dead_letters_wait"),
        ("raw/company_members", "every_member_belongs_to_a_copied_company"),
        *((f"serving_tables/{table.name}", "served_rows_equal_the_mart") for table in SERVED_TABLES),
        ("serving/updates", "no_change_is_left_unannounced"),
        ("nlp/text_scores", "no_cleared_text_waits_for_a_score"),
        ("nlp/evaluation", "models_in_force_pass_the_gate"),
        ("nlp/evaluation", "languages_are_served_alike"),
        ("nlp/drift_daily", "psi_stays_below_the_agreed_alert"),
        ("nlp/drift_weekly", "no_shift_that_chance_does_not_explain"),
    } <= checks
    assert any(asset.startswith("marts/") for asset, _ in checks)


def test_a_refresh_does_everything_but_load_events_and_document(definitions: dg.Definitions) -> None:
    selected = definitions.resolve_job_def("refresh_warehouse").asset_layer.selected_asset_keys
    everything = definitions.resolve_asset_graph().get_all_asset_keys()
    assert everything - selected == {
        dg.AssetKey(["raw", "events"]),
        dg.AssetKey(["ingest", "backfilled_files"]),
        dg.AssetKey(["ingest", "dead_letters"]),
        dg.AssetKey(["journey", "flags"]),  # the journey engine writes them as events arrive
        dg.AssetKey(["serving", "dbt_docs"]),  # in a run of their own: nothing waits for them
        dg.AssetKey(["ingest", "landed_files"]),
        dg.AssetKey(["nlp", "cleared_texts"]),
        dg.AssetKey(["nlp", "text_scores"]),
        dg.AssetKey(["nlp", "evaluation"]),
        dg.AssetKey(["nlp", "drift_daily"]),
        dg.AssetKey(["nlp", "drift_weekly"]),
        dg.AssetKey(["privacy", "retention"]),  # nightly, before the rebuild
        dg.AssetKey(["privacy", "erasure_certificates"]),  # when somebody is erased
    }


def test_the_nightly_rebuild_alone_compares_every_served_row(definitions: dg.Definitions) -> None:
    compared = {
        job: {
            key.asset_key.path[-1]
            for key in definitions.resolve_job_def(job).asset_layer.asset_graph.asset_check_keys
            if key.name == "served_rows_equal_the_mart"
        }
        for job in ("refresh_warehouse", "rebuild_warehouse")
    }
    assert compared == {
        "refresh_warehouse": set(),
        "rebuild_warehouse": {table.name for table in SERVED_TABLES},
    }


def test_a_refresh_builds_every_model_of_the_warehouse(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def("refresh_warehouse")
    built = {key.to_user_string() for key in job.asset_layer.selected_asset_keys}
    models = {
        key.to_user_string()
        for key in definitions.resolve_asset_graph().materializable_asset_keys
        if key.path[0] in ("staging", "intermediate", "marts")
    }
    assert models <= built
