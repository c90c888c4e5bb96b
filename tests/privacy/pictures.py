"""Takes the pictures of docs/privacy.md: `python -m tests.privacy.pictures`.

Starts a platform of its own, tells it of a person, has them erased at once as an administrator does, and
takes pictures of the run in Dagster and of the certificate that `impact privacy verify --page` writes.
"""

from __future__ import annotations

import asyncio
import base64
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from orchestration.stack.layout import PROJECT
from tests.benchmarks.privacy_export import own_platform
from tests.serving.browser import Page, open_page

FOLDER = PROJECT / "docs" / "images"
_RUNS = (
    '{runsOrError(filter: {pipelineName: "erase_people"}, limit: 1) {... on Runs {results {runId status}}}}'
)
_PATIENCE_S = 400.0


def erased(environment: dict[str, str]) -> tuple[str, str]:
    """Erase the person whom the webhooks were about; the run of Dagster and the certificate."""
    headers = {"Authorization": f"Bearer {environment['IMPACT_ADMIN_KEY']}"}
    order = {
        "subject": {"provider": "email", "external_id": "oksana.k@example.org"},
        "immediate": True, "reason": "asked for in person",
    }  # fmt: skip
    with httpx.Client(base_url=environment["IMPACT_API_URL"], headers=headers, timeout=30) as client:
        asked = client.post("/v1/privacy/delete", json=order).raise_for_status().json()
        ends = time.monotonic() + _PATIENCE_S
        while (told := client.get(asked["status_url"]).json())["state"] != "completed":
            if told["state"] == "failed" or time.monotonic() > ends:
                raise SystemExit(f"request {told['request_id']} is {told['state']}: {told['error']}")
            time.sleep(0.5)
    [certificate] = [one["detail"]["certificate"] for one in told["steps"] if one["step"] == "certified"]
    while True:  # its last step is told before its run has ended
        answer = httpx.post(f"{environment['DAGSTER_URL']}/graphql", json={"query": _RUNS}, timeout=30).json()
        [run] = answer["data"]["runsOrError"]["results"]
        if run["status"] == "SUCCESS":
            return run["runId"], certificate
        time.sleep(0.5)


async def pictures(run_url: str, certificate_page: Path, folder: Path) -> None:
    async with open_page(folder / "browser") as page:
        await _size(page, 1360, 820)
        await page.open(run_url)
        await page.until("document.body && document.body.innerText.includes('sign_certificate')", 120)
        await page.until("!document.querySelector('.bp5-spinner, .bp4-spinner')", 120)
        await asyncio.sleep(3)  # the chart of the steps is drawn after their names
        _save(await _picture(page), FOLDER / "privacy-erasure-run.png")
        await _size(page, 1060, 900)
        await page.open(certificate_page.as_uri())
        await page.until("document.body && document.body.innerText.includes('counted afterwards')")
        _save(await _picture(page), FOLDER / "privacy-certificate.png")


async def _size(page: Page, width: int, height: int) -> None:
    await page.command(
        "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
    )


async def _picture(page: Page) -> bytes:
    answer: dict[str, Any] = await page.command("Page.captureScreenshot", format="png")
    return base64.b64decode(answer["data"])


def _save(picture: bytes, path: Path) -> None:
    path.write_bytes(picture)
    sys.stdout.write(f"{path.relative_to(PROJECT)}: {path.stat().st_size} bytes\n")


def main() -> None:
    with own_platform(5) as environment, tempfile.TemporaryDirectory() as folder:
        run, certificate = erased(environment)
        page = Path(folder) / "certificate.html"
        impact = Path(sys.executable).with_name("impact")
        subprocess.run(
            [impact, "privacy", "verify", certificate, "--page", page],
            env={**os.environ, **environment}, check=True,
        )  # fmt: skip
        asyncio.run(pictures(f"{environment['DAGSTER_URL']}/runs/{run}", page, Path(folder)))


if __name__ == "__main__":
    main()
