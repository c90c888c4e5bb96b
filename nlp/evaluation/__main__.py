"""`python -m nlp.evaluation run --model ID`: evaluate a version of the file of models, without any store.

Writes the report as Markdown, HTML and JSON and tells whether the gate would let the version serve. To store
the evaluation, so that it may serve, use `impact q2q evaluate`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from nlp.classifiers.base import ClassifierError
from nlp.evaluation.classifiers import ClassifierUnavailableError, classifier_of
from nlp.evaluation.figures import figures, run
from nlp.evaluation.labelled import LabelledSetError, load
from nlp.evaluation.page import html
from nlp.evaluation.report import markdown
from nlp.registry.gate import judge
from nlp.registry.models import MODELS, ModelsFileError, read_models

_TITLE = (
    "# {title}\n\nWritten by `{command}`. What the labels mean: [labelling guide](../labelling-guide.md)."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """0 if the gate is passed, 1 if not, 2 if nothing could be measured."""
    options = _parser().parse_args(arguments)
    try:
        models = read_models(options.models)
        entry = models.entry(options.model)
        if options.everything:
            kept = {name: value for name, value in entry.definition.items() if name != "abstains"}
            entry = replace(entry, definition=kept)
        policy = {**models.policy, **({"set_version": options.set} if options.set else {})}
        labelled = load(policy["set_version"], options.split or policy["split"])
        measured = figures(run(classifier_of(entry), labelled))
    except (ModelsFileError, LabelledSetError, ClassifierUnavailableError, ClassifierError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    failures = judge(measured, policy)
    command = "python -m nlp.evaluation " + " ".join(sys.argv[1:] if arguments is None else arguments)
    further = [_as_section(path.read_text("utf-8")) for path in options.append]
    report = "\n\n".join(
        [_TITLE.format(title=options.title, command=command), markdown(measured, failures), *further]
    )
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.with_suffix(".md").write_text(report, "utf-8")
    options.out.with_suffix(".html").write_text(html(measured, failures), "utf-8")
    options.out.with_suffix(".json").write_text(
        json.dumps(measured, indent=1, ensure_ascii=False) + "\n", "utf-8"
    )
    sys.stdout.write(report)
    return 1 if failures else 0


def _as_section(page: str) -> str:
    """A page's Markdown as a section of another: its headings one level lower."""
    lines, is_code = [], False
    for line in page.splitlines():
        is_code ^= line.startswith("```")
        lines.append(f"#{line}" if line.startswith("#") and not is_code else line)
    return "\n".join(lines) + "\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m nlp.evaluation", description=__doc__)
    verbs = parser.add_subparsers(required=True)
    evaluate = verbs.add_parser("run", help="evaluate one version")
    evaluate.add_argument("--model", required=True, help="id in the file of models")
    evaluate.add_argument("--models", type=Path, default=MODELS, help="the file of models")
    evaluate.add_argument(
        "--everything",
        action="store_true",
        help="also what the version abstains from: how far it is from proof",
    )
    evaluate.add_argument("--set", help="version of the labelled set; the gate's if left out")
    evaluate.add_argument("--split", choices=("test", "calibration", "all"), help="the gate's if left out")
    evaluate.add_argument(
        "--out", type=Path, default=Path("q2q_eval.md"), help="report; .html and .json beside it"
    )
    evaluate.add_argument("--title", default="How well texts are labelled", help="heading of the report")
    evaluate.add_argument(
        "--append", type=Path, action="append", default=[], help="a page of other measurements to add"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
