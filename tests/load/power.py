"""How often `impact load compare` is right, on noise it has recorded: `python -m tests.load.power --help`.

Reads the pairs of a comparison of a version with itself, plants a slowdown in half of the trials, and counts.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.benchmarks import reports
from tests.load import verdict
from tests.load.compare import recorded_noise

DETECTED_SHARE, FALSE_ALARM_SHARE = 0.95, 0.02  # what a gate has to reach


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--noise", type=Path, default=reports.FOLDER / "load_compare_itself.json")
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--pairs", type=int, nargs="+", default=[8, 12, 16, 20, 30])
    options = parser.parse_args()
    older, newer = recorded_noise(options.noise)
    found = [verdict.power(older, newer, pairs=pairs, trials=options.trials) for pairs in options.pairs]
    rows = [["pairs", "10 % slower: noticed", "the same: called slower", "the same: undecided"]]
    for one in found:
        shares = (one.detected, one.false_alarms, one.undecided)
        rows.append([str(one.pairs), *(f"{share / one.trials:.1%}" for share in shares)])
    print(
        reports.write(
            "load_compare_power",
            "How often a comparison of two versions is right",
            rows,
            [one.to_dict() for one in found],
            command=f"python -m tests.load.power --trials {options.trials}",
            notes=f"{options.trials:,} trials each, drawn from the {len(older)} pairs recorded in"
            f" {options.noise.name} (CPU time for each delivery).",
        )
    )
    good = any(
        one.detected >= DETECTED_SHARE * one.trials and one.false_alarms <= FALSE_ALARM_SHARE * one.trials
        for one in found
    )
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
