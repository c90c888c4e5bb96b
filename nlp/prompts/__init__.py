"""What a model is told, as versioned files: one for all languages and one for each.

A version never changes: scores name it, and a score has to be explainable by the words that were sent. So the
hash of every version is in `hashes.yaml`, and a file that does not match is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

import yaml

from nlp.labels import LANGUAGES, Language

FOLDER = Path(__file__).parent
LATEST = "v3.0"


class PromptError(Exception):
    """The prompt is not there, or is not what it was when its version was published."""


@dataclass(frozen=True)
class Prompt:
    """What a model is told about texts of one language."""

    version: str
    language: Language
    system: str
    sha256: str


@cache
def load_prompt(language: Language, version: str = LATEST, folder: Path = FOLDER) -> Prompt:
    """A published prompt. Raises PromptError if its files have changed since it was published."""
    system = prompt_text(language, version, folder)
    digest = sha256(system.encode()).hexdigest()
    published = _published(folder).get(version, {}).get(language)
    if digest != published:
        raise PromptError(
            f"prompt {version} for {language} has the hash {digest}, published is {published or 'none'}."
            " Put the files back; or make a new version's folder, and add what"
            " `python -m nlp.prompts VERSION` prints to nlp/prompts/hashes.yaml"
        )
    return Prompt(version, language, system, digest)


def prompt_text(language: Language, version: str, folder: Path = FOLDER) -> str:
    try:
        return "\n".join((folder / version / f"{name}.md").read_text() for name in ("system", language))
    except OSError as error:
        raise PromptError(f"there is no prompt {version} for {language}: {error}") from error


def hashes(version: str, folder: Path = FOLDER) -> dict[Language, str]:
    """The hashes of a version as its files are now."""
    return {
        language: sha256(prompt_text(language, version, folder).encode()).hexdigest()
        for language in LANGUAGES
    }


def _published(folder: Path) -> dict[str, dict[str, str]]:
    document = yaml.safe_load((folder / "hashes.yaml").read_text())
    return {str(version): dict(languages) for version, languages in document.items()}
