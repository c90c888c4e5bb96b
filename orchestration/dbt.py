"""The dbt project as this platform runs it: one project, two targets, artifacts in the data folder.

    python -m orchestration.dbt parse    bring both manifests up to date (Dagster does it when it loads)
    python -m orchestration.dbt docs     build the static documentation of both targets; needs the stores

Target `clickhouse` builds the warehouse, target `postgres` the views that the API reads.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from urllib.parse import unquote, urlsplit

PROJECT_DIR = Path(__file__).resolve().parents[1] / "dbt_project"
EXECUTABLE = Path(sys.executable).with_name("dbt")
PACKAGES = ("dbt-core", "dbt-clickhouse", "dbt-postgres")
PARSE_CACHE = "partial_parse.msgpack"
OUTPUT_FOLDERS = {"target", "logs", "dbt_packages"}  # written by dbt itself when somebody runs it by hand


class DbtError(Exception):
    """dbt stopped with an error; the message holds what it printed."""


@dataclass(frozen=True)
class DbtTarget:
    """One of the two targets, with its folder of artifacts below `<IMPACT_HOME>/dbt`."""

    name: str
    docs_name: str  # last part of the documentation's address: /dbt-docs/<docs_name>
    home: Path

    @property
    def folder(self) -> Path:
        return self.home / "dbt" / self.name

    @property
    def manifest_path(self) -> Path:
        return self.folder / "manifest.json"

    @property
    def run_folder(self) -> Path:
        """Where builds write, apart from the manifest that Dagster has loaded; keeps dbt's parse cache."""
        return self.folder / "run"

    @property
    def docs_path(self) -> Path:
        return self.home / "dbt" / "docs" / self.docs_name / "index.html"


@dataclass(frozen=True)
class DbtTargets:
    clickhouse: DbtTarget
    postgres: DbtTarget

    @classmethod
    def at(cls, home: Path) -> DbtTargets:
        home = home.resolve()
        return cls(DbtTarget("clickhouse", "warehouse", home), DbtTarget("postgres", "serving", home))

    def __iter__(self) -> Iterator[DbtTarget]:
        yield from (self.clickhouse, self.postgres)


def environment(*, clickhouse_url: str | None = None, postgres_url: str | None = None) -> dict[str, str]:
    """The variables that `dbt_project/profiles.yml` reads, from the addresses every other process uses."""
    variables = {
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
        # Tables that only add what is new are built from nothing by another version of the project.
        "DBT_PROJECT_VERSION": project_fingerprint()[:12],
    }
    if clickhouse_url:
        url = urlsplit(clickhouse_url)
        secure = url.scheme == "https"
        variables |= {
            "CLICKHOUSE_HOST": url.hostname or "127.0.0.1",
            "CLICKHOUSE_PORT": str(url.port or (8443 if secure else 8123)),
            "CLICKHOUSE_USER": unquote(url.username or "default"),
            "CLICKHOUSE_PASSWORD": unquote(url.password or ""),
            "CLICKHOUSE_SECURE": str(secure).lower(),
        }
    if postgres_url:
        url = urlsplit(postgres_url)
        variables |= {
            "POSTGRES_HOST": url.hostname or "127.0.0.1",
            "POSTGRES_PORT": str(url.port or 5432),
            "POSTGRES_USER": unquote(url.username or "postgres"),
            "POSTGRES_PASSWORD": unquote(url.password or ""),
            "POSTGRES_DB": unquote(url.path.lstrip("/")) or "postgres",
        }
    return variables


def prepare(targets: DbtTargets, store_environment: Mapping[str, str]) -> list[str]:
    """Parse the project for each target whose manifest is missing or outdated; returns their names.

    Opens no connection. Seconds when there is something to parse, milliseconds when not. With the
    `environment()` that builds will use, the first build can start from this parse.
    """
    wanted = project_fingerprint()
    with ThreadPoolExecutor(2) as pool:  # each waits for a process of its own
        parsed = pool.map(lambda target: _parse_if_stale(target, wanted, store_environment), targets)
        return [target.name for target, was_stale in zip(targets, parsed, strict=True) if was_stale]


