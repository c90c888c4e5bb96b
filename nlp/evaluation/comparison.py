"""Two versions on the same labelled texts: where they agree, where they differ, and what each costs.

Examples come from the labelled set, which was written for it. Participants' texts never get here.
"""

from __future__ import annotations

from dataclasses import dataclass

from nlp.evaluation.figures import Answered, Run, figures
from nlp.evaluation.labelled import BINARY_LABELS, answers
from nlp.evaluation.measures import ratio, wilson
from nlp.evaluation.report import number, overview, table
from nlp.labels import CHANGES

MOST_EXAMPLES = 20


class NotComparableError(Exception):
    """The two runs are not of the same texts."""


@dataclass(frozen=True)
class Flip:
    """One label that the two versions answer differently about one text."""

    item: Answered
    label: str
    before: bool | None
    after: bool | None

    @property
    def truth(self) -> bool:
        return bool(answers(self.item.item.labels)[self.label])

    @property
    def is_fixed(self) -> bool:
        return self.after == self.truth

    @property
    def is_broken(self) -> bool:
        return self.before == self.truth


def flips(before: Run, after: Run) -> list[Flip]:
    """Raises NotComparableError unless both runs are of the same set and split."""
    if (before.labelled.sha256, before.labelled.split) != (after.labelled.sha256, after.labelled.split):
        raise NotComparableError(
            f"{before.model_version} was run on set {before.labelled.version}/{before.labelled.split},"
            f" {after.model_version} on {after.labelled.version}/{after.labelled.split}"
        )
    found = []
    for one, other in zip(before.answered, after.answered, strict=True):
        said, says = answers(one.labels), answers(other.labels)
        found += [
            Flip(one, name, said[name], says[name]) for name in BINARY_LABELS if said[name] != says[name]
        ]
    return found


def markdown(before: Run, after: Run) -> str:
    """The comparison as a report."""
    changed = flips(before, after)
    rows = []
    for name in BINARY_LABELS:
        of_label = [flip for flip in changed if flip.label == name]
        agreeing = len(before.answered) - len(of_label)
        rows.append(
            (
                name,
                number(ratio(agreeing, len(before.answered)), wilson(agreeing, len(before.answered))),
                str(len(of_label)),
                str(sum(flip.is_fixed for flip in of_label)),
                str(sum(flip.is_broken for flip in of_label)),
            )
        )
    both = [figures(before), figures(after)]
    costs = [
        (
            one["model_version"],
            str(one["error_count"]),
            *(number(found["cost_microdollars_per_text"]) for found in one["languages"].values()),
        )
        for one in both
    ]
    shown = [flip for flip in changed if flip.label in CHANGES][:MOST_EXAMPLES]
    parts = [
        f"# {before.model_version} and {after.model_version}",
        f"On set {before.labelled.version}, split {before.labelled.split}, {len(before.answered)} texts"
        " written for evaluation. An abstention is an answer of its own here.",
        "## F1 of the changes",
        overview(both),
        "## Agreement",
        table(("label", "same answer", "flips", "now right", "now wrong"), rows),
        "## Cost in µ$ per text",
        table(("version", "failures", *both[0]["languages"]), costs),
        f"## Flips of the changes, the first {len(shown)} of"
        f" {sum(flip.label in CHANGES for flip in changed)}",
        table(
            ("text", "label", "truth", before.model_version, after.model_version),
            [
                (
                    f"{flip.item.item.item_id}: {flip.item.item.content}".replace("|", "/").replace(
                        "\n", " "
                    ),
                    flip.label,
                    _word(flip.truth),
                    _word(flip.before),
                    _word(flip.after),
                )
                for flip in shown
            ],
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _word(answer: bool | None) -> str:
    return "abstains" if answer is None else ("yes" if answer else "no")
