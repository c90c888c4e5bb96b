"""Access tokens for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt


def signed(key: Any, algorithm: str = "HS256", key_id: str | None = None, **claims: object) -> str:
    """A token good for an hour; claims given as None are left out."""
    now = datetime.now(UTC)
    payload = {"iat": now, "exp": now + timedelta(hours=1), **claims}
    payload = {name: value for name, value in payload.items() if value is not None}
    return jwt.encode(payload, key, algorithm, headers={"kid": key_id} if key_id else None)
