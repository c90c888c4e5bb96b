"""How fast texts are screened and redacted: `python -m tests.benchmarks.safety`.

One process on one core, in CPU seconds, so that other work on the machine does not count. The references are
glin-profanity (rules) and alt-profanity-check (a linear model), for profanity alone, on the same English
texts in the same run: `uv sync --group bench`.
Writes docs/reports/safety_speed.{md,json}.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Sequence

from glin_profanity import Filter
from profanity_check import predict_prob

from nlp.redaction import redact, redact_many
from nlp.safety import screen, screen_many
from tests.benchmarks import reports

Rows = list[tuple[str, str]]

# Pieces that texts are put together of, so that no two are alike; one in ten holds something to find.
_PIECES = {
    "en": (
        "My mentor helped me to write a better CV.", "I was nervous before the interview but it went well.",
        "We practised Norwegian together and talked about everyday life.",
        "The session was a bit short this time.",
        "I learned new skills in the course and studied every evening.",
        "Next week we will look at job adverts.",
        "I still find it hard to speak on the phone.", "Thank you for being patient with all my questions!",
    ),
    "uk": (
        "Мій ментор допоміг мені написати краще резюме.",
        "Я хвилювалася перед співбесідою, але все пройшло добре.",
        "Ми разом вчили норвезьку і говорили про щоденне життя.", "Заняття цього разу було трохи коротким.",
        "Я навчилася нового на курсі і займалася щовечора.", "Наступного тижня будемо дивитися вакансії.",
        "Мені досі важко говорити телефоном.", "Дякую за терпіння до всіх моїх питань!",
    ),
    "no": (
        "Mentoren min hjalp meg med å skrive en bedre CV.",
        "Jeg var nervøs før intervjuet, men det gikk bra.",
        "Vi øvde norsk sammen og snakket om hverdagen.", "Økta var litt kort denne gangen.",
        "Jeg lærte mye nytt på kurset og leste hver kveld.", "Neste uke skal vi se på stillingsannonser.",
        "Jeg synes fortsatt det er vanskelig å snakke i telefonen.", "Takk for at du er så tålmodig!",
    ),
}  # fmt: skip
_FINDS = {
    "en": (
        "You are such an idiot.",
        "I don't want to live anymore.",
        "Call Olena Kovalenko on +47 412 34 567.",
    ),
    "uk": ("Ти тупий ідіот.", "Я більше не хочу жити.", "Дзвоніть Олені Коваленко, +380 67 123 45 67."),
    "no": ("Din jævla idiot.", "Jeg vil ikke leve lenger.", "Ring Kari Hansen på 412 34 567."),
}


def texts(count: int, seed: int = 7) -> Rows:
    """Texts of two to six sentences, in the three languages by turns, with words of their own."""
    chance = random.Random(seed)  # noqa: S311 - reproducible texts, not secrets
    rows: Rows = []
    for number in range(count):
        language = ("en", "uk", "no")[number % 3]
        parts = chance.choices(_PIECES[language], k=chance.randint(2, 6))
        if chance.random() < 0.1:
            parts.insert(chance.randint(0, len(parts)), chance.choice(_FINDS[language]))
        rare = "".join(chance.choices("abdeiklmnorstu" if language != "uk" else "абвдеиклмнорсту", k=7))
        rows.append((" ".join([*parts, f"({rare})"]), language))
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=20_000)
    count = parser.parse_args(arguments).texts
    rows = texts(count)
    contents, languages = [text for text, _ in rows], [language for _, language in rows]
    english = [text for text, language in rows if language == "en"]
    screen_many(contents[:300], languages[:300])  # rules are read and compiled once per process
    redact_many(contents[:300])
    reference = Filter({"languages": ["english"]})
    rates = {
        "screening, all languages": rate(count, lambda: screen_many(contents, languages)),
        "screening, English": rate(len(english), lambda: screen_many(english, ["en"] * len(english))),
        "glin-profanity, English": rate(
            len(english), lambda: [reference.check_profanity(t) for t in english]
        ),
        "alt-profanity-check, English": rate(len(english), lambda: predict_prob(english)),
        "alt-profanity-check, English, one by one": rate(
            len(english[:2_000]), lambda: [predict_prob([text]) for text in english[:2_000]]
        ),
        "redaction, all languages": rate(count, lambda: redact_many(contents, languages)),
    }
    fresh = texts(5_000, seed=8)
    singles = {
        "screening, one text": [cpu(lambda row=row: screen(*row)) for row in fresh],
        "redaction, one text": [cpu(lambda row=row: redact(*row)) for row in fresh],
    }
    goals = {"screening, all languages": 1_000, "redaction, all languages": 300}
    table = [["what", "texts/s", "ratio to glin-profanity", "p50 ms", "p99 ms", "goal"]]
    for name, found in rates.items():
        goal = f"≥ {goals[name]:,}/s: {'met' if found >= goals[name] else 'missed'}" if name in goals else ""
        ratio = found / rates["glin-profanity, English"] if "English" in name else None
        table.append([name, f"{found:,.0f}", f"{ratio:.1f}" if ratio else "", "", "", goal])
    for name, times in singles.items():
        p99 = statistics.quantiles(times, n=100)[98] * 1000
        goal = f"p99 ≤ 5 ms: {'met' if p99 <= 5 else 'missed'}" if name.startswith("screening") else ""
        table.append([name, "", "", f"{statistics.median(times) * 1000:.2f}", f"{p99:.2f}", goal])
    characters = statistics.mean(map(len, contents))
    page = reports.write(
        "safety_speed", "Screening and redaction: how fast", table,
        {"texts": count, "mean_characters": characters, "rates": rates,
         "p99_ms": {name: statistics.quantiles(times, n=100)[98] * 1000 for name, times in singles.items()}},
        command="python -m tests.benchmarks.safety",
        notes=f"CPU seconds of one process; {count:,} texts of {characters:.0f} characters on average.",
    )  # fmt: skip
    print(page)


def rate(count: int, work: Callable[[], object]) -> float:
    return count / cpu(work)


def cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
