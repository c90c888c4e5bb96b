"""`python -m ingest.contracts generate` writes the documents; `check` fails with a diff of stale ones."""

from __future__ import annotations

import argparse
import difflib
import sys
from pathlib import Path

from ingest.contracts.documents import PROJECT, SCHEMAS, documents


def generate(root: Path) -> None:
    (root / SCHEMAS).mkdir(parents=True, exist_ok=True)
    for path in _orphans(root):
        (root / path).unlink()
    for path, content in documents(root):
        (root / path).write_text(content, "utf-8")


def check(root: Path) -> list[str]:
    """A diff per stale file; nothing when all are current."""
    stale = [f"{path}: belongs to no event type any more\n" for path in _orphans(root)]
    for path, content in documents(root):
        existing = (root / path).read_text("utf-8") if (root / path).exists() else ""
        if existing != content:
            stale.append(
                "".join(
                    difflib.unified_diff(
                        existing.splitlines(keepends=True),
                        content.splitlines(keepends=True),
                        str(path),
                        "generated",
                    )
                )
            )
    return stale


def _orphans(root: Path) -> list[Path]:
    wanted = {path for path, _ in documents(root)}
    return [
        path for file in sorted((root / SCHEMAS).glob("*")) if (path := SCHEMAS / file.name) not in wanted
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m ingest.contracts", description=__doc__)
    parser.add_argument("action", choices=["generate", "check"])
    parser.add_argument("--root", type=Path, default=PROJECT, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.action == "generate":
        return generate(arguments.root)
    if stale := check(arguments.root):
        sys.stderr.write("\n".join(stale))
        sys.exit(
            "Generated documents are stale; run `python -m ingest.contracts generate` and commit the result."
        )
    return None


if __name__ == "__main__":
    main()
