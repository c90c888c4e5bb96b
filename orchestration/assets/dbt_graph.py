"""How a dbt model appears in Dagster: its key, group and owner, and which asset stands for a dbt source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg
import orjson
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtProject

from orchestration.assets.declarations import PLATFORM_TEAM, REBUILT_NIGHTLY
from orchestration.dbt import DbtTarget
from orchestration.privacy.declarations.tags import privacy_tags

# Schema `serving` holds both what is copied in and the views on top; in the graph these are two steps.
SOURCE_SCHEMAS = {"serving": "serving_tables"}


class PlatformTranslator(DagsterDbtTranslator):
    """Keys are `<schema>/<model>`, as an analyst would write the table's name."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        schema = dbt_resource_props["schema"]
        if dbt_resource_props["resource_type"] == "source":
            schema = SOURCE_SCHEMAS.get(schema, schema)
        return dg.AssetKey([schema, dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return str(dbt_resource_props["schema"])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> Sequence[str]:
        owner = dbt_resource_props.get("config", {}).get("meta", {}).get("owner")
        return [f"team:{owner}"] if owner else [PLATFORM_TEAM]

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        # The model's own words; dagster-dbt would add its SQL, which dbt docs show better.
        return str(dbt_resource_props.get("description", ""))

    def get_tags(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, str]:
        """What the resource's privacy declaration says, so that the graph can be searched by it."""
        return {
            **super().get_tags(dbt_resource_props),
            **privacy_tags(dbt_resource_props.get("config", {}).get("meta", {})),
        }

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        return spec.replace_attributes(freshness_policy=REBUILT_NIGHTLY)


translator = PlatformTranslator(DagsterDbtTranslatorSettings(enable_source_tests_as_checks=True))


def read_manifest(target: DbtTarget) -> dict[str, Any]:
    """The target's manifest without the parts that Dagster does not read: they are most of its size."""
    manifest: dict[str, Any] = orjson.loads(target.manifest_path.read_bytes())
    return {**manifest, "macros": {}, "docs": {}}
