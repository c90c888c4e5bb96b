"""Definitions of tables and views, which the engine writes without looking whether the disk had room.

On a full disk it answers a CREATE or an ALTER as done and leaves an empty file where the definition should
be. Nothing is missed until the next start, which then fails for the whole folder. So while there is little
room no definition is changed, and an empty one is put aside before the engine opens.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from orchestration.stack.clickhouse.errors import ClickHouseError
from orchestration.stack.clickhouse.settings import MIB

ROOM_BYTES = 32 * MIB  # definitions have some kilobytes each; others write meanwhile
ASIDE = "undefined"


def require_room(folder: Path) -> None:
    """ClickHouseError 243 where the disk of the folder has no room for another definition."""
    free = shutil.disk_usage(folder).free
    if free < ROOM_BYTES:
        raise ClickHouseError(
            243, "NOT_ENOUGH_SPACE",
            f"the disk has {free // MIB} MiB left and a definition needs {ROOM_BYTES // MIB}:"
            " free some space and send the statement again",
        )  # fmt: skip


def put_aside_empty(folder: Path) -> list[str]:
    """Move definitions that say nothing out of the engine's way; returns their names, `<database>.<table>`.

    What a table of such a name held stays in the engine's store, and no statement reaches it.
    """
    empty = [path for path in folder.glob("store/*/*/*.sql") if not path.stat().st_size]
    databases = _databases(folder) if empty else {}
    names = []
    for path in sorted(empty):
        name = f"{databases.get(path.parent.name, path.parent.name)}.{path.stem}"
        aside = folder / "front" / ASIDE
        aside.mkdir(exist_ok=True)
        path.replace(aside / f"{path.parent.name}.{path.name}")
        names.append(name)
    return names


def _databases(folder: Path) -> dict[str, str]:
    """Names of databases by the UUID under which their definitions are."""
    found = {}
    for path in folder.glob("metadata/*.sql"):
        _, _, rest = path.read_text("utf-8").partition("UUID '")
        found[rest.partition("'")[0]] = path.stem
    return found
