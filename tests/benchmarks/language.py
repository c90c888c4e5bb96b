"""Speed and memory of language detection: `python -m tests.benchmarks.language [--data FOLDER]`.

CPU time of one thread, beside bare py3langid on the same texts. Without --data the texts are those written
for the project, repeated. Each detector runs in a process of its own, so that its memory is its own. Writes
docs/reports/language_speed.{md,json}.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import psutil

from nlp.language.corpora import own

THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
ROUNDS = 3


def texts_of(folder: Path | None) -> dict[str, list[str]]:
    """Short and long texts in the languages of the platform and their neighbours."""
    short = [known.text for known in own(None)] * 8
    if folder is None:
        long = [" ".join(short[number : number + 5]) for number in range(0, len(short) - 5, 2)]
    else:
        long = [
            line
            for language in ("en", "uk", "nb", "nn", "da", "ru")
            for line in (folder / "sentences" / f"{language}.txt").read_text(encoding="utf-8").splitlines()
        ]
    random.Random(1).shuffle(long)  # noqa: S311 - the same order in every run
    return {"short": short, "long": long}


def measure(detector: str, folder: Path | None) -> dict[str, float]:
    """Best of some rounds, in this process."""
    started = time.process_time()
    if detector == "py3langid":
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        identifier = LanguageIdentifier.from_model_file(MODEL_FILE)

        def run(texts: list[str]) -> None:
            for text in texts:
                identifier.classify(text)
    else:
        from nlp.language import detect_many

        def run(texts: list[str]) -> None:
            detect_many(texts)

    run(["Hello there"])
    measured = {"load_cpu_s": time.process_time() - started}
    for name, texts in texts_of(folder).items():
        best = 0.0
        for _ in range(ROUNDS):
            begun = time.process_time()
            run(texts)
            best = max(best, len(texts) / (time.process_time() - begun))
        measured[f"{name}_per_s"] = best
        measured[f"{name}_characters"] = sum(map(len, texts)) / len(texts)
    measured["rss_mb"] = psutil.Process().memory_info().rss / 2**20
    return measured


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.language", description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--only", help="measure one detector in this process and print JSON")
    chosen = parser.parse_args()
    if chosen.only:
        print(json.dumps(measure(chosen.only, chosen.data)))
        return
    from tests.benchmarks import reports  # not in a measured process: it imports the platform

    found = {}
    for detector in ("nlp.language", "py3langid"):
        command = [sys.executable, "-m", "tests.benchmarks.language", "--only", detector]
        command += ["--data", str(chosen.data)] if chosen.data else []
        told = subprocess.run(
            command, env={**os.environ, **THREADS}, check=True, capture_output=True, text=True
        )
        found[detector] = json.loads(told.stdout)
    ours, bare = found["nlp.language"], found["py3langid"]
    table = [
        ["what", "nlp.language", "py3langid alone", "ratio"],
        *(
            [name, f"{ours[key]:,.{digits}f}", f"{bare[key]:,.{digits}f}", f"{ours[key] / bare[key]:.2f}"]
            for name, key, digits in (
                (f"short texts per second ({ours['short_characters']:.0f} characters)", "short_per_s", 0),
                (f"long texts per second ({ours['long_characters']:.0f} characters)", "long_per_s", 0),
                ("CPU seconds to load", "load_cpu_s", 1),
                ("resident memory, MB", "rss_mb", 0),
            )
        ),
    ]
    command = "python -m tests.benchmarks.language" + (" --data FOLDER" if chosen.data else "")
    print(
        reports.write(
            "language_speed",
            "Speed and memory of language detection",
            table,
            found,
            command=command,
            notes="CPU time of one thread; memory of the whole process, with the texts.",
        )
    )


if __name__ == "__main__":
    main()
