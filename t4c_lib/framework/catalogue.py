"""The catalogue: the framework read once, with look-ups that name the closest; and what can be observed of whom."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from importlib import resources
from typing import Annotated, Any

from pydantic import Field

from t4c_lib.errors import UnknownNameError, did_you_mean, find_named
from t4c_lib.framework import definitions
from t4c_lib.framework.definitions import WHOLE_PLAN, Action, Intention, Measure, ModelPath, MonthText, Strand
from t4c_lib.typed_text import capitalised
from t4c_lib.validation_messages import Checked, Faults, Key, Text, read_model, read_shipped
from t4c_lib.yaml_text import Place, RowName, read_yaml

SERIES_FILE, CATALOGUE_FILE = "series.yaml", "catalogue.yaml"


class _Lists(Checked):
    called: dict[str, RowName]
    taken_once: dict[str, dict[str, str]]


_LISTS = read_shipped(_Lists, __package__, "lists.yaml")


class Collected(Checked):
    """How a collection workbook asks for a series that no measure makes."""

    asked_with: Key  #: the measure; who is asked for it is asked for this too
    sheet: Text  #: title of the sheet
    source: Text  #: where an employer finds the figures
    months: int = Field(default=12, ge=1)  #: how many, up to the latest one
    groups: tuple[Text, ...] = ("all",)  #: one row of each, as plans write groups ("standard: Nursing associate")


class Series(Checked):
    """Observations that belong together: same thing counted, in the same unit, period after period."""

    key: Key
    label: Text
    kind: definitions.MeasureKind
    unit: Text
    description: Text
    collected: Collected | None = None  #: None where no collection workbook asks for it by itself
    fed_by: str = ""  #: see Measure


class Population(Checked):
    """A set of people whom figures are about."""

    name: Text  #: how observations name it ("support staff")
    label: Text  #: the same, to head a column or a chart
    definition: Text  #: who belongs to it
    part_of: str = ""  #: the population that it is a part of; empty where there is none
    proxy_note: str = ""  #: what published figures show in its place; empty where they show the population itself


class SamePeople(Checked):
    """Which series count the same people."""

    series: Key  #: a share
    numerator: Key  #: the series of the people above its line
    group: str = ""  #: the group of that series which they are, beside that of the share; empty for none
    denominator: Key  #: the series of the people below its line


class SeriesList(Checked):
    """The content of series.yaml."""

    series: tuple[Series, ...]
    same_people: tuple[SamePeople, ...] = ()
    populations: tuple[Population, ...]

    def faults(self) -> Faults:
        yield from repeated("key", ((("series", i), row.key) for i, row in enumerate(self.series)))
        yield from repeated("name", ((("populations", i), row.name) for i, row in enumerate(self.populations)))


def read_series(text: str, source: str) -> SeriesList:
    """Read series and populations. Raises InputError: every problem: no YAML, wrong or missing fields, a name twice."""
    return read_model(SeriesList, read_yaml(text, source, needs=tuple(SeriesList.model_fields), rows=_LISTS.called))


def repeated(noun: str, rows: Iterable[tuple[Place, str | int]]) -> Faults:
    """Every row whose name an earlier one has; `noun` is what the name is called."""
    seen: set[str | int] = set()
    for place, name in rows:
        if name in seen:
            yield place, f"The {noun} '{name}' is taken by an earlier row. Every row needs its own."
        seen.add(name)


def series_of(measure: Measure) -> Series:
    """The series a measure makes by itself, under its own key."""
    is_divided = measure.numerator and measure.denominator
    what = f"{measure.numerator}, out of {measure.denominator}" if is_divided else measure.name
    own = {"key": measure.key, "label": measure.name, "description": f"{capitalised(what)}."}
    return Series(**own, kind=measure.kind, unit=measure.unit)


@lru_cache(maxsize=1)
def other_series() -> SeriesList:
    """The series that no measure makes, and the populations, as the project ships them."""
    return read_series(_shipped(SERIES_FILE), SERIES_FILE)


def _shipped(file: str) -> str:
    return resources.files(__package__).joinpath(file).read_text(encoding="utf-8")


def populations() -> tuple[Population, ...]:
    """Every population there is."""
    return other_series().populations


def population(name: str) -> Population:
    """The population of that name. Raises UnknownNameError with the closest names."""
    return find_named("population", name, {one.name: one for one in populations()})


class Note(Checked):
    """A numbered note of the source. `applies_to` holds refs of actions, or "plan" for the whole table."""

    number: Annotated[int, Field(ge=1)]
    applies_to: tuple[Text, ...]
    text: Text
    points_to: str = ""
    reading: str = ""


class Signatory(Checked):
    """Who may sign the pledge, and for which side."""

    side: Text
    postholder: Text


class Pledge(Checked):
    """The partnership pledge: a wording of ours, who signs it, who agrees it and to whom it is published."""

    wording: Text
    wording_note: str
    signed_by: tuple[Signatory, ...]
    signed_by_note: str
    agreed_with: Text
    published_to: Text

    def for_organisation(self, name: str) -> str:
        """The wording with the organisation's name in it."""
        return self.wording.replace("{organisation}", name)

    def faults(self) -> Faults:
        if "{organisation}" not in self.wording:
            yield "", "The wording needs {organisation} where the name goes."


