"""Who goes first on busy cores: senders, then readers, then what follows a delivery, then refreshes.

Linux gives each session an equal share of the cores where it groups processes by session (`autogroup`), and
niceness then only counts within one. So every child begins a session of its own, as each Postgres backend
does anyway, and has the session's niceness set as well as its own. What works in the background also runs in
the idle class, where there is one: it gives way the moment anything else can run.

supervisord loads `interface` as an RPC interface, its only way to take part.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

# A sender or a reader waits for an answer of receiver, API, Postgres and NATS. What follows an accepted
# delivery may take a second longer and a refresh of the warehouse a minute: on two cores they would otherwise
# take turns from those who answer. The receiver alone is asked at a rate that nobody here decides, and an
# equal share among busy sessions is less than it needs at some thousand deliveries a second.
BEFORE_OTHERS = -5  # only root may; without the right it is 0
BEHIND_ANSWERS = 5
IN_THE_BACKGROUND = 19


class PrioritySettings(BaseSettings):
    model_config = SettingsConfigDict(env_file=Path(__file__).resolve().parents[2] / ".env", extra="ignore")

    # Less for a machine that is never idle, where refreshes would wait for ever.
    impact_background_niceness: int = Field(IN_THE_BACKGROUND, ge=0, le=IN_THE_BACKGROUND)


_SCRIPT = Path(__file__).with_name("behind.sh")


def command_with(niceness: int, command: tuple[str, ...]) -> tuple[str, ...]:
    """The command that runs `command` with this niceness, 0 being that of whoever starts it.

    The background's is what `IMPACT_BACKGROUND_NICENESS` says; ValidationError: that is no niceness.
    """
    if niceness == IN_THE_BACKGROUND:
        niceness = PrioritySettings().impact_background_niceness
    if not niceness or (niceness < 0 and os.geteuid() != 0):
        return command
    if niceness == IN_THE_BACKGROUND and shutil.which("chrt"):
        command = ("chrt", "--idle", "0", *command)
    return ("/bin/sh", str(_SCRIPT), str(niceness), *command)


def interface(supervisord: Any, **_config: Any) -> object:
    """Have supervisord begin a session for each child, where it would only begin a process group."""
    supervisord.options.setpgrp = os.setsid
    return object()
