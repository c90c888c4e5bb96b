"""The record of processing (GDPR Art. 30) and the privacy test matrix, as pages written from the
declarations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from orchestration.privacy.declarations.declarations import Declarations
from orchestration.privacy.declarations.grammar import Relation, Via
from orchestration.privacy.declarations.masking import masked_relations
from orchestration.privacy.declarations.plans import ttl_clauses

CLASSES = {
    "pseudonym": "an id that stands for a person",
    "identifier": "a name, account or number",
    "contact": "an address",
    "free_text": "words somebody wrote",
    "third_party": "another person's data",
    "special": "data the law protects more",
    "derived_text": "redacted or derived words, keyed hashes of words",
}
BASES = {
    "consent": "consent (Art. 6(1)(a))",
    "contract": "contract (Art. 6(1)(b))",
    "legal_obligation": "legal obligation (Art. 6(1)(c))",
    "legitimate_interest": "legitimate interest (Art. 6(1)(f))",
}


def record_of_processing(declarations: Declarations) -> str:
    """Markdown for dbt docs, where it is the project's page: what is held of whom, why, for how long."""
    parts = [
        "{% docs __impact__ %}",
        "# Record of processing",
        "What the platform holds of people, as its tables declare it (GDPR Art. 30). Written by"
        " `impact privacy record`; a test fails while it differs from the declarations.",
        "Data subjects: newcomers who take part, volunteers and buddies. Recipients: the companies they"
        " belong to and CSR suites a company has connected, as figures of groups; a company's AI provider, as"
        " redacted texts.",
    ]
    grouped: dict[str, list[Relation]] = defaultdict(list)
    for relation in sorted(declarations.about_people(), key=lambda one: one.key):
        if relation.kind not in ("view", "materialized_view"):
            grouped[
                f"{relation.store}: {relation.name.partition('.')[0]}"
                if "." in relation.name
                else relation.store
            ].append(relation)
    head = ("What", "Data", "Legal basis", "Kept", "Erasure", "Export")
    for title, relations in grouped.items():
        parts.append(f"## {title}")
        parts.append(_table(head, [_processing(one) for one in relations]))
    parts.append("{% enddocs %}")
    return "\n\n".join(parts) + "\n"


def privacy_matrix(declarations: Declarations) -> str:
    """Markdown: every relation about people and which of the derived checks looks at it."""
    about = sorted(declarations.about_people(), key=lambda one: one.key)
    masked = {one.key for one in masked_relations(declarations)}
    rows = [
        (
            f"`{one.key}`", one.kind, _found_by(one), _erasure(one),
            "counted" if one.store in ("clickhouse", "postgres") else "scanned",
            "yes" if one.export == "own" else "",
            _kept(one), "yes" if ttl_clauses(one) else "", "yes" if one.key in masked else "",
        )
        for one in about
    ]  # fmt: skip
    erased = sum(one.is_erased_here for one in about)
    return "\n\n".join(
        (
            "# Privacy test matrix",
            "Written by `impact privacy matrix` from the declarations; a test fails while it differs from"
            " them.",
            f"{len(declarations)} relations are declared, {len(about)} of them hold something of people, and"
            f" erasure has work to do in {erased}; the others follow from what they are made from, or are"
            f" kept with a reason. Declarations: `{declarations.sha256}`.",
            "**Found by**: how a person's rows are found. **Verified**: how the verifier looks for what is"
            " left. **Export**: part of a person's export. **Kept**: retention, with a company's bounds."
            " **TTL**: ClickHouse itself can forget it. **Masked**: analysts have a view of it.",
            _table(
                ("Relation", "Kind", "Found by", "Erasure", "Verified", "Export", "Kept", "TTL", "Masked"),
                rows ), ) ) + "\n"  # fmt: skip


def _processing(relation: Relation) -> tuple[str, ...]:
    classes = sorted({column.pii for column in relation.columns.values()} - {"none"})
    basis = BASES[relation.retention.basis] if relation.retention else "as what it is made from"
    return (
        f"`{relation.name}`: {relation.about}",
        "; ".join(CLASSES[pii] for pii in classes) or "may mention people",
        basis,
        _kept(relation),
        _erasure(relation),
        "yes" if relation.export == "own" else "no",
    )


def _kept(relation: Relation) -> str:
    retention = relation.retention
    if retention is None or retention.max_age is None:
        return "as what it is made from"
    bounds = f" ({retention.bounds[0]} to {retention.bounds[1]})" if retention.bounds else ""
    return f"{retention.max_age}{bounds}"


def _erasure(relation: Relation) -> str:
    if relation.erase == "redact" and relation.redacts == "shared":
        return f"delete; redact rows shared with others, {relation.physically}"
    return f"{relation.erase}, {relation.physically}" if relation.physically else relation.erase


def _found_by(relation: Relation) -> str:
    if isinstance(relation.reach, Via):
        return f"{relation.reach.column} in `{relation.reach.via}`"
    keys = ", ".join(relation.subject_keys.values())
    inside = f"inside {', '.join(relation.mentions)}" if relation.mentions else ""
    return "; ".join(filter(None, (keys, inside))) or "what it is made from"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)
