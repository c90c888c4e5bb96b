"""SDKs meet the same API as the tests of the API do: a process on the embedded stores, with figures published."""

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
