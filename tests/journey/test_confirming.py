"""What one more activity can turn is known from rule and type: the interpreter never says otherwise."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest

from orchestration.journey.confirming import Turn, expectation, soonest_change, turn_of
from orchestration.journey.interpreter import Activity, interpret
from orchestration.journey.masks import Question
from orchestration.journey.outcome import Outcome
from orchestration.journey.rules import load_rules
from orchestration.journey.rules.model import Rule
from tests.journey import histories
from tests.journey.test_engine import rule

AS_OF = histories.AS_OF
NOBODY = UUID(int=0)


def answer(one: Rule, activities: list[Activity]) -> Outcome:
    [outcome] = interpret([one], activities, company_id=NOBODY, person_id=NOBODY, as_of=AS_OF)
    return outcome


@pytest.mark.parametrize("seed", range(3))
def test_an_activity_turns_no_answer_in_a_way_that_was_ruled_out(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - to be made again, not to be secret
    rules, seen = [*load_rules(), *histories.rules(random, 40)], Counter[Turn]()
    shortest = {one.hash: Question([one]).shortest for one in rules}
    for activities in histories.histories(random, NOBODY, 40).values():
        for one in rules:
            event_type = random.choice(sorted(histories._TYPES))
            at = AS_OF - random.choice((1, 1000)) * timedelta(milliseconds=1)
            if AS_OF - at >= shortest[one.hash]:
                continue
            before = [activity for activity in activities if activity.occurred_at < at]
            newest = replace(histories._activity(random, event_type, "another"), occurred_at=at)
            was, now, turn = answer(one, before), answer(one, [*before, newest]), turn_of(one, event_type)
            if was.holds is True and now.holds is not True:
                assert Turn.DOWN in turn, (one, event_type)
            if was.holds is not True and now.holds is True:
                assert Turn.UP in turn, (one, event_type)
            seen[turn] += 1
            # And time alone changes nothing earlier than was known, or than this activity's own age does.
            length = soonest_change([one], event_type)
            known = [was.next_change_at, None if length is None else at + length]
            soonest = min((moment for moment in known if moment is not None), default=None)
            if now.next_change_at is not None:
                assert soonest is not None
                assert now.next_change_at >= soonest
    assert min(seen[turn] for turn in (Turn.NOT, Turn.UP, Turn.DOWN, Turn.EITHER)) > 20


def test_what_people_expect_says_of_whom_an_activity_is_no_news() -> None:
    sessions = {"sessions": {"count": "kintell_sessions"}}
    fewer = {"fact": "sessions", "op": "<", "value": 3.0}
    silence = {"facts": {"silence": {"time_since": "any_activity"}},
               "when": {"fact": "silence", "op": ">", "value": "14 days"}}  # fmt: skip
    mean = {
        "facts": {"mean": {"avg": "kintell_ratings.score"}},
        "when": {"fact": "mean", "op": ">", "value": 0.5},
    }
    rules = [rule(), rule(facts=sessions, when={"none": [fewer]}), rule(facts=sessions, when=fewer),
             rule(**silence), rule(**mean)]  # fmt: skip
    assert expectation(rules, "kintell.session.completed") == "^[1_][1_][0_][0_].$"
    assert expectation(rules, "kintell.rating.created") == "^...[0_]_$"
    assert soonest_change(rules, "kintell.rating.created") == timedelta(days=14)
    assert soonest_change(rules, "ingest.donation.made") is None
