"""What must hold between the rows of a catalogue: names that are taken once, references that lead somewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from t4c_lib.errors import did_you_mean
from t4c_lib.framework.kinds import WHOLE_PLAN

if TYPE_CHECKING:
    from t4c_lib.framework.catalogue import Catalogue
    from t4c_lib.framework.definitions import Action, Intention, Measure
    from t4c_lib.yaml_text import Place

Finding = tuple["Place", str, str]


class Names(NamedTuple):
    """The names that a measure may refer to, besides other rows of the catalogue."""

    own_series: Collection[str]
    other_series: Collection[str]
    populations: Collection[str]


def findings(whole: Catalogue, other_series: Collection[str], populations: Collection[str]) -> Iterator[Finding]:
    """Every (place, message, hint) that is wrong between the rows of `whole`.

    Args:
        whole: a catalogue whose rows are each sound.
        other_series: keys of the series that no measure makes.
        populations: names of the populations there are.
    """
    yield from _names_taken_once(whole)
    own_series = {measure.key for measure in whole.measures if measure.series == measure.key}
    names = Names(own_series, other_series, populations)
    for index, intention in enumerate(whole.intentions):
        at: Place = ("intentions", index)
        strands = [strand.key for strand in whole.strands]
        yield from _unknown((*at, "strand"), "strand", intention.strand, strands)
        yield from _refs_of_another_intention(intention, at)
        yield from _bodies(intention, at, whole)
        for number, action in enumerate(intention.actions):
            yield from _action(action, (*at, "actions", number), whole, own_series | set(other_series))
        for number, measure in enumerate(intention.measures):
            yield from _measure(measure, (*at, "measures", number), whole, names)
        for number, timeline in enumerate(intention.timeline):
            refs = [action.ref for action in intention.actions]
            for ref in timeline.covers:
                yield from _unknown((*at, "timeline", number, "covers"), "action of this intention", ref, refs)
    refs = [WHOLE_PLAN, *(action.ref for action in whole.actions)]
    for index, note in enumerate(whole.notes):
        for ref in note.applies_to:
            yield from _unknown(("notes", index, "applies_to"), "action", ref, refs)


def _names_taken_once(whole: Catalogue) -> Iterator[Finding]:
    yield from repeated("key", ((("strands", i), row.key) for i, row in enumerate(whole.strands)))
    yield from repeated("key", ((("intentions", i), row.key) for i, row in enumerate(whole.intentions)))
    yield from repeated("number", ((("intentions", i), row.number) for i, row in enumerate(whole.intentions)))
    yield from repeated("number", ((("notes", i), row.number) for i, row in enumerate(whole.notes)))
    yield from repeated("key", ((("bodies", i), row.key) for i, row in enumerate(whole.bodies)))
    actions: list[tuple[Place, Action]] = [
        (("intentions", i, "actions", j), action)
        for i, intention in enumerate(whole.intentions)
        for j, action in enumerate(intention.actions)
    ]
    measures: list[tuple[Place, Measure]] = [
        (("intentions", i, "measures", j), measure)
        for i, intention in enumerate(whole.intentions)
        for j, measure in enumerate(intention.measures)
    ]
    yield from repeated("key", ((place, action.key) for place, action in actions))
    yield from repeated("ref", ((place, action.ref) for place, action in actions))
    yield from repeated("key", ((place, measure.key) for place, measure in measures))
    paths = ((place, measure.what_if.path) for place, measure in measures if measure.what_if is not None)
    yield from repeated("path", ((place, path) for place, path in paths if path is not None))
    yield from repeated("ref and part", ((place, measure.reference) for place, measure in measures))


def repeated(noun: str, rows: Iterable[tuple[Place, str | int]]) -> Iterator[Finding]:
    """Every row whose name an earlier one has; `noun` is what the name is called."""
    seen: set[str | int] = set()
    for place, name in rows:
        if name in seen:
            yield place, f"The {noun} '{name}' is taken by an earlier row.", "Every row needs its own."
        seen.add(name)


def _unknown(place: Place, noun: str, name: str, known: Iterable[str]) -> Iterator[Finding]:
    known = list(known)
    if name not in known:
        yield place, f"There is no {noun} '{name}'.", did_you_mean(name, known)


def _refs_of_another_intention(intention: Intention, at: Place) -> Iterator[Finding]:
    columns: tuple[tuple[str, tuple[Action | Measure, ...]], ...] = (
        ("actions", intention.actions),
        ("measures", intention.measures),
    )
    for of, rows in columns:
        for number, row in enumerate(rows):
            if row.intention_number != intention.number:
                yield (*at, of, number, "ref"), f"Ref '{row.ref}' does not belong to intention {intention.number}.", ""


def _bodies(intention: Intention, at: Place, whole: Catalogue) -> Iterator[Finding]:
    """Bodies that what the source said in 2015 names, and the catalogue does not have."""
    rows: list[tuple[Place, Intention | Action | Measure]] = [
        (at, intention),
        *(((*at, "actions", number), action) for number, action in enumerate(intention.actions)),
        *(((*at, "measures", number), measure) for number, measure in enumerate(intention.measures)),
    ]
    for place, row in rows:
        for key in row.history.bodies if row.history is not None else ():
            yield from _unknown((*place, "history"), "body", key, [body.key for body in whole.bodies])


def _action(action: Action, at: Place, whole: Catalogue, known_series: Collection[str]) -> Iterator[Finding]:
    if action.series is not None:
        yield from _unknown((*at, "series"), "series", action.series, known_series)
    numbers = {note.number: note for note in whole.notes}
    for number in action.notes:
        if number not in numbers:
            yield (*at, "notes"), f"There is no note {number}.", ""
        elif action.ref not in numbers[number].applies_to:
            yield (*at, "notes"), f"Note {number} does not list {action.ref} in its 'applies_to'.", "Both must agree."
    for number, note in numbers.items():
        if action.ref in note.applies_to and number not in action.notes:
            yield at, f"Note {number} says that it applies to {action.ref}, which does not name it.", "Both must agree."


def _measure(measure: Measure, at: Place, whole: Catalogue, names: Names) -> Iterator[Finding]:
    if measure.key in names.other_series:
        yield (*at, "key"), f"'{measure.key}' is already the key of a series that is no measure.", "Choose another key."
    yield from _unknown((*at, "series"), "series", measure.series, names.own_series)
    shared = next((other for other in whole.measures if other.key == measure.series), measure)
    if (shared.kind, shared.unit) != (measure.kind, measure.unit):
        message = f"Its series '{measure.series}' is a {shared.kind} whose unit is '{shared.unit}'."
        yield (*at, "series"), message, "Kind and unit must be the same."
    for key in measure.counts_also:
        yield from _unknown((*at, "counts_also"), "series", key, names.other_series)
    if measure.population is not None:
        yield from _unknown((*at, "population"), "population", measure.population, names.populations)
    if measure.baseline_unit is not None and measure.what_if is None:
        yield at, "It has a number, and nothing says how the what-if follows it.", "Add 'what_if'."
    for forecast in measure.what_if.forecasts if measure.what_if is not None else ():
        yield from _unknown((*at, "what_if"), "population", forecast.population, names.populations)
    if measure.joined_with is not None:
        keys = [other.key for other in whole.measures]
        yield from _unknown((*at, "joined_with"), "measure", measure.joined_with, keys)
