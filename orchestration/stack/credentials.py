"""Passwords, signing secrets and the admin key of one embedded platform."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from ingest.webhooks.secret_store import new_secret
from orchestration.stack.errors import PlatformError

MADE_LATER = ("webhook_secrets_key", "text_hash_key", "delivery_secrets_key")


@dataclass(frozen=True)
class StackSecrets:
    """Made at the first start, kept in a file only its owner can read, never a default."""

    postgres_password: str
    clickhouse_password: str
    nats_password: str
    webhook_secret_kintell: str
    webhook_secret_buddy: str
    webhook_secret_upskilling: str
    jwt_secret: str
    admin_key: str
    # Files of earlier versions lack these: they are made when they are read.
    webhook_secrets_key: str = ""
    text_hash_key: str = ""
    delivery_secrets_key: str = ""

    def __repr__(self) -> str:
        return "StackSecrets(…)"

    @classmethod
    def load_or_create(cls, path: Path) -> StackSecrets:
        """The secrets in `path`; a missing file is made with new ones, a damaged one is refused."""
        if not path.exists():
            made = cls._generate()
            made._write(path)
            return made
        loaded = cls._load(path)
        if missing := [name for name in MADE_LATER if not getattr(loaded, name)]:
            loaded = replace(loaded, **{name: secrets.token_urlsafe(32) for name in missing})
            beside = path.with_suffix(".new")
            beside.unlink(missing_ok=True)
            loaded._write(beside)
            beside.replace(path)
        return loaded

    def _write(self, path: Path) -> None:
        # Opened with its final mode, so the secrets are never readable by others, not even for an instant.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(self), file, indent=2)

    @classmethod
    def _load(cls, path: Path) -> StackSecrets:
        try:
            stored = json.loads(path.read_text("utf-8"))
            return cls(**{f.name: stored[f.name] for f in fields(cls) if f.name in stored})
        except (ValueError, KeyError, TypeError):
            # The parser's own message would quote the file, that is: the secrets.
            raise PlatformError(
                f"{path} is damaged or incomplete. Restore it from a backup: the stores of this folder were"
                " created with its passwords. Without a backup, move the whole folder away and start afresh."
            ) from None

    @classmethod
    def _generate(cls) -> StackSecrets:
        random = {f.name: secrets.token_urlsafe(32) for f in fields(cls)}
        for name in random:
            if name.startswith("webhook_secret_"):
                random[name] = new_secret()
        random["admin_key"] = "teei_live_" + random["admin_key"]  # so that a leaked one is recognised
        return cls(**random)