class Body(Checked):
    """A body that the source names, and who does its work today."""

    key: Key
    then: Text
    now: Text


class Source(Checked):
    """The publication the catalogue retells."""

    title: Text
    publisher: Text
    supported_by: Text
    published: MonthText
    framework_launched: Text


class Catalogue(Checked):
    """The national framework. Rows are suggestions: a plan may adopt, reword, leave out or add."""

    source: Source  #: the publication retold
    postholders: Text  #: how the catalogue treats the source's empty column of postholders
    bodies: tuple[Body, ...]  #: bodies the source names, then and now
    strands: tuple[Strand, ...]  #: the four parts, in order
    intentions: tuple[Intention, ...]  #: the ten intentions, in order, each with its timeline, actions and measures
    notes: tuple[Note, ...]  #: the source's numbered notes and where they apply
    pledge: Pledge  #: the partnership pledge

    def faults(self) -> Faults:
        return _between_rows(self)

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """All actions, in the order of the intentions."""
        return tuple(action for intention in self.intentions for action in intention.actions)

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """All measures, in the order of the intentions."""
        return tuple(measure for intention in self.intentions for measure in intention.measures)

    def intention(self, key: str | int) -> Intention:
        """The intention of that key, or of that number (1 to 10). Raises UnknownNameError with what there is."""
        for intention in self.intentions:
            if key in (intention.key, intention.number, str(intention.number)):
                return intention
        is_number = isinstance(key, int) or key.isdigit()
        known = [str(row.number) if is_number else row.key for row in self.intentions]
        raise UnknownNameError("intention", str(key), known)

    def intentions_of(self, strand: str) -> tuple[Intention, ...]:
        """The intentions of a strand, in order. Raises UnknownNameError for a strand there is not."""
        key = find_named("strand", strand, {one.key: one.key for one in self.strands})
        return tuple(intention for intention in self.intentions if intention.strand == key)

    def action(self, key: str) -> Action:
        """The action of that key, or of that ref ("3a1"). Raises UnknownNameError with the closest keys."""
        if key not in self.action_by_name:
            raise UnknownNameError("action", key, [action.key for action in self.actions])
        return self.action_by_name[key]

    @cached_property
    def action_by_name(self) -> Mapping[str, Action]:
        """The actions, by their keys and by their refs."""
        return {name: action for action in reversed(self.actions) for name in (action.ref, action.key)}

    @cached_property
    def followed(self) -> Mapping[ModelPath, Measure]:
        """The measures that the what-if follows, by the formulas it has for them, in the order of the intentions."""
        with_path = ((measure.what_if.path, measure) for measure in self.measures if measure.what_if is not None)
        return {path: measure for path, measure in with_path if path is not None}

    def path_of(self, measure: str) -> ModelPath | None:
        """The formula by which the what-if follows a measure, by its key; None for one that it doesn't follow."""
        return next((path for path, one in self.followed.items() if one.key == measure), None)

    @cached_property
    def by_group(self) -> Measure:
        """The measure that sets the workforce, group by group, beside the local population."""
        return next(measure for measure in self.measures if measure.groups)

    def notes_on(self, ref: str) -> tuple[Note, ...]:
        """The source's notes on the action of that ref, or on the whole plan (definitions.WHOLE_PLAN), in order."""
        return tuple(note for note in self.notes if ref in note.applies_to)

    def measure(self, key: str) -> Measure:
        """The measure of that key, or of that ref and part ("1m4-turnover"). Raises UnknownNameError likewise."""
        for measure in self.measures:
            if key in (measure.key, measure.reference):
                return measure
        raise UnknownNameError("measure", key, [measure.key for measure in self.measures])


def read_catalogue(text: str, source: str) -> Catalogue:
    """Read a catalogue from YAML text; `source` is how messages call the file.

    Raises InputError: with all that is wrong: first how single rows are written (YAML, duplicate keys, fields that are
    missing, unknown or wrong, what does not go with a measure's kind); once each row is sound, what is wrong between
    them (names taken twice, references that lead nowhere).
    """
    return read_model(Catalogue, read_yaml(text, source, needs=tuple(Catalogue.model_fields), rows=_LISTS.called))


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The national framework as the project ships it; read at the first call and kept."""
    return read_catalogue(_shipped(CATALOGUE_FILE), CATALOGUE_FILE)


def series_followed(path: ModelPath) -> str:
    """The series of the measure that the what-if follows by a formula."""
    return catalogue().followed[path].series


@lru_cache(maxsize=1)
def series() -> tuple[Series, ...]:
    """Every series there is: those of the measures in the catalogue's order, then the others."""
    own = (series_of(measure) for measure in catalogue().measures if measure.series == measure.key)
    return (*own, *other_series().series)


