"""How many texts a core labels in a second: `python -m tests.benchmarks.local_scoring`.

The local classifier whole and in its parts, beside a bare scikit-learn pipeline (TF-IDF of words 1-2 and
characters 2-5, logistic regression per label) fitted on the same texts. CPU time of this process, the best
of the rounds, so that other work on the machine counts little. Writes docs/reports/local_scoring.{md,json}.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from uuid import UUID, uuid5

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline, make_union

from nlp.classifiers.base import Text
from nlp.classifiers.local import LocalClassifier
from nlp.classifiers.local.corpus import Example, examples
from nlp.classifiers.local.rules import RULE_LABELS, rule_book
from nlp.labels import LANGUAGES
from tests.benchmarks import reports

COMPANY = UUID(int=1)
PER_LABEL = 20  # labels with fewer texts than this are left out of the bare pipeline


def corpus(count: int) -> list[Text]:
    """Different texts, as long as people's: pairs of training texts of one language."""
    texts: list[Text] = []
    by_language = {
        language: [one.text for one in examples() if one.language == language] for language in LANGUAGES
    }
    for number in range(count):
        language = LANGUAGES[number % len(LANGUAGES)]
        some = by_language[language]
        first, second = some[number % len(some)], some[(number * 7 + number // len(some)) % len(some)]
        content = f"{first} {second}"
        texts.append(Text(uuid5(COMPANY, str(number)), COMPANY, language, content))
    return texts


def bare_pipeline(some: list[Example]) -> Callable[[list[str]], object]:
    truth = np.array([[label in one.labels for label in RULE_LABELS] for one in some])
    vectors = make_union(
        TfidfVectorizer(ngram_range=(1, 2)), TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5))
    )
    pipeline = make_pipeline(vectors, OneVsRestClassifier(LogisticRegression(solver="liblinear")))
    pipeline.fit([one.text for one in some], truth[:, truth.sum(axis=0) >= PER_LABEL])
    return pipeline.predict_proba


def rate(count: int, rounds: int, act: Callable[[], object]) -> float:
    """Texts per second of CPU time."""
    best = float("inf")
    for _ in range(rounds):
        started = time.process_time()
        act()
        best = min(best, time.process_time() - started)
    return count / best


def measure(count: int, rounds: int) -> list[tuple[str, float]]:
    texts = corpus(count)
    contents = [text.content for text in texts]
    classifier = LocalClassifier.load()
    classifier.classify(texts[:300])  # words are looked up once per process
    bare = bare_pipeline([one for one in examples() if one.is_written])

    def rules() -> None:
        for text in texts:
            rule_book(text.language).find(text.content)
            rule_book(text.language).topics(text.content)

    def linear() -> None:
        for first in range(0, count, 500):
            classifier.model.linear_scores(contents[first : first + 500], "en")

    return [
        ("bare scikit-learn TF-IDF and logistic regression", rate(count, rounds, lambda: bare(contents))),
        (
            "local classifier: labels, topics, evidence",
            rate(count, rounds, lambda: classifier.classify(texts)),
        ),
        ("of it, rules and topics", rate(count, rounds, rules)),
        ("of it, n-grams and linear model", rate(count, rounds, linear)),
        (
            "local classifier, one text per call",
            rate(count, 1, lambda: [classifier.classify([t]) for t in texts]),
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--report", default="local_scoring", help="name of the report under docs/reports")
    arguments = parser.parse_args()
    measured = measure(arguments.texts, arguments.rounds)
    reference = measured[0][1]
    length = sum(len(text.content) for text in corpus(arguments.texts)) / arguments.texts
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    table = [
        ("what", "texts/s per core", "ratio"),
        *((name, f"{texts_per_s:,.0f}", f"{texts_per_s / reference:.2f}") for name, texts_per_s in measured),
    ]
    page = reports.write(
        arguments.report,
        "How many texts a core labels in a second",
        table,
        {"texts_per_s": dict(measured), "mean_length": length, "peak_memory_mb": memory},
        command="python -m tests.benchmarks.local_scoring",
        notes=f"{arguments.texts} texts of {length:.0f} characters on average; {memory} MB at most,"
        " scikit-learn included.",
    )
    print(page)


if __name__ == "__main__":
    main()
