"""Which entry goes with which row of the framework: the best for all of them together, no row taken twice.

How near an entry comes to a row: two things count. The row's keywords: each one found adds strength, the more so the
longer the phrase and the fewer other rows know it. And how alike the text and the row's own wording are (rapidfuzz).
The strength `s` becomes a score between 0 and 1 as 1 - 0.4 ** s, so that one telling word gives 0.6, two give 0.84. The
figures in this module were set on the pledge as its source prints it; tests hold them to other wordings.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partialmethod
from typing import Final, NamedTuple

from rapidfuzz import fuzz

from t4c_lib.framework import Action, Catalogue, Intention, Measure, catalogue
from t4c_lib.plan.word.table_entries import Bullet

THRESHOLD: Final = 0.5  # below it an entry is taken for one of the organisation's own
THRESHOLD_ANYWHERE: Final = 0.7  # where the intention is unknown, and any of the framework's rows could be meant
_GIVES_WAY: Final = 0.25  # an entry whose best row is taken gets no row that fits it worse than the best by more
_NEAR_FROM: Final = 0.35
_MOST_NEAR: Final = 3
_NAMED_REF: Final = re.compile(r"\d{1,2}[am]\d{1,2}", re.IGNORECASE)
_REMAINDER: Final = 0.4  # what is left to 1 after one full strength
_MORE_PER_WORD: Final = 0.4  # of a phrase, for each word after the first
_RARITY_IN_POOL: Final = 0.7  # a keyword of n rows of the pool counts for n ** -0.7 ...
_RARITY_OVERALL: Final = 0.25  # ... and one of m rows of the whole framework for m ** -0.25
_ALIKE_FROM: Final = 50.0  # token set ratio that says nothing yet; any two sentences about staff come to this
_ALIKE_WEIGHT: Final = 0.8
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


class IndexedText:
    """Texts with the places of their words; the texts far apart, so that no phrase reaches from one to the next."""

    def __init__(self, *texts: str) -> None:
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
                if (place := next(within, None)) is None:
                    break
                found.append(place)
            if len(found) == len(phrase) and (not best or max(found) - min(found) < max(best) - min(best)):
                best = tuple(found)
        return best


indexed = lru_cache(maxsize=4_000)(IndexedText)


@dataclass(frozen=True)
class Candidate:
    """A row of the framework that a text may be about."""

    ref: str  #: of the action, of the whole bullet of measures ("1m4"), or of one part ("1m4-turnover")
    keys: tuple[str, ...]  #: keys of the catalogue; several where the bullet holds several measures
    wording: str  #: our wording
    keywords: tuple[str, ...]  #: see the catalogue

    @cached_property
    def phrases(self) -> dict[str, tuple[str, ...]]:
        """The words of each keyword."""
        return {keyword: phrase for keyword in self.keywords if (phrase := words_of(keyword))}


class Similarity(NamedTuple):
    """How near a text comes to a row: the score, the keywords found (strongest first), wordings alike 0 to 100."""

    candidate: Candidate
    score: float
    found: tuple[str, ...]
    alike: float


class SimilarityScale:
    """Scores texts against a pool of candidates; how rare a keyword is there, and overall, says what it counts for."""

    def __init__(self, pool: Iterable[Candidate], overall: Iterable[Candidate]) -> None:
        self.pool = tuple(pool)
        self._overall = tuple(overall)

    @lru_cache(maxsize=5_000)  # noqa: B019  (the scales of the framework stay)
    def _weight(self, keyword: str) -> float:
        phrase = words_of(keyword)
        shared = max(1, sum(_knows(candidate, phrase) for candidate in self.pool))
        known = max(1, sum(_knows(candidate, phrase) for candidate in self._overall))
        return float((1 + _MORE_PER_WORD * (len(phrase) - 1)) * shared**-_RARITY_IN_POOL * known**-_RARITY_OVERALL)

    def similarity(self, text: str, candidate: Candidate) -> Similarity:
        """How near `text` comes to a candidate."""
        read = indexed(text)
        hits = [(self._weight(word), word, read.places_of(phrase)) for word, phrase in candidate.phrases.items()]
        strength, found, used = 0.0, [], set[int]()
        # Keywords that overlap ("ambassador" in "train ambassadors") must not count the same word of the text twice.
        for weight, keyword, places in sorted((hit for hit in hits if hit[2]), reverse=True):
            if fresh := [place for place in places if place not in used]:
                strength += weight * len(fresh) / len(places)
                found.append(keyword)
                used.update(places)
        alike = fuzz.token_set_ratio(read.joined, indexed(candidate.wording).joined)
        strength += _ALIKE_WEIGHT * max(0.0, alike - _ALIKE_FROM) / (100 - _ALIKE_FROM)
        return Similarity(candidate, 1 - _REMAINDER**strength, tuple(found), alike)


def _knows(candidate: Candidate, phrase: tuple[str, ...]) -> bool:
    return bool(indexed(*candidate.keywords, candidate.wording).places_of(phrase))


class NearMatch(NamedTuple):
    """A row of the framework that was not chosen for a text but comes near to it."""

    ref: str
    key: str
    score: float


class Match(NamedTuple):
    """What an entry was matched to: refs and keys (none if nothing), score, reason, and what else comes near."""

    refs: tuple[str, ...]
    keys: tuple[str, ...]
    score: float
    why: str
    near: tuple[NearMatch, ...]


def match_actions(bullets: Sequence[Bullet], intention: int | None, candidates: "Candidates") -> list[Match]:
    """A match for each entry of the column of actions that stands under an intention."""
    scale = candidates.actions(intention)
    chosen = _assign(bullets, scale, intention)
    everywhere = candidates.actions(None)
    return [
        _match(choice, _near(bullet, choice, scale, everywhere), () if choice is None else (choice.candidate,))
        for bullet, choice in zip(bullets, chosen, strict=True)
    ]


def match_measures(bullets: Sequence[Bullet], intention: int | None, candidates: "Candidates") -> list[Match]:
    """A match for each entry of the column of measures that stands under an intention.

    First whole bullets of the framework are given out. One that holds several measures brings those of them whose
    keywords the entry has (all, if it has none of any); the others are then given out one by one, as organisations
    split what the framework put together.
    """
    whole, parts = candidates.bullets(intention), candidates.parts(intention)
    by_key = {part.keys[0]: part for part in parts.pool}
    chosen = _assign(bullets, whole, intention)
    split: list[tuple[Candidate, ...]] = [
        () if choice is None else _parts_said(bullet, [by_key[key] for key in choice.candidate.keys], parts)
        for bullet, choice in zip(bullets, chosen, strict=True)
    ]
    taken = {part for said in split for part in said}
    open_places = [place for place, choice in enumerate(chosen) if choice is None]
    shared = {key for choice in chosen if choice is not None for key in choice.candidate.keys}
    open_parts = tuple(part for part in parts.pool if part not in taken and part.keys[0] in shared)
    second = _assign([bullets[place] for place in open_places], candidates.scale(open_parts), intention)
    for place, choice in zip(open_places, second, strict=True):
        if choice is not None:
            chosen[place], split[place] = choice, (choice.candidate,)
    everywhere = candidates.bullets(None)
    return [
        _match(choice, _near(bullet, choice, whole, everywhere), said)
        for bullet, choice, said in zip(bullets, chosen, split, strict=True)
    ]


def _parts_said(bullet: Bullet, parts: list[Candidate], scale: SimilarityScale) -> tuple[Candidate, ...]:
    named = tuple(part for part in parts if part.ref == bullet.mark.casefold().rstrip(".):"))
    # The framework's own words for one of them may hold keywords of the others.
    word_for_word = tuple(part for part in parts if part.wording.casefold() == bullet.text.strip(" .").casefold())
    found = {part: scale.similarity(bullet.text, part).found for part in parts}
    # A keyword that all of them know tells only where no other does.
    heard = {word for words in found.values() for word in words}
    shared = {word for word in heard if len(parts) > 1 and all(_knows(part, words_of(word)) for part in parts)}
    telling = tuple(part for part in parts if {*found[part]} - shared)
    return named or word_for_word or telling or tuple(part for part in parts if found[part]) or tuple(parts)


def _assign(bullets: Sequence[Bullet], scale: SimilarityScale, intention: int | None) -> list[Similarity | None]:
    """For each entry its candidate, or None: the sum of the scores is the greatest there can be."""
    if not bullets or not scale.pool:
        return [None] * len(bullets)
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    threshold = THRESHOLD if intention is not None else THRESHOLD_ANYWHERE
    similarity = [[_with_named_ref(bullet, candidate, scale) for candidate in scale.pool] for bullet in bullets]
    scores = np.array([[near.score if near.score >= threshold else 0.0 for near in row] for row in similarity])
    chosen: list[Similarity | None] = [None] * len(bullets)
    for place, column in zip(*linear_sum_assignment(scores, maximize=True), strict=True):
        if scores[place, column] and scores[place, column] >= scores[place].max() - _GIVES_WAY:
            chosen[place] = similarity[place][column]
    return chosen


def _with_named_ref(bullet: Bullet, candidate: Candidate, scale: SimilarityScale) -> Similarity:
    """How near an entry comes; as near as can be where it names the ref itself ("3a1 Recruit ...")."""
    similarity = scale.similarity(bullet.text, candidate)
    named = _NAMED_REF.match(bullet.mark)
    if named is not None and named[0].casefold() == candidate.ref.split("-")[0]:
        return similarity._replace(score=1.0, found=(named[0], *similarity.found))
    return similarity


def _match(choice: Similarity | None, near: tuple[NearMatch, ...], said: tuple[Candidate, ...]) -> Match:
    if choice is None:
        return Match((), (), 0.0, "nothing in the framework is similar enough", near)
    keys = tuple(key for part in said for key in part.keys)
    words = ", ".join(f"'{word}'" for word in choice.found)
    why = f"{f'it mentions {words}; ' if words else ''}wording {choice.alike:.0f}% similar"
    return Match(tuple(part.ref for part in said), keys, choice.score, why, near)


def _near(
    bullet: Bullet, choice: Similarity | None, scale: SimilarityScale, everywhere: SimilarityScale
) -> tuple[NearMatch, ...]:
    """What else comes near: in the same intention; anywhere, for an entry without a match (moved, perhaps)."""
    own = {candidate.ref for candidate in scale.pool}
    chosen = set() if choice is None else set(choice.candidate.keys)
    scored = []
    for candidate in everywhere.pool if choice is None else scale.pool:
        score = scale.similarity(bullet.text, candidate).score
        if score >= (_NEAR_FROM if candidate.ref in own else THRESHOLD) and not chosen & set(candidate.keys):
            scored.append(NearMatch(candidate.ref, candidate.keys[0], score))
    return tuple(sorted(scored, key=lambda found: (found.ref not in own, -found.score))[:_MOST_NEAR])


class Candidates:
    """All candidates of the framework, with a scale for each intention and kind of row."""

    def __init__(self, catalogue: Catalogue) -> None:
        every = catalogue.intentions
        self._pools = {
            "actions": {row.number: tuple(map(_candidate, row.actions)) for row in every},
            "bullets": {row.number: _bullets(row) for row in every},
            "parts": {row.number: tuple(map(_candidate, row.measures)) for row in every},
        }
        pools = (*self._pools["actions"].values(), *self._pools["bullets"].values())
        self._overall = tuple(candidate for pool in pools for candidate in pool)
        intentions = tuple(Candidate(str(row.number), (row.key,), row.title, row.keywords) for row in every)
        self.intentions = SimilarityScale(intentions, intentions)

    def _scale_of(self, kind: str, intention: int | None) -> SimilarityScale:
        pools = self._pools[kind]
        every = tuple(candidate for pool in pools.values() for candidate in pool)
        return self.scale(every if intention is None else pools[intention])

    actions = partialmethod(_scale_of, "actions")
    bullets = partialmethod(_scale_of, "bullets")  # of measures, each whole
    parts = partialmethod(_scale_of, "parts")  # measures one by one: a bullet that holds three is three of them

    @lru_cache(maxsize=100)  # noqa: B019  (the candidates of the framework stay)
    def scale(self, pool: tuple[Candidate, ...]) -> SimilarityScale:
        """The scale of any candidates: what is rare among them tells the most."""
        return SimilarityScale(pool, self._overall)


@lru_cache(maxsize=1)
def framework_candidates() -> Candidates:
    """Those of the framework, with what was worked out of them for one document kept for the next."""
    return Candidates(catalogue())


def _candidate(one: Action | Measure) -> Candidate:
    words = one.text.replace("{x}", "") if isinstance(one, Action) else one.name
    return Candidate(one.reference, (one.key,), words, one.keywords)


def _bullets(intention: Intention) -> tuple[Candidate, ...]:
    """Its measures, those that share a bullet put together. A measure in no bullet stays by itself."""
    by_ref: dict[str, list[Measure]] = {}
    for measure in intention.measures:
        by_ref.setdefault(measure.ref, []).append(measure)
    bullets = []
    for ref, measures in by_ref.items():
        keywords = dict.fromkeys(keyword for measure in measures for keyword in measure.keywords)
        keys = tuple(measure.key for measure in measures)
        name = measures[0].reference if len(measures) == 1 else ref
        bullets.append(Candidate(name, keys, "; ".join(measure.name for measure in measures), tuple(keywords)))
    return tuple(bullets)