# Where names stand, what they are names of, the names, and those that there are.
Reference = tuple[Place, str, Iterable[str], Collection[str]]


def _between_rows(whole: Catalogue) -> Faults:
    """All that is wrong between rows each sound in itself."""
    further = {row.key for row in other_series().series}
    yield from _names_taken_once(whole)
    for place, noun, names, known in _references(whole, further, {row.name for row in populations()}):
        for name in names:
            if name not in known:
                yield place, f"There is no {noun} '{name}'. {did_you_mean(name, known)}".strip()
    for place, row in (*_placed(whole, "actions"), *_placed(whole, "measures")):
        number = whole.intentions[int(place[1])].number
        if row.intention_number != number:
            yield (*place, "ref"), f"Ref '{row.ref}' does not belong to intention {number}."
    for place, action in _placed(whole, "actions"):
        yield from _notes(action, place, whole)
    for place, measure in _placed(whole, "measures"):
        yield from _measure(measure, place, whole, further)


def _references(whole: Catalogue, other_series: Collection[str], populations: Collection[str]) -> Iterator[Reference]:
    own_series = [measure.key for measure in whole.measures if measure.series == measure.key]
    measures = [measure.key for measure in whole.measures]
    bodies = [body.key for body in whole.bodies]  # those that what the source said in 2015 may name
    for place, intention in _placed(whole, "intentions"):
        yield (*place, "strand"), "strand", [intention.strand], [strand.key for strand in whole.strands]
        for number, timeline in enumerate(intention.timeline):
            at = (*place, "timeline", number, "covers")
            yield at, "action of this intention", timeline.covers, [action.ref for action in intention.actions]
    for place, action in _placed(whole, "actions"):
        yield (*place, "series"), "series", filter(None, [action.series]), [*own_series, *other_series]
    for place, measure in _placed(whole, "measures"):
        forecasts = measure.what_if.forecasts if measure.what_if is not None else ()
        yield (*place, "series"), "series", [measure.series], own_series
        yield (*place, "counts_also"), "series", measure.counts_also, other_series
        yield (*place, "population"), "population", filter(None, [measure.population]), populations
        yield (*place, "what_if"), "population", [one.population for one in forecasts], populations
        yield (*place, "joined_with"), "measure", filter(None, [measure.joined_with]), measures
    for place, row in (one for of in ("intentions", "actions", "measures") for one in _placed(whole, of)):
        yield (*place, "history"), "body", row.history.bodies if row.history is not None else (), bodies
    for place, note in _placed(whole, "notes"):
        yield (*place, "applies_to"), "action", note.applies_to, [WHOLE_PLAN, *(one.ref for one in whole.actions)]


def _placed(whole: Catalogue, of: str) -> Iterator[tuple[Place, Any]]:
    """The rows of a list of the catalogue, or of the list that each intention has of its own, with their places."""
    if of in Catalogue.model_fields:
        yield from (((of, index), row) for index, row in enumerate(getattr(whole, of)))
    else:
        for index, intention in enumerate(whole.intentions):
            yield from ((("intentions", index, of, at), row) for at, row in enumerate(getattr(intention, of)))


def _names_taken_once(whole: Catalogue) -> Faults:
    for of, names in _LISTS.taken_once.items():
        for name, noun in names.items():
            yield from repeated(noun, ((place, getattr(row, name)) for place, row in _placed(whole, of)))
    followed = ((place, row.what_if.path) for place, row in _placed(whole, "measures") if row.what_if is not None)
    yield from repeated("path", ((place, path) for place, path in followed if path is not None))


def _notes(action: Action, at: Place, whole: Catalogue) -> Faults:
    numbers = {note.number: note for note in whole.notes}
    for number in action.notes:
        if number not in numbers:
            yield (*at, "notes"), f"There is no note {number}."
        elif action.ref not in numbers[number].applies_to:
            yield (*at, "notes"), f"Note {number} does not list {action.ref} in its 'applies_to'. Both must agree."
    for number, note in numbers.items():
        if action.ref in note.applies_to and number not in action.notes:
            yield at, f"Note {number} says that it applies to {action.ref}, which does not name it. Both must agree."


def _measure(measure: Measure, at: Place, whole: Catalogue, other_series: Collection[str]) -> Faults:
    if measure.key in other_series:
        yield (*at, "key"), f"'{measure.key}' is already the key of a series that is no measure. Choose another key."
    shared = next((other for other in whole.measures if other.key == measure.series), measure)
    if (shared.kind, shared.unit) != (measure.kind, measure.unit):
        message = f"Its series '{measure.series}' is a {shared.kind} whose unit is '{shared.unit}'."
        yield (*at, "series"), f"{message} Kind and unit must be the same."
    if measure.baseline_unit is not None and measure.what_if is None:
        yield at, "It has a number, and nothing says how the what-if follows it. Add 'what_if'."
