"""JSON Schema (2020-12) of a rule file, with hints for an editor under `x-editor`."""

from __future__ import annotations

from functools import cache
from typing import Any

from orchestration.journey.rules.facts import OF_A_NUMBER, Fact
from orchestration.journey.rules.model import Rule
from orchestration.journey.rules.parts import NAME
from orchestration.journey.rules.vocabulary import (
    ENTITIES,
    EVENT_TYPES,
    FIELDS,
    NUMBER_FIELDS,
    TEXT_FIELDS,
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PARTS = ("Fact", "Comparison", "Known", "All", "Any_", "None_", "Then", "SetFlag", "EmitEvent", "Compared")
_WIDGETS = {
    "description": "paragraph",
    "facts": "named-list",
    "when": "condition-tree",
    "where": "field-filters",
    "fact": "fact-picker",
    "known": "fact-picker",
    "within": "duration",
    "hold": "duration",
    "ttl": "duration",
    "effective_from": "date",
    "canary_companies": "company-picker",
    "reach_milestone": "milestone-picker",
}


@cache
def rule_schema() -> dict[str, Any]:
    """The schema an editor offers choices with. What it cannot say, loading checks and explains."""
    schema = Rule.model_json_schema()
    fact = schema["$defs"]["Fact"]
    for name in ("count", "exists", "time_since"):
        fact["properties"][name] = {
            "description": Fact.model_fields[name].description,
            "anyOf": [
                {"$ref": "#/$defs/Entity"},
                {"type": "array", "items": {"$ref": "#/$defs/Entity"}, "minItems": 1},
            ],
        }
    for name in (*OF_A_NUMBER, "distinct"):
        fields = FIELDS if name == "distinct" else NUMBER_FIELDS
        fact["properties"][name] = {
            "description": Fact.model_fields[name].description,
            "type": "string",
            "pattern": f"^[a-z_.]+\\.({'|'.join(fields)})$",
            "examples": [f"kintell_ratings.{next(iter(NUMBER_FIELDS[1:]))}"],
        }
    aggregates = ("count", "exists", "time_since", "distinct", *OF_A_NUMBER)
    fact["oneOf"] = [{"required": [name]} for name in aggregates]
    fact["properties"]["where"]["propertyNames"] = {"enum": list(FIELDS)}
    schema["properties"]["facts"]["propertyNames"] = {"pattern": NAME}
    schema["$defs"]["Entity"] = {"title": "Entity", "enum": [*ENTITIES, *EVENT_TYPES]}
    for part in (schema, *(schema["$defs"][name] for name in _PARTS)):
        for place, (name, field) in enumerate(part.get("properties", {}).items()):
            field["x-editor"] = {"order": place, **({"widget": _WIDGETS[name]} if name in _WIDGETS else {})}
    schema["x-editor"] = {
        "entities": {name: entity.description for name, entity in ENTITIES.items()},
        "fields": {name: {"says": said, "is_text": name in TEXT_FIELDS} for name, said in FIELDS.items()},
    }
    return {"$schema": DIALECT, "$id": "urn:impact-platform:journey-rule:v1", **schema}
