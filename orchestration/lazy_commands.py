"""Commands of other packages, imported only when they are called.

So `impact status` does not pay for polars, and a package keeps its command next to what it does.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperGroup

from orchestration.command_table import COMMANDS, GROUPS, Command
from orchestration.console import explained
from orchestration.stack.errors import PlatformError

# Options and arguments are the function's own: they are passed on unread, `--help` included.
_PASS_ON = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}


class _ImportGroup(TyperGroup):
    """Its first word may be a file or an option: then a file is to be imported."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, "--help"):
            args = ["import", *args]
        return super().parse_args(ctx, args)


def register(app: typer.Typer, environment: Callable[[], dict[str, str]]) -> None:
    """Add all of `COMMANDS` to `app`; `environment` gives the addresses and secrets that most need."""
    groups = {
        name: typer.Typer(help=text, no_args_is_help=True, cls=_ImportGroup if name == "backfill" else None)
        for name, text in GROUPS.items()
    }
    for path, group in groups.items():
        parent, _, name = path.rpartition(" ")
        (groups[parent] if parent else app).add_typer(group, name=name)
    for command in COMMANDS:
        group_name, _, name = command.path.rpartition(" ")
        _add(groups[group_name] if group_name else app, name, command, environment)


def _add(app: typer.Typer, name: str, command: Command, environment: Callable[[], dict[str, str]]) -> None:
    @app.command(name, help=command.help, context_settings=_PASS_ON)
    def run(context: typer.Context) -> None:
        with explained():
            function = load(command)
        if command.needs_platform and "--help" not in context.args:
            os.environ.update(environment())
        own = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
        settings = {"ignore_unknown_options": True, "allow_extra_args": True} if command.passes_on else None
        own.command(help=command.help, context_settings=settings)(function)
        own(args=context.args, prog_name=f"impact {command.path}")


def load(command: Command) -> Callable[..., Any]:
    """The function behind a command."""
    try:
        loaded = getattr(importlib.import_module(command.module), command.function)
    except (ImportError, AttributeError) as error:
        raise PlatformError(f"`impact {command.path}` is not part of this installation: {error}") from error
    if not callable(loaded):
        raise TypeError(f"{command.module}:{command.function} is not a function")
    return loaded  # type: ignore[no-any-return]
