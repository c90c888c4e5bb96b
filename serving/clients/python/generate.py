"""Writes what in `impact_client` follows from the API's description or from its asynchronous half.

    python serving/clients/python/generate.py          # write it anew
    python serving/clients/python/generate.py --check  # say what differs from what is there

`_generated/` comes from openapi-python-client, and any warning of it is a failure: it leaves out what it
cannot type. `problems.py` has a class for each kind of problem in the description, `_api_version.py`
its date. `_sync/` is `_async/` without its waiting.
What is generated is committed, and a test runs the check.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import unasync

HERE = Path(__file__).resolve().parent
PACKAGE = HERE / "src" / "impact_client"
SPEC = HERE.parents[1] / "specs" / "serving.json"
PARTS = ("_api_version.py", "_generated", "_sync", "problems.py")

_LINE_LENGTH = "110"
_PROBLEM = "application/problem+json"
# What has another name where nothing is waited for. `Async…` and the `__a…__` methods unasync knows itself.
_SYNC_NAMES = {
    "AsyncImpact": "Impact",
    "AsyncUpdates": "Updates",
    "AsyncClient": "Client",
    "AsyncBaseTransport": "BaseTransport",
    "_async": "_sync",
    "aclose": "close",
    "aiter_bytes": "iter_bytes",
    "aiter_sse": "iter_sse",
    "anyio": "time",  # for its sleep
    "aread": "read",
    "asyncio_detailed": "sync_detailed",
    "set_async_httpx_client": "set_httpx_client",
}


class GenerationError(Exception):
    """The description cannot be turned into a client as it is."""


def generate(package: Path, spec: dict[str, Any]) -> None:
    """Write the generated parts of the package into `package`, which has the others."""
    with tempfile.TemporaryDirectory() as folder:
        description = Path(folder) / "openapi.json"
        description.write_text(json.dumps(spec), "utf-8")
        shutil.rmtree(package / "_generated", ignore_errors=True)
        _run(
            "openapi-python-client", "generate", "--path", str(description), "--meta", "none", "--config",
            str(HERE / "openapi-python-client.yaml"), "--output-path", str(package / "_generated"),
            "--custom-template-path", str(HERE / "templates"), "--fail-on-warning",
        )  # fmt: skip
    (package / "problems.py").write_text(problem_classes(spec), "utf-8")
    (package / "_api_version.py").write_text(
        '"""The version of the API that this package was generated from."""\n\n'
        f"API_VERSION = {json.dumps(spec['info']['version'])}\n",
        "utf-8",
    )
    shutil.rmtree(package / "_sync", ignore_errors=True)
    unasync.unasync_files(
        [str(path) for path in sorted((package / "_async").glob("*.py"))],
        [unasync.Rule(f"{package}/_async/", f"{package}/_sync/", additional_replacements=_SYNC_NAMES)],
    )
    parts = [str(package / part) for part in PARTS]
    # Isolated: the same result, whatever settings are around the folder that it is written to.
    _run("ruff", "check", "--isolated", "--quiet", "--fix-only", "--select", "F401,I,UP", *parts)
    _run("ruff", "format", "--isolated", "--quiet", "--line-length", _LINE_LENGTH, *parts)


def problem_classes(spec: dict[str, Any]) -> str:
    """A module with a class for each kind of problem that some operation can answer with."""
    kinds = dict(sorted(_problems(spec)))
    if not kinds:
        raise GenerationError("the description has no examples of problems: which kinds are there?")
    lines = [
        '"""The kinds of problems, each a class to catch. Generated from the API\'s description."""',
        "from __future__ import annotations",
        "from collections.abc import Mapping",
        "from impact_client.errors import ImpactProblem",
    ]
    for slug, (status, title, advice) in kinds.items():
        lines += [
            f"class {_class_name(slug)}(ImpactProblem):",
            f"    {json.dumps(f'{status}: {title}.')}",
            f"    slug = {slug!r}",
            f"    advice = {advice!r}",
        ]
    lines.append("PROBLEMS: Mapping[str, type[ImpactProblem]] = {")
    lines += [f"    {slug!r}: {_class_name(slug)}," for slug in kinds]
    return "\n".join([*lines, "}", ""])


def _problems(spec: dict[str, Any]) -> Iterator[tuple[str, tuple[int, str, str]]]:
    for path in spec["paths"].values():
        for operation in path.values():
            for response in operation.get("responses", {}).values():
                while "$ref" in response:
                    response = _resolve(spec, response["$ref"])
                examples = response.get("content", {}).get(_PROBLEM, {}).get("examples", {})
                for example in examples.values():
                    while "$ref" in example:
                        example = _resolve(spec, example["$ref"])
                    value = example["value"]
                    slug = value["type"].rpartition("/")[2]
                    yield slug, (value["status"], value["title"], value["detail"])


def _resolve(spec: dict[str, Any], reference: str) -> dict[str, Any]:
    found: Any = spec
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return dict(found)


def _class_name(slug: str) -> str:
    return "".join(part.capitalize() for part in re.split("[^a-z0-9]+", slug))


def differences(spec: dict[str, Any]) -> list[str]:
    """The first lines that differ between what is committed and what would be written; empty if none."""
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / PACKAGE.name
        shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__", *PARTS))
        generate(package, spec)
        before, after = _files(PACKAGE), _files(package)
        return [
            line
            for name in sorted(before.keys() | after.keys())
            if before.get(name) != after.get(name)
            for line in list(
                difflib.unified_diff(
                    before.get(name, "").splitlines(), after.get(name, "").splitlines(),
                    f"committed/{name}", f"generated/{name}", n=0, lineterm="",
                )
            )[:12]
        ]  # fmt: skip


def _files(package: Path) -> dict[str, str]:
    """The generated files by their names within the package."""
    paths = [
        path
        for part in PARTS
        for path in ((package / part).rglob("*.py") if "." not in part else [package / part])
    ]
    return {str(path.relative_to(package)): path.read_text("utf-8") for path in paths if path.is_file()}


def _run(*command: str) -> None:
    # The tools are in the environment of this Python, whether or not it has been activated.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        command, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise GenerationError(f"{command[0]} failed:\n{done.stdout[-4000:]}{done.stderr[-4000:]}")


def read_spec() -> dict[str, Any]:
    spec: dict[str, Any] = json.loads(SPEC.read_text("utf-8"))
    return spec


def main() -> int:
    spec = read_spec()
    if "--check" not in sys.argv[1:]:
        generate(PACKAGE, spec)
        return 0
    found = differences(spec)
    for line in found:
        sys.stdout.write(f"{line}\n")
    if found:
        sys.stdout.write("run `python serving/clients/python/generate.py` and commit what it writes\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
