"""Forms that a Ukrainian or Russian name takes in a sentence, and what stays the same in all of them."""

from __future__ import annotations

from collections.abc import Iterator

_SOFTENED = {"г": "з", "к": "ц", "х": "с"}  # Ольга: Ользі
# The longer first.
_ENDINGS = (
    "ями", "ами", "еві", "ові", "єві", "ого", "ому", "ему", "єму", "ими", "ією", "ої", "ою", "ею", "єю",
    "ом", "ем", "єм", "им", "ім", "їм", "ий", "ій", "ая", "ую", "ії", "ия", "ии", "ию", "ие", "ья",
    "ью", "ьи", "ье", "ой", "ей", "єй", "а", "я", "у", "ю", "і", "ї", "и", "ы", "е", "є", "о", "ь", "й",
)  # fmt: skip


def forms(name: str) -> Iterator[str]:
    """All cases of a first name given in the nominative, itself included, as they are written."""
    yield name
    stem, last = name[:-1], name[-1]
    if name.endswith(("ія", "ия")):
        yield from (stem + ending for ending in ("ї", "ю", "єю", "є", "и", "ей", "е"))
    elif last == "я":
        yield from (stem + ending for ending in ("і", "ю", "ею", "є", "е", "и", "ей", "їю", "ї", "ьою", "єю"))
    elif last == "а":
        yield from (stem + ending for ending in ("и", "і", "у", "ою", "о", "ы", "е", "ой", "ею", "ей"))
        if stem[-1:] in _SOFTENED:
            yield stem[:-1] + _SOFTENED[stem[-1]] + "і"
    elif last == "о":
        yield from (stem + ending for ending in ("а", "ові", "у", "ом", "е", "і"))
    elif name.endswith(("ій", "ий", "ей", "ай")):
        yield from (stem + ending for ending in ("я", "ю", "єві", "єм", "ї", "ем", "є", "е", "и"))
        if name.endswith("ей"):  # Тимофей: Тимофея, but Олексій: Олексія
            yield from (stem[:-1] + ending for ending in ("ея", "ею", "еем", "ее"))
    elif last == "ь":
        yield from (stem + ending for ending in ("я", "ю", "еві", "ем", "і", "е"))
    elif last in "иіїуеєю":
        return
    else:
        yield from (name + ending for ending in ("а", "у", "ові", "ом", "і", "е"))
        if last == "р":  # Ігор: Ігоря
            yield from (name + ending for ending in ("я", "ю", "еві", "ем"))
        if name.endswith("ів"):  # Яків: Якова
            yield from (f"{name[:-2]}ов{ending}" for ending in ("а", "у", "ові", "ом", "і", "е"))
        if name.endswith("ір"):  # Федір: Федора
            yield from (f"{name[:-2]}ор{ending}" for ending in ("а", "у", "ові", "ом", "і", "е"))
        if name == "Лев":
            yield from ("Лева", "Леву", "Левові", "Левом", "Льва", "Льву", "Львом")
        if name == "Павел":
            yield from ("Павла", "Павлу", "Павлом", "Павле")


def stem(word: str) -> str:
    """The part of a name that its cases share: `олена` and `оленою` give `олен`, `Olena's` gives `olena`."""
    lowered = word.lower().replace("’", "'").replace("ʼ", "'")
    if not "а" <= lowered[:1] <= "ӿ":
        base = lowered.removesuffix("'s").removesuffix("'")
        return base[:-1] if len(base) > 4 and base.endswith("s") else base
    lowered = lowered.replace("'", "")
    for ending in _ENDINGS:
        if lowered.endswith(ending) and len(lowered) - len(ending) >= 2:
            return lowered[: -len(ending)]
    return lowered
