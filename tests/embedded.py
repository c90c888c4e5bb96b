"""The embedded stores, or the whole platform, for as long as a fixture lives."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from orchestration.stack import platform
from orchestration.stack.errors import PlatformError
from orchestration.stack.layout import Layout


@contextmanager
def running(layout: Layout, *, stores_only: bool) -> Iterator[None]:
    """Start as `impact up` does it, and stop at the end. What does not start fails the test in one line."""
    try:
        platform.up(layout, print, stores_only=stores_only)
    except PlatformError as error:
        pytest.fail(str(error), pytrace=False)
    try:
        yield
    finally:
        platform.down(layout)


def know_the_erased(home: Path) -> None:
    """Give another data folder the key by which this process's platform knows who was erased."""
    shutil.copytree(Path(os.environ["IMPACT_HOME"]) / "privacy", home / "privacy")


def register_company(postgres: psycopg.Connection, company_id: UUID) -> None:
    """Make a company known, so that figures about it are about somebody when others refresh the warehouse."""
    postgres.execute(
        "insert into ingest.companies (company_id, name) values (%s, %s) on conflict do nothing",
        (company_id, f"Company {company_id}"),
    )
