"""Who and what the contracts are about. The key exists where a test's state says so, and nowhere else."""

from __future__ import annotations

from uuid import UUID

COMPANY = UUID("aaaaaaaa-0000-4000-8000-000000000001")
OTHER_COMPANY = UUID("bbbbbbbb-0000-4000-8000-000000000002")
PARTICIPANT = UUID("eeeeeeee-0000-4000-8000-000000000005")
PERSON = UUID("ffffffff-0000-4000-8000-000000000006")
KEY = "teei_test_of-the-contracts-0000000000000000000000000"

API = "impact-api"
LIVE_UPDATES = "live-updates"
JOURNEY_ENGINE = "journey-engine"

HAS_FIGURES = "the company has figures, and the key is its administrator's"
HAS_BEGUN = "the participant's journey has begun"
HAS_MODEL = "a local model labels texts"
IS_KNOWN = "the person is known to the company"
