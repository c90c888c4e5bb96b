"""Hashes of who was erased stay what they are: those of every certificate, file and backup hang on them."""

from __future__ import annotations

import hmac

import pytest

from ingest.tombstones import Tombstones


@pytest.mark.parametrize("key", [b"k" * 32, b"k" * 64, b"k" * 65])
def test_a_hash_is_the_hmac_of_kind_and_value(key: bytes) -> None:
    tombstones = Tombstones(key)
    expected = hmac.digest(key, "email\nåse@example.org".encode(), "sha256")
    assert tombstones.hash_of("email", "åse@example.org") == expected
    assert tombstones.hash_of("email", "åse@example.org") == expected  # what is shared was not used up
