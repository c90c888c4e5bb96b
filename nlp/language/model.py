"""The fitted part of the detector: a multinomial logistic regression, kept as a file of coefficients."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nlp.language.features import Matrix, log_softmax

SUPPORTED = ("en", "uk", "nb", "nn")
FILE = Path(__file__).parent / "coefficients.json"


@dataclass(frozen=True)
class Thresholds:
    """Tuned on texts the coefficients were not fitted on.

    `claim` and `mention` are shares of a language against one rival, by length (`short`, `long`), language
    and rival (`*`: any other): from `claim` on it is the answer, from `mention` on one of two candidates.
    """

    unsupported: float  # factor on the probability of every language the platform does not score
    claim: dict[str, dict[str, dict[str, float]]]
    mention: dict[str, dict[str, dict[str, float]]]

    def of(self, language: str, rival: str, *, is_short: bool) -> tuple[float, float]:
        """The shares from which on `language` is claimed, and mentioned, against `rival`."""
        length = "short" if is_short else "long"
        claim, mention = self.claim[length][language], self.mention[length][language]
        return claim.get(rival, claim["*"]), mention.get(rival, mention["*"])


@dataclass(frozen=True)
class Model:
    """Probabilities of languages for rows of features."""

    version: str
    languages: tuple[str, ...]
    weights: Matrix  # feature by language
    intercepts: Matrix
    thresholds: Thresholds
    provenance: dict[str, Any]  # training command and the data's SHA-256

    def log_probabilities(self, features: Matrix) -> npt.NDArray[np.float32]:
        """Text by language, natural logarithms, the factor on unsupported ones included."""
        factors = np.where(np.isin(self.languages, SUPPORTED), 1.0, self.thresholds.unsupported).astype(
            np.float32
        )
        return log_softmax(features @ self.weights + self.intercepts + np.log(factors))


@cache
def load(file: Path = FILE) -> Model:
    """The model of a coefficients file."""
    kept = json.loads(file.read_text(encoding="utf-8"))
    return Model(
        version=kept["version"],
        languages=tuple(kept["languages"]),
        weights=np.array(kept["weights"], dtype=np.float32),
        intercepts=np.array(kept["intercepts"], dtype=np.float32),
        thresholds=Thresholds(**kept["thresholds"]),
        provenance=kept["provenance"],
    )


def save(model: Model, file: Path = FILE) -> None:
    """Write a model, one feature per line, so that a change can be read."""
    kept = {
        "version": model.version,
        "provenance": model.provenance,
        "thresholds": vars(model.thresholds),
        "languages": model.languages,
        "intercepts": [round(float(value), 3) for value in model.intercepts],
    }
    head = json.dumps(kept, indent=1, ensure_ascii=False).removesuffix("\n}")
    rows = ",\n  ".join(json.dumps([round(float(value), 3) for value in row]) for row in model.weights)
    file.write_text(f'{head},\n "weights": [\n  {rows}\n ]\n}}\n', encoding="utf-8")
