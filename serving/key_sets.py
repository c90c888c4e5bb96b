"""The public keys of whoever issues access tokens: a JWK set (RFC 7517) in a file or at an address.

Read again every few minutes, and when a token names a key that is not known, at most once a minute however
many such tokens come. While the issuer is away its last keys count for an hour.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jwt
import structlog

log = structlog.get_logger("serving")

ALGORITHMS = ("RS256", "ES256", "EdDSA")
REFRESH_S = 300.0
RETRY_S = 60.0  # between two looks, whatever asks for one
STALE_S = 3600.0  # without an answer of the issuer, a key that was taken back would count for ever
_TIMEOUT_S = 5.0


class UnknownKeyError(Exception):
    """No key of the set has this id."""


class KeySetAwayError(Exception):
    """There is no set to look into: the issuer did not answer, or not for too long."""


class KeySet:
    """The keys by their id (`kid`), as far as they sign by `ALGORITHMS`; others are passed over."""

    def __init__(
        self, load: Callable[[], Mapping[str, Any]], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._load, self._clock = load, clock
        self._keys: dict[str, jwt.PyJWK] = {}
        self._loaded_at = self._tried_at = -float("inf")
        self._loading: asyncio.Task[None] | None = None
        self.generation = 0  # moves when the keys are others than before

    @classmethod
    def of(cls, file: Path | None, url: str | None) -> KeySet | None:
        """The set at the file or address; None if neither is named."""
        if file is not None:
            return cls(lambda: json.loads(file.read_bytes()))
        if url is not None:
            # Follows no redirect and opens nothing but http(s); what it remembers itself is switched off.
            return cls(jwt.PyJWKClient(url, cache_jwk_set=False, timeout=_TIMEOUT_S).fetch_data)
        return None

    async def find(self, key_id: str | None) -> jwt.PyJWK:
        """The key with the id. Raises UnknownKeyError or KeySetAwayError."""
        if self._keys and self._clock() - self._loaded_at > STALE_S:
            self._replace({})
        key = self._keys.get(key_id or "")
        if key is None and self._may_try():
            await asyncio.shield(self._start())
            key = self._keys.get(key_id or "")
        if key is not None:
            return key
        if not self._keys:
            raise KeySetAwayError
        raise UnknownKeyError

    def look_soon(self) -> None:
        """Have the set read again beside the request, if that is due: a key taken back must be noticed."""
        if self._clock() - self._loaded_at > REFRESH_S and self._may_try():
            self._start()

    def _may_try(self) -> bool:
        return self._loading is not None or self._clock() - self._tried_at >= RETRY_S

    def _start(self) -> asyncio.Task[None]:
        if self._loading is None:  # one at a time, however many wait for it
            self._tried_at = self._clock()
            self._loading = asyncio.create_task(self._look())
        return self._loading

    async def _look(self) -> None:
        try:
            document = await asyncio.to_thread(self._load)
            keys = {
                key.key_id: key
                for key in jwt.PyJWKSet.from_dict(dict(document))
                if key.key_id and key.public_key_use in (None, "sig") and key.algorithm_name in ALGORITHMS
            }
        except (OSError, ValueError, jwt.PyJWTError) as error:
            log.warning("key_set_not_read", error=type(error).__name__)
        else:
            self._loaded_at = self._clock()
            self._replace(keys)
        finally:
            self._loading = None

    def _replace(self, keys: dict[str, jwt.PyJWK]) -> None:
        if _fingerprints(keys) != _fingerprints(self._keys):
            self.generation += 1
            log.info("key_set_changed", key_ids=sorted(keys))
        self._keys = keys


def _fingerprints(keys: Mapping[str, jwt.PyJWK]) -> dict[str, str]:
    return {key_id: json.dumps(key._jwk_data, sort_keys=True) for key_id, key in keys.items()}
