"""The live page: one file with its style and script, read once."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

PATH = "/live"
HTML = (Path(__file__).parent / "pages" / "live.html").read_text(encoding="utf-8")


def _script_hash(html: str) -> str:
    script = html.partition("<script>")[2].partition("</script>")[0]
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


SCRIPT_HASH = _script_hash(HTML)
