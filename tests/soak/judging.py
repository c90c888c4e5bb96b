"""What a run has to show, each claim judged; open where the run did not come to the end that tells."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.soak.runs import GIB, TENTHS, Run, tenths, trends

BUDGETS = Path(__file__).with_name("budgets.yaml")


@dataclass(frozen=True)
class Claim:
    """One thing a soak is to show; `holds` is None where this run cannot tell."""

    says: str
    found: str
    holds: bool | None


def budgets() -> dict[str, Any]:
    return dict(yaml.safe_load(BUDGETS.read_text()))


def claims(run: Run, limits: Mapping[str, Any]) -> list[Claim]:
    """Everything a soak is to show, in the order of its importance."""
    return [
        *_books(run.outcome),
        *_errors(run),
        *_waiting(run, limits),
        _latency(run, limits),
        *_growth(run, limits),
        *_whole(run, limits),
        *_beside(run),
    ]


def _books(outcome: Mapping[str, Any] | None) -> list[Claim]:
    if outcome is None:
        return [Claim("the ledger is equal in the end", "the run did not come to its end", None)]
    books = outcome["books"]
    differences = {name: count for name, count in books.items() if name.startswith(("events_", "facts_"))}
    differences.pop("events_expected")
    is_equal = not any(differences.values()) and books["sent"] == books["accepted"] == books["at_receiver"]
    return [
        Claim("the run came to its end", "yes" if outcome["is_complete"] else "interrupted",
              outcome["is_complete"]),
        Claim(
            "the ledger is equal in the end",
            f"sent {books['sent']:,}, accepted {books['accepted']:,}, on the receiver's disk"
            f" {books['at_receiver']:,}, events expected {books['events_expected']:,}; "
            + ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in differences.items()),
            is_equal,
        ),
    ]  # fmt: skip


def _errors(run: Run) -> list[Claim]:
    answers, reads = _sum(run, "answers"), _sum(run, "reads")
    wrong = answers.total() - answers["202"]
    failed = sum(count for status, count in reads.items() if status[0] in "5n" or status == "429")
    return [
        Claim("no delivery got an error", f"{wrong} of {answers.total():,} requests: {counts(answers)}",
              not wrong),
        Claim("no read got an error", f"{failed} of {reads.total():,}: {counts(reads)}", not failed),
    ]  # fmt: skip


def _waiting(run: Run, limits: Mapping[str, Any]) -> list[Claim]:
    depths: dict[str, list[int]] = {}
    for one in run.while_sending:
        for step, count in one["waiting"].items():
            depths.setdefault(step, []).append(count)
    most = {step: max(counts) for step, counts in depths.items()}
    last = {
        step: statistics.median(counts[-max(1, len(counts) // TENTHS) :]) for step, counts in depths.items()
    }
    rate = run.plan["rate"]
    bound, bound_last = limits["waiting_s"] * rate, limits["waiting_at_end_s"] * rate
    found = [
        Claim(
            f"nothing waits without bound (most {bound:,.0f}, at the end {bound_last:,.0f} of anything)",
            "most: " + counts({step: count for step, count in most.items() if count})
            + "; median of the last tenth: " + (counts({s: n for s, n in last.items() if n}) or "nothing"),
            max(most.values(), default=0) <= bound and max(last.values(), default=0) <= bound_last,
        )
    ]  # fmt: skip
    if run.outcome is not None:
        left = {step: count for step, count in run.outcome["waiting"].items() if count}
        took = run.outcome["settled_after_s"]
        found.append(
            Claim(
                "nothing waits in the end",
                counts(left) or f"nothing, {took:.0f} s after the last delivery" if took is not None
                else f"after a long wait: {counts(left)}",
                not left,
            )
        )  # fmt: skip
    return found


def _latency(run: Run, limits: Mapping[str, Any]) -> Claim:
    parts = [part for part in tenths(run) if part.total]
    says = (
        f"p99 of the last tenth is at most {limits['p99_ratio']:g} of the first's, or {limits['p99_ms']:g} ms"
    )
    if len(parts) < TENTHS:
        return Claim(says, "too few answers", None)
    first, last = parts[0].ms(0.99), parts[-1].ms(0.99)
    return Claim(
        says, f"{first:.1f} ms, then {last:.1f} ms: {last / first:.2f}",
        last <= max(first * limits["p99_ratio"], limits["p99_ms"]),
    )  # fmt: skip


def limit_of(part: str, plan: Mapping[str, Any], limits: Mapping[str, Any]) -> float:
    """Bytes an hour that a part may grow by."""
    return _of_part(limits["memory_bytes_per_event"], part) * float(plan["rate"]) * 3600


def _of_part(by_part: Mapping[str, float], part: str) -> float:
    return by_part.get(part, by_part["default"])


def _growth(run: Run, limits: Mapping[str, Any]) -> list[Claim]:
    found = []
    for number, says, limit_for in (
        ("memory", "no process's memory grows", lambda part: limit_of(part, run.plan, limits)),
        ("fds", "no process's open files grow", lambda part: _of_part(limits["fds_per_hour"], part)),
        ("threads", "no process's threads grow", lambda part: _of_part(limits["threads_per_hour"], part)),
    ):
        verdicts = {
            part: one.verdict(limit_for(part)) if one else "too short"
            for part, one in trends(run, number).items()
        }
        by_verdict = {
            verdict: [part for part, its in verdicts.items() if its == verdict]
            for verdict in ("grows", "undecided", "too short")
        }
        told = "; ".join(f"{verdict}: {', '.join(parts)}" for verdict, parts in by_verdict.items() if parts)
        holds = None if by_verdict["too short"] or not verdicts else not told
        if by_verdict["grows"]:
            holds = False
        found.append(Claim(says, told or f"flat: all {len(verdicts)}", holds))
    return found


def _whole(run: Run, limits: Mapping[str, Any]) -> list[Claim]:
    most = max((one.get("memory", 0) for one in run.while_sending), default=0)
    restarts = {
        part: max(one["processes"].get(part, {}).get("restarts", 0) for one in run.samples)
        for part in run.parts
    }
    again = {part: count for part, count in restarts.items() if count}
    return [
        Claim(f"the whole platform takes at most {limits['memory_gib']} GiB", f"{most / GIB:.2f} GiB",
              most <= limits["memory_gib"] * GIB),
        Claim("no process was started again", counts(again) or "none", not again),
    ]  # fmt: skip


def _beside(run: Run) -> list[Claim]:
    failed = failures_of(run)
    if (outcome := run.outcome) is None:
        return [Claim("what happened beside", "; ".join(failed) or "the run did not come to its end", None)]
    streams = outcome["streams"]
    failures = {job: by["FAILURE"] for job, by in outcome["runs"].items() if by.get("FAILURE")}
    refreshes = outcome["runs"].get("refresh_warehouse", {}).get("SUCCESS", 0)
    texts = outcome["texts"]
    return [
        Claim(
            "each client of the live stream got every update once, in order",
            f"{streams['clients']} clients, {streams['received']:,} received of {streams['published']:,}"
            f" published, {streams['connections']:,} connections; inexact {streams['inexact']},"
            f" gaps {streams['gaps']}, resets {streams['resets']}, refused {streams['refused']}",
            streams["received"] > 0
            and not any(
                streams[name] for name in ("inexact", "ended_with_an_error", "of_other_companies", "gaps")
            ),
        ),
        erased_claim(run),
        delivered_claim(run),
        Claim(
            "the warehouse was refreshed all the time, and no run failed",
            f"{refreshes} refreshes; "
            + "; ".join(f"{job} {counts(by)}" for job, by in outcome["runs"].items())
            + (f"; failed: {counts(failures)}" if failures else ""),
            refreshes > 0 and not failures,
        ),
        Claim(
            "every text was screened and scored",
            f"{texts['arrived']:,} arrived, {texts['screened']:,} screened, {texts['scored']:,} scored by"
            f" {texts['model']}, {texts['to_score']:,} left",
            texts["arrived"] == texts["screened"] > 0 and texts["scored"] > 0 and not texts["to_score"],
        ),
        Claim("nothing else failed", "; ".join(failed) or "nothing", not failed),
    ]  # fmt: skip


def failures_of(run: Run) -> list[str]:
    """What was to happen beside the deliveries and did not."""
    return [f"{one['of']}: {one['error']}" for one in run.happenings if one["what"] == "failed"]


def erased_claim(run: Run) -> Claim:
    """Of a run that came to its end."""
    assert run.outcome is not None
    says, left = "who was erased is gone and does not come back", run.outcome["erased"]
    [happened] = [one for one in run.happenings if one["what"] == "erasure"] or [None]
    if not left or happened is None:
        return Claim(says, "; ".join(failures_of(run)) or "none was seen to its end", False)
    return Claim(
        says,
        f"{happened['state']} in {happened['seconds']:g} s; {counts(left)}",
        happened["state"] == "completed"
        and not any(left[name] for name in ("rows_of_the_person", "rows_told_of_later", "verify_ended_with")),
    )


def delivered_claim(run: Run) -> Claim:
    """Of a run that came to its end."""
    assert run.outcome is not None
    found = run.outcome["delivery"]
    at_partner, here = found["accepted_by_the_partner"], found["delivered_says_the_platform"]
    took = [
        f"; {one['seconds']:g} s after it was asked for"
        for one in run.happenings
        if one["what"] == "delivery"
    ]
    return Claim(
        "the partner got its report once",
        f"{at_partner} accepted there, {here} delivered here; {'; '.join(found['problems']) or 'no problem'}"
        + "".join(took),
        at_partner == here == 1 and not (found["accepted_more_than_once"] or found["problems"]),
    )


def _sum(run: Run, name: str) -> Counter[str]:
    whole: Counter[str] = Counter()
    for one in run.samples:
        whole.update(one[name])
    return whole


def counts(counts: Mapping[str, Any]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {count:,.12g}" for name, count in counts.items())


def exit_status(found: Sequence[Claim]) -> int:
    """3 if the ledger is not equal: then no other figure counts. 1 if anything else fails, else 0."""
    if any("ledger" in one.says and one.holds is False for one in found):
        return 3
    return 1 if any(one.holds is False for one in found) else 0
