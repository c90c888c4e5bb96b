"""`python -m nlp.safety try RULEFILE --texts FILE`: what a changed rule file would change."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from nlp.safety import rules
from nlp.safety.classifier.model import load_model
from nlp.safety.screening import Screener
from nlp.safety.verdicts import ACTIONS, Verdict


def main(arguments: Sequence[str] | None = None) -> int:
    """Screen the texts with the rules in force and with the file put in, and print where they differ."""
    parser = argparse.ArgumentParser(prog="python -m nlp.safety", description=__doc__)
    commands = parser.add_subparsers(required=True)
    trial = commands.add_parser("try", help="compare a rule file with the one in force")
    trial.add_argument("rule_file", type=Path, help="replaces the file of the same name, or is added")
    trial.add_argument("--texts", type=Path, required=True, help='JSON lines: {"text": …, "language": "en"}')
    given = parser.parse_args(arguments)
    try:
        report = compare(given.rule_file, read_texts(given.texts))
    except (rules.BadRules, OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write("\n".join(report) + "\n")
    return 0


def read_texts(path: Path) -> list[tuple[str, str]]:
    """Texts with their languages. ValueError names the line that cannot be read, never what it says."""
    found: list[tuple[str, str]] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            found.append((row["text"], row.get("language", "unknown")))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(
                f"{path.name}, line {number}: expected an object with `text` and `language`"
            ) from error
    return found


def compare(rule_file: Path, texts: Sequence[tuple[str, str]]) -> list[str]:
    """The lines of the report. Texts are named by their line and never quoted."""
    paths = {path.name: path for path in rules.DATA.glob("*.yaml")} | {rule_file.name: rule_file}
    before, after = rules.standard(), rules.load([paths[name] for name in sorted(paths)])
    model = load_model()
    old, new = Screener(before, model), Screener(after, model)
    verdicts = [(old.screen(text, language), new.screen(text, language)) for text, language in texts]
    changed = [
        (number, pair) for number, pair in enumerate(verdicts, 1) if _meaning(pair[0]) != _meaning(pair[1])
    ]
    return [
        f"{len(texts)} texts, {before.version} against {after.version}: {len(changed)} verdicts change",
        *(
            f"line {number}: {was.action} to {will.action}, {_difference(was, will)}"
            for number, (was, will) in changed
        ),
        *(f"{action}: {count[0]} to {count[1]}" for action, count in _totals(verdicts).items()),
    ]


def _meaning(verdict: Verdict) -> tuple[object, ...]:
    return verdict.action, frozenset(finding.rule for finding in verdict.findings)


def _difference(was: Verdict, will: Verdict) -> str:
    old, new = ({finding.rule for finding in verdict.findings} for verdict in (was, will))
    return (
        " ".join([*(f"-{rule}" for rule in sorted(old - new)), *(f"+{rule}" for rule in sorted(new - old))])
        or "="
    )


def _totals(verdicts: Sequence[tuple[Verdict, Verdict]]) -> dict[str, tuple[int, int]]:
    old = Counter(was.action for was, _ in verdicts)
    new = Counter(will.action for _, will in verdicts)
    return {action: (old[action], new[action]) for action in ACTIONS}


if __name__ == "__main__":
    raise SystemExit(main())
