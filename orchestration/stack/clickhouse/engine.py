"""The chDB engine of this process: its folder, its configuration, its connections.

A process hosts one engine on one folder. Connections are cheap (0.1 ms, 0.1 MiB), run in parallel outside the
GIL, and each keeps its own settings, database and temporary tables: hence one per request or per session.

This module uses chDB's own `_chdb` rather than the wrapper in `chdb.state`: the wrapper drops the header of
an empty streamed result, and hides the engine's error code behind a sentence of its own.
"""

from __future__ import annotations

import fcntl
import logging
import os
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from chdb import _chdb

from orchestration.stack.clickhouse import definitions, niceness
from orchestration.stack.clickhouse.commits import Commits
from orchestration.stack.clickhouse.errors import ClickHouseError
from orchestration.stack.clickhouse.settings import MIB, FrontSettings

log = logging.getLogger(__name__)

Connection = Any
"""`chdb._chdb.connect`: a compiled class without type information."""

_connect: Any = _chdb.connect  # type: ignore[attr-defined]


class DataFolderError(Exception):
    """The engine cannot use the data folder; the message says what to do."""


class Engine:
    """The open engine. Close it when the last connection is back."""

    def __init__(self, settings: FrontSettings) -> None:
        self.folder = settings.data.resolve()
        self._lock = _lock_folder(self.folder)
        config = _write_configuration(self.folder / "front", settings)
        for name in definitions.put_aside_empty(self.folder):
            log.error(
                "%s has an empty definition, from when the disk was full, and is not there now; the next"
                " refresh builds again what is dbt's. Its files are kept",
                name,
            )
        os.environ["TZ"] = "UTC"  # the engine takes its time zone from here and nowhere else
        try:
            self._root = _connect(f"{self.folder}?config-file={config}")
            _make_default_database_plain(self._root, self.folder)
            facts = self._root.query("SELECT version(), serverTimezone()", "TSV").bytes().decode().split()
        except RuntimeError as error:
            os.close(self._lock)
            reason = ClickHouseError.from_engine(error).message.rstrip(": .")
            raise DataFolderError(
                f"the ClickHouse engine cannot open {self.folder}: {reason}. Its own words are above."
                " Restore the folder from a backup; or move it away to start empty, and load the data again"
            ) from error
        self.version, self.time_zone = facts
        self.commits = Commits(self.connect)

    def connect(self, tag: str = "") -> Connection:
        """A connection of its own; `tag` becomes its `log_comment`."""
        return _connect(f"{self.folder}?log_comment={tag}")

    def kill(self, condition: str) -> None:
        """Cancel the running statements that match a condition on `system.processes`."""
        connection = self.connect()
        try:
            connection.query(f"KILL QUERY WHERE {condition} ASYNC", "Null")
        finally:
            connection.close()

    def close(self) -> None:
        """Flush and stop the engine; the folder is then free for another process."""
        self.commits.close()
        self._root.close()
        os.close(self._lock)


_MARKS = {"front", "metadata", "store"}
"""What tells a folder of the engine, ours or chDB's, from a stranger's."""


