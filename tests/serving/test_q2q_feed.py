"""Words behind scores: one's own only, newest first, redacted, for ninety days and of groups large enough."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from tests.serving.figures import Marts
from tests.serving.running import NOBODY, OURS, QUIET, THEIRS, Api, assert_problem

WRITTEN = datetime(2026, 8, 1, 9, tzinfo=UTC)
COUNT = 12


def snippet(company: UUID, number: int, **changes: object) -> dict:
    written_at = WRITTEN + timedelta(days=number - (number % 4 == 3))  # some in the same moment
    return {
        "company_id": company, "text_id": uuid4(), "event_id": uuid4(), "text_type": "buddy_feedback",
        "dimension": "confidence" if number % 2 else "belonging", "language": "en", "score": 0.8,
        "confidence": 0.9, "label": "confidence_increase", "model_version": "q2q-local-v1",
        "text_sha256": "ab" * 32, "written_at": written_at, "expires_at": written_at + timedelta(days=90),
        "suppressed_reason": None, "snippet": f"words {number} to [NAME_1]", **changes,
    }  # fmt: skip


@pytest.fixture(scope="module")
def ours(marts: Marts) -> list[dict]:
    rows = [snippet(OURS, number) for number in range(COUNT)]
    marts.add_snippets(
        *rows,
        snippet(OURS, 3, suppressed_reason="fewer_than_5_people", snippet=None),
        *(snippet(THEIRS, number) for number in range(3)),
    )
    return rows


def feed(api: Api, key: str, company: UUID = OURS, query: str = ""):
    return api.get(f"/v1/companies/{company}/q2q-feed{query}", key)


def test_the_feed_is_ones_own_newest_first_without_small_groups(api: Api, our_key: str, ours) -> None:
    document = feed(api, our_key).json()
    assert {item["event_id"] for item in document["items"]} == {str(row["event_id"]) for row in ours}
    moments = [item["written_at"] for item in document["items"]]
    assert moments == sorted(moments, reverse=True)
    oldest = document["items"][-1]
    assert oldest == {
        "event_id": str(ours[0]["event_id"]), "text_id": str(ours[0]["text_id"]), "dimension": "belonging",
        "score": 0.8, "confidence": 0.9, "label": "confidence_increase", "snippet": "words 0 to [NAME_1]",
        "source": "buddy_feedback", "language": "en", "model_version": "q2q-local-v1",
        "text_sha256": "ab" * 32, "written_at": "2026-08-01T09:00:00+00:00",
        "expires_at": "2026-10-30T09:00:00+00:00",
    }  # fmt: skip


@pytest.mark.parametrize("limit", [1, 5, 11, 12])
def test_pages_join_to_the_whole(api: Api, our_key: str, ours, limit: int) -> None:
    whole = feed(api, our_key).json()["items"]
    pages, cursor = [], ""
    while cursor is not None:
        page = feed(api, our_key, query=f"?limit={limit}{cursor}").json()
        pages += page["items"]
        cursor = f"&cursor={page['next_cursor']}" if page["next_cursor"] else None
    assert pages == whole


def test_one_dimension_alone(api: Api, our_key: str, ours) -> None:
    items = feed(api, our_key, query="?dimension=confidence").json()["items"]
    assert {item["dimension"] for item in items} == {"confidence"}
    assert len(items) == COUNT // 2


@pytest.mark.parametrize("query", ["?limit=101", "?limit=0", "?dimension=luck", "?cursor=abc"])
def test_a_wrong_question_is_refused(api: Api, our_key: str, query: str) -> None:
    assert_problem(feed(api, our_key, query=query), "invalid-parameter", 422)


def test_nobody_reads_without_a_credential_or_of_another_company(
    api: Api, our_key: str, admin_key: str, token
) -> None:
    assert_problem(api.get(f"/v1/companies/{OURS}/q2q-feed"), "unauthenticated", 401)
    assert_problem(feed(api, our_key, THEIRS), "company-forbidden", 403)
    assert_problem(feed(api, admin_key, NOBODY), "company-not-found", 404)
    assert_problem(feed(api, token(role="volunteer")), "role-forbidden", 403)
    assert feed(api, admin_key, QUIET).json() == {"company_id": str(QUIET), "items": [], "next_cursor": None}


def test_evidence_of_a_score_has_its_words(api: Api, our_key: str, marts: Marts, ours) -> None:
    metric = "outcome.belonging"
    event_ids = [ours[0]["event_id"], uuid4()]
    marts.add_evidence(
        *(
            {"company_id": OURS, "metric": metric, "occurred_at": WRITTEN + timedelta(days=place),
             "event_id": event_id, "event_type": "q2q.scored", "person_id": uuid4()}
            for place, event_id in enumerate(event_ids)
        )
    )  # fmt: skip
    items = api.get(f"/v1/metrics/{metric}/evidence", our_key).json()["items"]
    assert [item["snippet"] for item in items] == [None, "words 0 to [NAME_1]"]
