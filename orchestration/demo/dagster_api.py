"""Runs Dagster's jobs the way its own web page does: GraphQL over HTTP."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from orchestration.stack.errors import PlatformError

POLL_S = 0.5
ATTEMPTS = 6  # a run dies with the store or the code server it is talking to; another one takes over
UNREACHABLE_AFTER_S = 240

_LOCATIONS = """
query { repositoriesOrError { __typename
  ... on RepositoryConnection { nodes { name location { name } jobs { name } } }
  ... on PythonError { message } } }
"""
_LAUNCH = """
mutation Launch($params: ExecutionParams!) { launchRun(executionParams: $params) { __typename
  ... on LaunchRunSuccess { run { runId } }
  ... on PythonError { message }
  ... on InvalidSubsetError { message }
  ... on RunConfigValidationInvalid { errors { message } } } }
"""
_STATUS = """
query Status($runId: ID!) { runOrError(runId: $runId) { __typename
  ... on Run { status stepStats { status } } } }
"""
_ENDED = frozenset({"SUCCESS", "FAILURE", "CANCELED"})


class DagsterError(PlatformError):
    """Dagster cannot be reached or a job keeps failing; the message says where to look."""


@dataclass(frozen=True)
class RunStatus:
    run_id: str
    status: str
    finished_steps: int


@dataclass(frozen=True)
class Dagster:
    """The webserver at `url`. Calls wait for it while it restarts."""

    session: aiohttp.ClientSession
    url: str

    async def run(
        self, job: str, on_progress: Callable[[RunStatus], None], tags: Mapping[str, str] | None = None
    ) -> str:
        """Run the job until one run succeeds and return that run's id; failed runs are replaced."""
        for attempt in range(1, ATTEMPTS + 1):
            run_id = await self.launch(job, tags)
            final = await self.watch(run_id, on_progress)
            if final.status == "SUCCESS":
                return run_id
            if attempt < ATTEMPTS:
                await asyncio.sleep(attempt)
        raise DagsterError(
            f"{ATTEMPTS} runs of {job} failed; the last one is {self.url}/runs/{run_id},"
            " and `impact status` shows whether a part of the platform is down"
        )

    async def launch(self, job: str, tags: Mapping[str, str] | None = None) -> str:
        """Start one run and return its id."""
        give_up_at = time.monotonic() + UNREACHABLE_AFTER_S
        while True:
            selector = await self._selector(job)
            if selector:
                params = {
                    "selector": selector,
                    "runConfigData": {},
                    "mode": "default",
                    # Repeating a failed run is done here, where it is seen.
                    "executionMetadata": {
                        "tags": [
                            {"key": "impact/started-by", "value": "demo"},
                            {"key": "dagster/max_retries", "value": "0"},
                            *({"key": key, "value": value} for key, value in (tags or {}).items()),
                        ]
                    },
                }
                answer = (await self._ask(_LAUNCH, {"params": params}))["launchRun"]
                if answer["__typename"] == "LaunchRunSuccess":
                    return str(answer["run"]["runId"])
                problem = f"{answer['__typename']}: {answer.get('message') or answer.get('errors')}"
            else:
                problem = "no code location has it"
            if time.monotonic() > give_up_at:
                raise DagsterError(f"Dagster at {self.url} does not start {job}: {problem}")
            await asyncio.sleep(1)

    async def watch(self, run_id: str, on_progress: Callable[[RunStatus], None]) -> RunStatus:
        """Follow a run to its end."""
        while True:
            run = (await self._ask(_STATUS, {"runId": run_id}))["runOrError"]
            if run["__typename"] == "Run":
                finished = sum(step["status"] == "SUCCESS" for step in run["stepStats"])
                status = RunStatus(run_id, run["status"], finished)
                on_progress(status)
                if status.status in _ENDED:
                    return status
            await asyncio.sleep(POLL_S)

    async def _selector(self, job: str) -> Mapping[str, str] | None:
        found = (await self._ask(_LOCATIONS, {}))["repositoriesOrError"]
        for repository in found.get("nodes", ()):
            if any(known["name"] == job for known in repository["jobs"]):
                return {
                    "repositoryLocationName": repository["location"]["name"],
                    "repositoryName": repository["name"],
                    "jobName": job,
                }
        return None

    async def _ask(self, query: str, variables: Mapping[str, object]) -> Mapping[str, Any]:
        give_up_at = time.monotonic() + UNREACHABLE_AFTER_S
        while True:
            try:
                async with self.session.post(
                    f"{self.url}/graphql", json={"query": query, "variables": variables}
                ) as response:
                    answer = await response.json()
                    if response.status == 200 and answer.get("data"):
                        return dict(answer["data"])
                    problem = f"status {response.status}: {str(answer.get('errors'))[:300]}"
            except (aiohttp.ClientError, TimeoutError, ValueError) as error:
                problem = type(error).__name__
            if time.monotonic() > give_up_at:
                raise DagsterError(
                    f"Dagster at {self.url} has not answered for {UNREACHABLE_AFTER_S} s ({problem});"
                    " `impact logs dagster-webserver` may say why"
                )
            await asyncio.sleep(1)
