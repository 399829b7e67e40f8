"""The row of a measure: its baseline, its X as typed and meant, by when, and who is responsible; and its target."""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, RootModel, ValidationInfo, field_validator, model_validator

from t4c_lib.errors import InputError, T4CError, find_named
from t4c_lib.framework import Better, Measure, MeasureKind, catalogue, population
from t4c_lib.periods import Month
from t4c_lib.plan import measure_validation, row_fields
from t4c_lib.plan.row_base import OWN_KEY, PlannedRow, row_key
from t4c_lib.plan.row_fields import Checkpoint, Comparison, Review, RowState, Text, each_once, rounded
from t4c_lib.quantities import Baseline, Change, ChangeError, ChangeKind, Reading, Unit
from t4c_lib.typed_text import canonical_text
from t4c_lib.validation_messages import Faults, make_model, read_shipped, reading

PopulationField = Annotated[Text, AfterValidator(lambda name: name and reading(lambda: population(name).name))]

MeasureKey = tuple[str, str, str]  # measure, population and group


class Target(NamedTuple):
    """A measure that is to change: from a frozen baseline, by so much, by the end of a month.

    A target is always whole: a row has one when its baseline, X and date are there and can be. New evidence never
    alters its baseline: that is what was agreed upon.
    """

    measure: str  #: key of the measure
    population: str  #: of whom, in the framework's words ("support staff"); empty where it counts no people
    group: str  #: the group of people whose gap is to close, where closer is better
    baseline: Baseline  #: where the measure stood, with period and source; where closer is better, the gap
    change: Change  #: by how much, in a reading that the measure allows
    due: Month  #: the month by whose last day it is to be reached

    @property
    def key(self) -> MeasureKey:
        """Of which row of its plan it is the target."""
        return self.measure, self.population, self.group

    def reading(self, now: Baseline | None = None) -> Reading:
        """Goal, heads and sentence, in the measure's own words; people are counted today where `now` is given."""
        baseline = measure_validation.with_measure_terms(self.baseline, self.measure, self.population)
        return self.change.reading(baseline, now)

    @property
    def goal(self) -> float:
        """The value to reach: a fraction for shares and rates."""
        return self.change.goal(self.baseline)


_LEVEL = re.compile(r"level: [1-8]$")


