"""Differences sown: one figure, or one word, of what a surface shows is changed, and nothing else."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from t4c_lib.progress import StatusWord
from tests.one_truth.statements import NUMBER

# What a reader of HTML sees: text between tags, and the descriptions of charts.
SEEN = re.compile(r'(?<=aria-label=")[^"]+(?=")|(?<=>)[^<>]+(?=<)')
WORDS = re.compile("|".join(rf"\b{word}\b" for word in sorted(StatusWord, key=len, reverse=True)), re.IGNORECASE)


def _seen(text: str) -> Iterator[tuple[int, str]]:
    if "<section" not in text:
        yield 0, text
        return
    for found in SEEN.finditer(text):
        yield found.start(), found[0]


def changed_figures(text: str, how_many: int, seed: int) -> Iterator[tuple[str, str]]:
    """So many copies of a text with one figure changed each, and what was changed, in words."""
    spots = [(start + found.start(2), found[2]) for start, part in _seen(text) for found in NUMBER.finditer(part)]
    for start, figure in random.Random(seed).sample(spots, min(how_many, len(spots))):
        first = str(int(figure[0]) % 9 + 1)
        other = first + figure[1:]
        yield _with(text, start, figure, other), f"{figure} -> {other} in '{text[start - 60 : start + 30]}'"


def changed_words(text: str, how_many: int, seed: int) -> Iterator[tuple[str, str]]:
    """The same with a status's word."""
    spots = [(start + found.start(), found[0]) for start, part in _seen(text) for found in WORDS.finditer(part)]
    for start, word in random.Random(seed).sample(spots, min(how_many, len(spots))):
        other = "on course" if word.lower() != "on course" else "behind"
        yield _with(text, start, word, other), f"{word} -> {other} in '{text[start - 60 : start + 30]}'"


def _with(text: str, start: int, old: str, new: str) -> str:
    return text[:start] + new + text[start + len(old) :]
