"""How near somebody's wording comes to a row of the framework: by telling words, and by likeness of the whole.

Two things count. The row's keywords: each one found adds strength, the more so the longer the phrase and the fewer
other rows know it. And the likeness of the text to the row's own wording, by rapidfuzz. The strength `s` becomes a
score between 0 and 1 as 1 - 0.4 ** s, so that one telling word gives 0.6, two give 0.84. The figures in this module
were set on the pledge as its source prints it; the tests hold them to wordings that played no part in that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

_REMAINDER: Final = 0.4  # what is left to 1 after one full strength
_MORE_PER_WORD: Final = 0.4  # of a phrase, for each word after the first
_RARITY_IN_POOL: Final = 0.7  # a keyword of n rows of the pool counts for n ** -0.7 ...
_RARITY_OVERALL: Final = 0.25  # ... and one of m rows of the whole framework for m ** -0.25
_LIKENESS_FROM: Final = 50.0  # token set ratio that says nothing yet; any two sentences about staff come to this
_LIKENESS_WEIGHT: Final = 0.8
_WINDOW: Final = 3  # words that may stand between those of a phrase
_TYPO: Final = 88.0  # ratio from which two long words are one, mistyped
_SMALL_WORDS: Final = frozenset(
    re.split(" ", "a an and are as at be by for from in is it its of on or our that the their to we will with")
)


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, small, without the smallest ones; "16-24" are two."""
    plain = text.casefold().replace("’", "'").replace("'s", "s").replace("'", "")
    return tuple(word for word in re.findall(r"[a-z0-9]+", plain) if word not in _SMALL_WORDS)


@lru_cache(maxsize=200_000)
def same_word(one: str, other: str) -> bool:
    """Whether two words are forms of one (evaluate, evaluation), or one is a slip of the pen for the other."""
    if one == other:
        return True
    short, long = sorted((len(one), len(other)))
    if short < 4 or one.isdigit() or other.isdigit():
        return one.rstrip("s") == other.rstrip("s")
    common = next((index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), short)
    return (common >= 4 and common >= 0.6 * long) or (short >= 6 and fuzz.ratio(one, other) >= _TYPO)


class Text:
    """Texts with the places of their words; the texts far apart, so that no phrase reaches from one to the next."""

    def __init__(self, texts: tuple[str, ...]) -> None:
        self.texts = texts
        self.words: dict[int, str] = {}
        start = 0
        for text in texts:
            words = words_of(text)
            self.words.update(enumerate(words, start))
            start += len(words) + 20
        self._places: dict[str, tuple[int, ...]] = {}

    @property
    def joined(self) -> str:
        return " ".join(self.words.values())

    def places_of_word(self, wanted: str) -> tuple[int, ...]:
        """Where a word, in any of its forms, stands. Remembered: many keywords share their words."""
        if wanted not in self._places:
            self._places[wanted] = tuple(place for place, word in self.words.items() if same_word(wanted, word))
        return self._places[wanted]

    def places_of(self, phrase: tuple[str, ...]) -> tuple[int, ...]:
        """Where the words of a phrase stand near each other, in any order; empty if they don't. The closest place."""
        each = [self.places_of_word(wanted) for wanted in phrase]
        if not all(each):
            return ()
        best: tuple[int, ...] = ()
        for start in sorted({place for places in each for place in places}):
            found: list[int] = []
            for places in each:
                within = (p for p in places if start <= p < start + len(phrase) + _WINDOW and p not in found)
                place = next(within, None)
                if place is None:
                    break
                found.append(place)
            if len(found) == len(phrase) and (not best or max(found) - min(found) < max(best) - min(best)):
                best = tuple(found)
        return best


@lru_cache(maxsize=4_000)
def text_of(*texts: str) -> Text:
    """Texts with the places of their words, worked out once."""
    return Text(texts)


@dataclass(frozen=True)
class Candidate:
    """A row of the framework that a text may be about.

    Attributes:
        ref: of the action, of the whole bullet of measures ("1m4"), or of one part ("1m4-turnover").
        keys: keys of the catalogue; several where the bullet holds several measures.
        wording: our wording.
        keywords: see the catalogue.
    """

    ref: str
    keys: tuple[str, ...]
    wording: str
    keywords: tuple[str, ...]

    @property
    def phrases(self) -> dict[str, tuple[str, ...]]:
        return _phrases(self.keywords)


@lru_cache(maxsize=1_000)
def _phrases(keywords: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return {keyword: phrase for keyword in keywords if (phrase := words_of(keyword))}


@dataclass(frozen=True)
class Nearness:
    """How near a text comes to a row: the score, the keywords found (strongest first), the likeness 0 to 100."""

    score: float
    found: tuple[str, ...]
    likeness: float


class Scale:
    """Scores texts against a pool of candidates; how rare a keyword is there, and overall, says what it counts for."""

    def __init__(self, pool: Iterable[Candidate], overall: Iterable[Candidate]) -> None:
        self.pool = tuple(pool)
        self._overall = tuple(overall)

    @lru_cache(maxsize=5_000)  # noqa: B019  (a scale lives as long as one document is matched)
    def _weight(self, keyword: str) -> float:
        phrase = words_of(keyword)
        shared = max(1, sum(_knows(candidate, phrase) for candidate in self.pool))
        known = max(1, sum(_knows(candidate, phrase) for candidate in self._overall))
        length = 1 + _MORE_PER_WORD * (len(phrase) - 1)
        return float(length * shared**-_RARITY_IN_POOL * known**-_RARITY_OVERALL)

    def nearness(self, text: str, candidate: Candidate) -> Nearness:
        """How near `text` comes to a candidate."""
        read = text_of(text)
        hits = [(self._weight(word), word, read.places_of(phrase)) for word, phrase in candidate.phrases.items()]
        strength, found, used = 0.0, [], set[int]()
        # Keywords that overlap ("ambassador" in "train ambassadors") must not count the same word of the text twice.
        for weight, keyword, places in sorted((hit for hit in hits if hit[2]), reverse=True):
            fresh = [place for place in places if place not in used]
            if fresh:
                strength += weight * len(fresh) / len(places)
                found.append(keyword)
                used.update(places)
        likeness = fuzz.token_set_ratio(read.joined, text_of(candidate.wording).joined)
        strength += _LIKENESS_WEIGHT * max(0.0, likeness - _LIKENESS_FROM) / (100 - _LIKENESS_FROM)
        return Nearness(1 - _REMAINDER**strength, tuple(found), likeness)


def _knows(candidate: Candidate, phrase: tuple[str, ...]) -> bool:
    return bool(text_of(*candidate.keywords, candidate.wording).places_of(phrase))