class MeasureRow(PlannedRow):
    """A measure of the framework, or one of the plan's own. Its X may be unset, and then it has no target."""

    #: key of a measure of the framework (its ref, "1m4-turnover", is understood), or a key of its own for one that is
    #: added.
    measure: row_fields.FilledText
    definition: measure_validation.LocalMeasure | None = None  #: what an added measure is
    name: Text = ""  #: own words for a measure that is reworded
    population: PopulationField = ""  #: of whom, in the framework's words; the measure's own if nothing is said
    #: where closer is better, the group of people whose gap is to close: a row for each. Of attainment, the level of
    #: qualification from which on people count, where it isn't the framework's: "level: 3".
    group: Text = ""
    comparison: Comparison | None = None  #: the share that the group has among those it is compared with
    #: where the measure stands, from evidence or typed by hand with its source; for a group its own share.
    baseline: row_fields.BaselineField | None = None
    #: the X. Where closer is better it speaks of the gap: -0.02 points closes it by two points.
    change: row_fields.ChangeField | None = None
    #: how the change is spread over the time there is: straight, front-loaded (after half of the time three quarters of
    #: it are done) or back-loaded (one quarter); straight if nothing is said. Checkpoints say it more exactly: where a
    #: row has some, they count.
    way: row_fields.Trimmed[row_fields.Way] | None = None
    checkpoints: tuple[Checkpoint, ...] = ()  #: stops on the way, each held until the next one is due
    review: Review | None = None  #: the rhythm on which the row is looked at; for a review, when it is held

    called, keyed_by = ("measure", "measure"), ("measure", "population", "group")
    written = (
        *("measure", "definition", "state", "name", "reason", "population", "group", "comparison", "baseline"),
        *("change", "start", "due", "way", "checkpoints", "post", "holder", "status", "closed", "review", "evidence"),
        "note",
    )

    @field_validator("measure")
    @classmethod
    def _measure_is_known(cls, key: str, info: ValidationInfo) -> str:
        return row_key(key, info.data.get("state"), lambda name: catalogue().measure(name).key)

    @model_validator(mode="before")
    @classmethod
    def _silence_means_as_the_framework_has_it(cls, row: object) -> object:
        measure = isinstance(row, Mapping) and (measure_validation.find(row.get("measure", "")) or _defined(row))
        if not isinstance(row, Mapping) or not measure:
            return row
        filled = {"population": measure.population or "", **row}
        if isinstance(filled.get("baseline"), Mapping):
            filled["baseline"] = {**measure_validation.baseline_defaults(measure), **filled["baseline"]}
        return filled

    def faults(self) -> Faults:
        yield from self._state_faults(self.name, "name")
        added = self.state is RowState.ADDED
        if added != (self.definition is not None):
            words = "an added measure needs a" if added else "only an added measure has a"
            yield "definition", f"{words} 'definition': intention, name, kind, unit."
        else:
            yield from measure_validation.measure_faults(self.what, self.baseline, self.change)
            yield from self._stray_parts()

    def _stray_parts(self) -> Faults:
        with_level = self.what.default_level is not None
        if not self.is_closer and (self.comparison or (self.group and not (with_level and _LEVEL.match(self.group)))):
            field = "comparison" if self.comparison else "group"
            words = f"'{self.measure}' is not compared with another group; this is for measures where closer is better."
            yield field, words + (" For another qualification level write 'level: 3' (1 to 8)." if with_level else "")
        for field in ("way", "checkpoints"):
            if getattr(self, field) and not self.has_amount:
                yield field, f"'{self.measure}' is measured by {self.what.kind} and has no amount."
        for place, checkpoint in enumerate(self.checkpoints, 1):
            for _, words in measure_validation.measure_faults(self.what, None, checkpoint.change):
                yield "checkpoints", f"checkpoint {place}: {words}"
            if self.what.kind is MeasureKind.SHARE and not 0 <= (checkpoint.value or 0) <= 1:
                yield "checkpoints", f"checkpoint {place}: a share is between 0 and 1, not {checkpoint.value:g}."

    @property
    def suggestion(self) -> Measure | None:
        return None if self.definition else self.what

    @cached_property
    def what(self) -> Measure:
        """The definition of the measure, the framework's or the plan's own."""
        return self.definition.measure(self.measure) if self.definition else catalogue().measure(self.measure)

    @property
    def suggested_words(self) -> str:
        """The framework's name for it; empty for one that is added."""
        return self.suggestion.name if self.suggestion else ""

    @property
    def intention_number(self) -> int:
        return self.what.intention_number

    @property
    def label(self) -> str:
        """How messages call it, and calendars know it by: with population and group where they aren't the ordinary."""
        of_whom = f" of {self._other_population}" if self._other_population else ""
        return f"measure {self.measure}{of_whom}{f' ({self.group})' if self.group else ''}"

    @property
    def short_title(self) -> str:
        people = ", ".join(filter(None, (self._other_population, self.group)))
        return f"{self.reference} {self.what.name}{f' ({people})' if people else ''}"

    @property
    def _other_population(self) -> str:
        return self.population if self.population != (self.what.population or "") else ""

    @property
    def wording(self) -> str:
        return self.name or self.what.name

    @property
    def has_amount(self) -> bool:
        """Whether an X can be set for it; evidence and reviews have none."""
        return self.what.baseline_unit is not None

    @property
    def can_have_x(self) -> bool:
        """Whether it is open and counts something, so that an X belongs to it."""
        return self.is_open and self.has_amount

    @property
    def is_closer(self) -> bool:
        """Whether it is better the closer a group's share is to another."""
        return self.what.better is Better.CLOSER

    @property
    def gap(self) -> float | None:
        """By how much the group's share is below the one it is compared with: a fraction, negative if it is above."""
        if self.comparison is None or self.baseline is None:
            return None
        return rounded(self.comparison.share - self.baseline.value)

    @property
    def starting_figure(self) -> Baseline | None:
        """What the X is reckoned from: the baseline; where closer is better, the gap. None while it isn't known."""
        if self.baseline is not None and not self.is_closer:
            own = self.what if self.definition else None
            return measure_validation.with_measure_terms(self.baseline, own, self.population)
        if self.baseline is None or self.comparison is None:
            return None
        gap = self.gap or 0.0
        sources = "; ".join(filter(None, (self.baseline.source, self.comparison.source)))
        return None if gap <= 0 else Baseline(gap, period=self.baseline.period, source=sources)

    @cached_property
    def target_faults(self) -> tuple[measure_validation.Fault, ...]:
        """What keeps the X from being a target although nothing is missing: the field, and a sentence on each."""
        if self.change is None or self.due is None or self.starting_figure is None:
            return ()
        return tuple(measure_validation.target_faults(self.what, self.starting_figure, self.change, self.due))

    @cached_property
    def target(self) -> Target | None:
        """The target; None while a part of it is missing or impossible, or if the row is left out."""
        baseline, change, due = self.starting_figure, self.change, self.due
        if self.state is RowState.LEFT_OUT or baseline is None or change is None or due is None or self.target_faults:
            return None
        return Target(self.measure, self.population, self.group, baseline, change, due)

    @property
    def covered(self) -> dict[str, object]:
        baseline, what = self.baseline, self.what
        names = ("value", "numerator", "denominator", "unit", "counted", "base", "period", "source")
        compared = self.comparison
        return {
            "measure": self.measure,
            "intention": self.intention_number,
            "wording": self.wording,
            **{name: getattr(what, name) for name in ("kind", "better", "unit", "numerator", "denominator")},
            "population": self.population,
            "group": self.group,
            "comparison": None if compared is None else [compared.share, compared.period, compared.source],
            "baseline": None if baseline is None else {name: getattr(baseline, name) for name in names},
            "change": _in_parts(self.change),
            # Only where it is said, so that rows agreed to before there was such a field keep their digests.
            **({} if self.way is None else {"way": self.way}),
            "checkpoints": [[str(one.due), one.value, _in_parts(one.change)] for one in self.checkpoints],
            **self._covered_alike(),
        }


