"""Where contracts are kept, and how one that a consumer needs now is compared with the one that is kept."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

os.environ["PACT_DO_NOT_TRACK"] = "true"  # before pact is imported anywhere

FOLDER = Path(__file__).parent / "pacts"
BODIES = Path(__file__).parent / "bodies"


def body(name: str) -> Any:
    """An answer as the API gives it in the state that the contract names."""
    return json.loads((BODIES / f"{name}.json").read_text("utf-8"))


def content(path: Path) -> Any:
    """A contract without what only says which library wrote it, in an order of its own."""
    document = json.loads(path.read_text("utf-8"))
    document.pop("metadata", None)
    for part in ("interactions", "messages"):
        document[part] = sorted(document.get(part, []), key=lambda one: str(one["description"]))
    return document


@pytest.fixture
def contract(tmp_path: Path) -> Callable[..., AbstractContextManager[Any]]:
    """A contract to fill in. It has to be the one in `pacts/`, or becomes it with WRITE_PACTS=1."""
    from pact import Pact

    @contextmanager
    def filled_in(consumer: str, provider: str) -> Iterator[Any]:
        pact = Pact(consumer, provider)
        yield pact
        pact.write_file(tmp_path, overwrite=True)
        written, kept = (folder / f"{consumer}-{provider}.json" for folder in (tmp_path, FOLDER))
        if os.environ.get("WRITE_PACTS") == "1":
            kept.write_text(
                json.dumps(json.loads(written.read_text("utf-8")), indent=2, sort_keys=True) + "\n"
            )
        assert kept.exists(), f"{kept.name} is not in the repository: write it with WRITE_PACTS=1"
        assert content(kept) == content(written), (
            f"{consumer} needs something else of {provider} than {kept.name} says; write it anew with"
            " WRITE_PACTS=1, and look at the difference: it has to be true of the provider too"
        )

    return filled_in
