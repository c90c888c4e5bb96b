"""`python -m nlp.prompts VERSION`: its hashes, to be added to hashes.yaml when it is published."""

from __future__ import annotations

import sys

from nlp.prompts import hashes

lines = [f'  "{language}": {digest}' for language, digest in hashes(sys.argv[1]).items()]
sys.stdout.write("\n".join([f"{sys.argv[1]}:", *lines]) + "\n")
