"""SDKs meet the API that its own tests meet: a process on the embedded stores, with figures published."""

from __future__ import annotations

from tests.serving.conftest import (
    admin_key,
    api,
    figures,
    marts,
    new_key,
    our_key,
    postgres,
    their_key,
    token,
)

__all__ = ["admin_key", "api", "figures", "marts", "new_key", "our_key", "postgres", "their_key", "token"]