def _in_parts(change: Change | None) -> list[object] | None:
    return None if change is None else [change.kind, change.amount]


def _defined(row: Mapping[str, Any]) -> Measure | None:
    """The measure that a row of a file adds, if it can be read; if not, that is told when its fields are checked."""
    definition, key = row.get("definition"), canonical_text(str(row.get("measure", "")))
    if not OWN_KEY.fullmatch(key):
        return None
    if not isinstance(definition, measure_validation.LocalMeasure):
        try:
            definition = make_model(measure_validation.LocalMeasure, definition, "definition")
        except InputError:
            return None
    return definition.measure(key)


def _called(row: MeasureRow) -> str:
    of_whom = f" of {row.population}" if row.population else ""
    return f"'{row.measure}'{of_whom}{f', {row.group}' if row.group else ''}"


Measures = Annotated[tuple[MeasureRow, ...], each_once("measure", _called)]

DECIMALS = 8
THOUSANDS = re.compile(r"[-+\u2212]?\d{1,3}(,\d{3})+(\.\d+)?")  # "1,240"; "1,5" is no fifteen
KIND_WORDS = read_shipped(RootModel[dict[ChangeKind, str]], "t4c_lib.plan", "x_kinds.yaml").root


def x_unit(row: MeasureRow) -> str:
    """What a value of the measure is written in."""
    return row.what.unit if row.what.baseline_unit is Unit.COUNT else "per cent"


def x_kinds(row: MeasureRow) -> Sequence[tuple[str, str]]:
    """How an X of the measure may be meant, each with its words, the framework's own reading first."""
    words = {"unit": x_unit(row), "counted": "people" if row.what.baseline_unit is not Unit.COUNT else row.what.unit}
    ordered = dict.fromkeys((*row.what.readings, *row.what.changes))
    return [(str(kind), KIND_WORDS[kind].format(**words)) for kind in ordered]


def x_scale(is_count: bool, kind: ChangeKind = ChangeKind.LEVEL) -> float:
    """By what an amount is multiplied to be typed."""
    if kind in (ChangeKind.COUNT, ChangeKind.MULTIPLE):
        return 1
    return 1 if is_count and kind is not ChangeKind.RELATIVE else 100


def typed_number(text: str) -> float:
    """The number that was typed. Raises T4CError in words for whoever typed it."""
    if "," in text and not THOUSANDS.fullmatch(text):
        raise T4CError("A comma can't be read here: type it again, such as 1.5 or 1500.")
    try:
        return float(text.replace(",", "").replace("\u2212", "-").removeprefix("+"))
    except ValueError:
        raise T4CError(f"A number belongs here, not '{text}'.") from None


def typed_change(row: MeasureRow, amount: str, kind: str) -> Change:
    """The X of a measure that a number makes, and how it is meant.

    Raises InputError: no number, or none of the ways in which the measure's may be meant; ChangeError: it is no X.
    """
    meant = ChangeKind(find_named("way to count an X", kind, {value: value for value, _ in x_kinds(row)}))
    try:
        number = typed_number(amount.strip())
    except T4CError as error:
        raise InputError.of("an X", str(error) if amount.strip() else "enter your X, a number.", place="X") from None
    return Change(meant, round(number / x_scale(row.what.baseline_unit is Unit.COUNT, meant), DECIMALS))


def change_to(row: MeasureRow, baseline: Baseline, goal: float) -> Change:
    """The X that leads to a goal, rounded as it is shown, in a way in which an X of the measure may be meant."""
    goal = round(goal, 4) if baseline.is_fraction else float(round(goal))
    kinds = {kind for kind, _ in x_kinds(row)}
    by = round(goal - baseline.value, DECIMALS)
    for kind, amount in {ChangeKind.LEVEL: goal, ChangeKind.POINTS: by, ChangeKind.COUNT: by}.items():
        if kind in kinds and (kind is not ChangeKind.COUNT or not baseline.is_fraction):
            return Change(kind, amount)
    raise ChangeError(f"No X of {row.short_title} leads to a given figure: enter it yourself.")