def build_docs(targets: DbtTargets, store_environment: Mapping[str, str]) -> list[str]:
    """Build each target's documentation as one static page, unless the page shows this project already."""
    wanted = project_fingerprint()
    return [target.name for target in targets if _document_if_stale(target, wanted, store_environment)]


def docs_are_current(targets: DbtTargets) -> bool:
    """Whether every target's page shows the project as it is now."""
    wanted = project_fingerprint()
    return all(_is_documented(target, wanted) for target in targets)


def project_fingerprint() -> str:
    """Changes whenever a file of the project or a version of dbt does, and only then."""
    digest = hashlib.sha256(" ".join(version(package) for package in PACKAGES).encode())
    for path in sorted(PROJECT_DIR.rglob("*")):
        inside = path.relative_to(PROJECT_DIR)
        if path.is_file() and inside.parts[0] not in OUTPUT_FOLDERS and not path.name.startswith("."):
            digest.update(f"\0{inside.as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _parse_if_stale(target: DbtTarget, wanted: str, store_environment: Mapping[str, str]) -> bool:
    stamp = target.folder / "manifest.sha256"
    with _exclusively(target):
        if target.manifest_path.exists() and _content(stamp) == wanted:
            return False
        stamp.unlink(missing_ok=True)
        _dbt(target, "parse", folder=target.folder, store_environment=store_environment)
        _share_parse_cache(target.folder, target.run_folder)
        stamp.write_text(wanted)
        return True


def _document_if_stale(target: DbtTarget, wanted: str, store_environment: Mapping[str, str]) -> bool:
    with _exclusively(target):
        if _is_documented(target, wanted):
            return False
        stamp = _docs_stamp(target)
        stamp.unlink(missing_ok=True)
        folder = target.folder / "docs"
        _share_parse_cache(target.run_folder, folder)
        _dbt(target, "docs", "generate", "--static", folder=folder, store_environment=store_environment)
        target.docs_path.parent.mkdir(parents=True, exist_ok=True)
        (folder / "static_index.html").replace(target.docs_path)  # in one step: the API may be reading it
        stamp.write_text(wanted)
        return True


def _docs_stamp(target: DbtTarget) -> Path:
    return target.docs_path.with_name("docs.sha256")


def _is_documented(target: DbtTarget, wanted: str) -> bool:
    return target.docs_path.exists() and _content(_docs_stamp(target)) == wanted


def _share_parse_cache(source: Path, folder: Path) -> None:
    """Let dbt in `folder` begin from what it parsed in `source`: seconds less each time."""
    folder.mkdir(parents=True, exist_ok=True)
    if (source / PARSE_CACHE).exists():
        shutil.copyfile(source / PARSE_CACHE, folder / PARSE_CACHE)


def _dbt(target: DbtTarget, *command: str, folder: Path, store_environment: Mapping[str, str]) -> None:
    done = subprocess.run(
        [EXECUTABLE, "--quiet", "--no-use-colors", *command, "--target", target.name,
         "--project-dir", PROJECT_DIR, "--profiles-dir", PROJECT_DIR,
         "--target-path", folder, "--log-path", folder],
        env={**os.environ, **store_environment},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise DbtError(f"`dbt {' '.join(command)}` failed for target {target.name}:\n{done.stdout.strip()}")


@contextmanager
def _exclusively(target: DbtTarget) -> Iterator[None]:
    """Dagster's code server, a run and the command line may all find the same manifest stale."""
    target.folder.mkdir(parents=True, exist_ok=True)
    with (target.folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # released when the file closes, also after a crash
        yield


def _content(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


def main() -> None:
    import argparse

    from orchestration.settings import OrchestrationSettings

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=("parse", "docs"))
    command = parser.parse_args().command
    settings = OrchestrationSettings()
    targets, store_environment = DbtTargets.at(settings.impact_home), environment(**settings.store_urls)
    try:
        done = (prepare if command == "parse" else build_docs)(targets, store_environment)
    except DbtError as error:
        sys.exit(str(error))
    sys.stdout.write(f"{command}: {', '.join(done) or 'nothing to do, all current'}\n")


if __name__ == "__main__":
    main()