def _lock_folder(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    entries = {entry.name for entry in folder.iterdir()}
    if entries and not entries & _MARKS:
        strangers = ", ".join(sorted(entries)[:5])
        raise DataFolderError(
            f"{folder} is not a ClickHouse folder: it holds {strangers}. Give --data an empty folder"
        )
    (folder / "front").mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(folder / "front" / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.read(descriptor, 32).decode() or "unknown"
        os.close(descriptor)
        raise DataFolderError(
            f"{folder} is in use by process {owner}, and one process owns it:"
            " connect to that one over HTTP, or stop it"
        ) from None
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())
    return descriptor


def _make_default_database_plain(root: Connection, folder: Path) -> None:
    # chDB opens `default` as an overlay in which any file of the machine passes for a table. A server has no
    # such thing, and it would let SQL read files. Attached again from its metadata it is an ordinary one.
    # It has metadata to attach from once it has held a table; before that it is empty, and made anew.
    if os.path.lexists(folder / "metadata" / "default"):
        root.query("DETACH DATABASE default", "Null")
        root.query("ATTACH DATABASE default", "Null")
    else:
        root.query("DROP DATABASE default", "Null")
        root.query("CREATE DATABASE default ENGINE = Atomic", "Null")


def _write_configuration(folder: Path, settings: FrontSettings) -> Path:
    users, config = folder / "users.xml", folder / "config.xml"
    users.write_text(_USERS.format(max_execution_s=settings.max_execution_s, niceness=niceness.OWN), "utf-8")
    values = {
        "users": escape(str(users)),
        "max_memory": settings.max_memory_mib * MIB,
        "keep_free": definitions.ROOM_BYTES,
        "niceness": niceness.OWN,
    }
    config.write_text(_CONFIG.format(**values), "utf-8")
    return config


_CONFIG = """<clickhouse>
  <users_config>{users}</users_config>

  <!-- For a machine that does other work: a server's defaults would let caches alone take gigabytes. -->
  <max_server_memory_usage>{max_memory}</max_server_memory_usage>
  <mark_cache_size>67108864</mark_cache_size>
  <primary_index_cache_size>67108864</primary_index_cache_size>
  <index_mark_cache_size>16777216</index_mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <background_pool_size>2</background_pool_size>
  <background_schedule_pool_size>4</background_schedule_pool_size>
  <!-- The process's own: they may run on a thread that a statement has left with 0. -->
  <os_threads_nice_value_merge_mutate>{niceness}</os_threads_nice_value_merge_mutate>
  <!-- Threads of a busy moment are not kept for good, each with its three open files. -->
  <max_thread_pool_free_size>64</max_thread_pool_free_size>
  <asynchronous_metrics_update_period_s>60</asynchronous_metrics_update_period_s>

  <!-- What a full disk cuts short the engine takes for written: it stops before the disk is full. -->
  <storage_configuration><disks><default>
    <keep_free_space_bytes>{keep_free}</keep_free_space_bytes>
  </default></disks></storage_configuration>

  <merge_tree>
    <!-- An acknowledged block survives a power cut, as in the other two stores: the part is on disk before
         the answer, and a merged part is on disk before its sources go. -->
    <fsync_after_insert>1</fsync_after_insert>
    <fsync_part_directory>1</fsync_part_directory>
    <min_rows_to_fsync_after_merge>1</min_rows_to_fsync_after_merge>
    <min_compressed_bytes_to_fsync_after_merge>1</min_compressed_bytes_to_fsync_after_merge>
    <!-- The parts that a part was merged from, in case it was written on a full disk (revival.py). chDB's own
         default lets them go at once, a server's is this one. Seconds. -->
    <old_parts_lifetime>480</old_parts_lifetime>
    <!-- Of six parts that may be merged the engine would leave out the small ones at the end. In a table
         below a megabyte that are all but the first two: each newcomer has the whole table written anew. -->
    <merge_selector_enable_heuristic_to_remove_small_parts_at_right>0</merge_selector_enable_heuristic_to_remove_small_parts_at_right>
  </merge_tree>
</clickhouse>
"""

_USERS = """<clickhouse>
  <profiles><default>
    <!-- chDB reads `1 + 1` as `SELECT 1 + 1`; a server does not. -->
    <implicit_select>0</implicit_select>
    <max_execution_time>{max_execution_s}</max_execution_time>
    <!-- Each further thread wants so much free memory. The engine's own thresholds, 1 GiB to read and 4 GiB
         to write, are for large servers: beneath our limit every statement would run on one core. -->
    <max_threads_min_free_memory_per_thread>268435456</max_threads_min_free_memory_per_thread>
    <max_insert_threads_min_free_memory_per_thread>536870912</max_insert_threads_min_free_memory_per_thread>
    <!-- The process's own: a thread that has served a statement with another is left with 0. -->
    <os_threads_nice_value_query>{niceness}</os_threads_nice_value_query>
  </default></profiles>
  <users><default>
    <password></password>
    <networks><ip>127.0.0.1</ip></networks>
    <profile>default</profile>
    <quota>default</quota>
    <!-- Everything but the files of this machine, which are no business of an SQL client. -->
    <grants><query>GRANT ALL ON *.*</query><query>REVOKE FILE ON *.*</query></grants>
  </default></users>
  <quotas><default></default></quotas>
</clickhouse>
"""
