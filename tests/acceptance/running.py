"""Runs the short forms: all tests of the chosen lines in one pytest run, then the commands of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from orchestration.stack.layout import PROJECT
from tests.acceptance import telling
from tests.acceptance.lines import Line

Outcome = Literal["pass", "fail", "not measured"]
Say = Callable[[str], None]


@dataclass
class Result:
    """What came of a line's short form. Without a single test that ran, nothing is proven."""

    outcome: Outcome
    at: str
    seconds: float = 0.0
    tests: int = 0
    failed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


class Recorder:
    """How each test ended, as it is told."""

    def __init__(self, say: Say) -> None:
        self.outcomes: dict[str, str] = {}
        self.seconds: dict[str, float] = {}
        self._say = say

    def hear(self, name: str, when: str, outcome: str, seconds: float) -> None:
        """One phase of a test: what fails in any has failed."""
        self.seconds[name] = self.seconds.get(name, 0.0) + seconds
        if outcome == "failed":
            self.outcomes[name] = "failed"
        elif outcome == "skipped":
            self.outcomes.setdefault(name, "skipped")
        elif when == "call":
            self.outcomes.setdefault(name, "passed")
        if when in ("teardown", "collect"):
            self._say(f"{self.outcomes.get(name, 'failed'):8} {self.seconds[name]:6.1f} s  {name}")


def run(lines: Sequence[Line], *, log: Path, say: Say, workers: int = 2) -> dict[str, Result]:
    """The result of each line, by its id. What tests and commands print goes to `log`."""
    tests = list(dict.fromkeys(test for line in lines for test in line.tests))
    recorder = Recorder(say)
    if tests:
        _pytest(tests, recorder, log, workers)
    results = {line.id: result_of(line, recorder) for line in lines}
    for line in lines:
        if line.command:
            _command(line, results[line.id], log, say)
    return results


def _pytest(tests: Sequence[str], recorder: Recorder, log: Path, workers: int) -> None:
    reading, writing = os.pipe()
    spread = ["-n", str(workers)] if workers > 1 else []
    command = [
        sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", telling.__name__, *spread,
        f"--basetemp={log.parent / 'pytest'}", *tests,
    ]  # fmt: skip
    with log.open("wb") as output, os.fdopen(reading, encoding="utf-8") as told:
        process = subprocess.Popen(
            command, cwd=PROJECT, stdout=output, stderr=subprocess.STDOUT, pass_fds=[writing],
            env={**os.environ, telling.VARIABLE: str(writing)},
            start_new_session=True,  # a Ctrl-C comes to it once, from here
        )  # fmt: skip
        os.close(writing)
        try:
            for line in told:
                recorder.hear(**json.loads(line))
            process.wait()
        except BaseException:
            # So that its fixtures stop the platform: SIGTERM would end it at once.
            process.send_signal(signal.SIGINT)
            process.wait()
            raise


def result_of(line: Line, recorder: Recorder) -> Result:
    """A line passes if each of its tests was found, none failed, and not all of them were skipped."""
    found = {name: how for name, how in recorder.outcomes.items() if _is_of(name, line.tests)}
    missing = [test for test in line.tests if not any(_is_of(name, (test,)) for name in found)]
    result = Result(
        outcome="pass",
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(sum(recorder.seconds[name] for name in found), 1),
        tests=len(found),
        failed=sorted([*(name for name, how in found.items() if how == "failed"), *missing]),
        skipped=sorted(name for name, how in found.items() if how == "skipped"),
    )
    if result.failed:
        result.outcome = "fail"
    elif len(result.skipped) == len(found) and not line.command:
        result.outcome = "not measured"
    return result


def _is_of(name: str, tests: Sequence[str]) -> bool:
    """A test is named by its id, without its parameters, by its file or by its folder."""
    return any(name == test or name.startswith((f"{test}::", f"{test}[", f"{test}/")) for test in tests)


def _command(line: Line, result: Result, log: Path, say: Say) -> None:
    started = time.monotonic()
    shown = " ".join(line.command)
    with log.open("ab") as output:
        output.write(f"\n$ {shown}\n".encode())
        output.flush()
        program = Path(sys.executable).with_name(line.command[0])
        command = [str(program) if program.exists() else line.command[0], *line.command[1:]]
        ended = subprocess.run(command, cwd=PROJECT, stdout=output, stderr=output, check=False).returncode
    seconds = time.monotonic() - started
    result.seconds = round(result.seconds + seconds, 1)
    if ended:
        result.outcome = "fail"
        result.failed.append(f"{shown} (ended with {ended})")
    say(f"{'failed' if ended else 'passed':8} {seconds:6.1f} s  {shown}")


def write(results: dict[str, Result], path: Path, *, commit: str) -> None:
    """Keep the results beside those of lines that were not run this time."""
    kept = json.loads(path.read_text("utf-8"))["lines"] if path.exists() else {}
    kept |= {name: {**asdict(result), "commit": commit} for name, result in results.items()}
    document = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "lines": dict(sorted(kept.items()))}
    path.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
