"""What the cockpit needs of the API is what its contract says, which the API's own tests verify."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.sdk.typescript import node
from tests.sdk.typescript.test_package import assert_all_passed

PACTS = node.PROJECT / "tests" / "contracts" / "pacts"


def test_the_cockpits_contract_is_the_one_that_is_kept(client: Path, tmp_path: Path) -> None:
    said = node.node(
        "--test", "--test-reporter=tap", "build-test/test/pact/cockpit.test.js", PACT_DIR=str(tmp_path)
    )
    assert_all_passed(said)
    (written,) = tmp_path.glob("*.json")
    assert agreed(written) == agreed(PACTS / written.name), (
        f"{written.name} is not what the cockpit asks for; run `npm run pact` in {node.CLIENT} and commit it"
    )


def agreed(path: Path) -> Any:
    """A contract without the versions of the tools that wrote it."""
    contract = json.loads(path.read_text())
    del contract["metadata"]
    return contract
