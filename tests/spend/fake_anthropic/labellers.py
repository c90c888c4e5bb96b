"""The fake model: it looks for a few words and cannot read."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Answer = dict[str, Any]
Labeller = Callable[[str, str], Answer]  # language and text


def no_labels() -> Answer:
    return {
        "confidence_increase": False,
        "confidence_decrease": False,
        "belonging_increase": False,
        "belonging_decrease": False,
        "language_comfort": "not_stated",
        "employability_signals": [],
        "risk_cues": [],
        "topics": [],
        "evidence": [],
        "certainty": [],
    }


def proof(label: str, snippet: str) -> dict[str, str]:
    return {"label": label, "snippet": snippet, "reasoning": "said in so many words"}


_WORDS = {
    "confidence_increase": r"more confident|впевненіше|tryggere",
    "belonging_increase": r"feel at home|як удома|føler meg hjemme",
}
_TOPICS = {"cv": r"\bCV\b|резюме", "mentorship": r"mentor\w*|наставни\w+"}


def honest(language: str, text: str) -> Answer:
    """Finds a few words and proves each label with them."""
    answer = no_labels()
    for label, words in _WORDS.items():
        if match := re.search(words, text, re.IGNORECASE):
            answer[label] = True
            answer["evidence"].append(proof(label, match[0]))
            answer["certainty"].append({"label": label, "value": 0.9})
    for topic, words in _TOPICS.items():
        if match := re.search(words, text, re.IGNORECASE):
            answer["topics"].append(topic)
            answer["evidence"].append(proof(topic, match[0]))
    return answer


def obedient(language: str, text: str) -> Answer:
    """Does what any text tells it: claims each label that it names, with the order itself as evidence."""
    answer = honest(language, text)
    for label in ("confidence_increase", "belonging_increase"):
        if match := re.search(rf"[^.!?\n]*{label}[^.!?\n]*", text):
            answer[label] = True
            answer["evidence"].append(proof(label, match[0].strip()))
    return answer
