"""The framework's rows as candidates for a match, intention by intention."""

from __future__ import annotations

from functools import cached_property

from t4c_lib.framework import Action, Catalogue, Intention, Measure
from t4c_lib.plan.word.wording import Candidate, Scale


class Candidates:
    """All candidates of a catalogue, with a scale for each intention and kind of row."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._actions = {row.number: tuple(map(_of_action, row.actions)) for row in catalogue.intentions}
        self._bullets = {row.number: _bullets(row) for row in catalogue.intentions}
        self._parts = {row.number: tuple(map(_of_measure, row.measures)) for row in catalogue.intentions}
        every = [*self._actions.values(), *self._bullets.values()]
        self._overall = tuple(candidate for pool in every for candidate in pool)
        self._scales: dict[tuple[Candidate, ...], Scale] = {}

    @cached_property
    def intentions(self) -> Scale:
        pool = tuple(
            Candidate(str(row.number), (row.key,), row.title, row.keywords) for row in self.catalogue.intentions
        )
        return Scale(pool, pool)

    def actions(self, intention: int | None) -> Scale:
        """Actions of an intention; of all of them, if it is unknown."""
        return self._scale(self._of(self._actions, intention))

    def bullets(self, intention: int | None) -> Scale:
        """Bullets of measures, each whole."""
        return self._scale(self._of(self._bullets, intention))

    def parts(self, intention: int | None) -> Scale:
        """Measures one by one: a bullet that holds three is three of them."""
        return self._scale(self._of(self._parts, intention))

    @staticmethod
    def _of(pools: dict[int, tuple[Candidate, ...]], intention: int | None) -> tuple[Candidate, ...]:
        if intention is not None:
            return pools[intention]
        return tuple(candidate for pool in pools.values() for candidate in pool)

    def _scale(self, pool: tuple[Candidate, ...]) -> Scale:
        if pool not in self._scales:
            self._scales[pool] = Scale(pool, self._overall)
        return self._scales[pool]


def _of_action(action: Action) -> Candidate:
    return Candidate(action.ref, (action.key,), action.text.replace("{x}", ""), action.keywords)


def _of_measure(measure: Measure) -> Candidate:
    return Candidate(measure.reference, (measure.key,), measure.name, measure.keywords)


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
