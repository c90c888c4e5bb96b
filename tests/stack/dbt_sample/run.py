"""Runs several dbt commands in one process: importing dbt takes longer than any of them."""

import shlex
import sys
from pathlib import Path

from dbt.cli.main import dbtRunner

FOLDER = str(Path(__file__).parent)

if __name__ == "__main__":
    target = sys.argv[1]
    for command in sys.argv[2:]:
        folders = [
            "--project-dir",
            FOLDER,
            "--profiles-dir",
            FOLDER,
            "--target-path",
            target,
            "--log-path",
            target,
        ]
        if not dbtRunner().invoke([*shlex.split(command), *folders]).success:
            sys.exit(f"dbt {command} failed")
