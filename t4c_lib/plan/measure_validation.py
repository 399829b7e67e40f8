"""What a measure, of the framework or the plan's own, may have: defaults; what a baseline, an X and a date must be."""

from dataclasses import replace

from t4c_lib.errors import T4CError, UnknownNameError
from t4c_lib.framework import Better, Measure, MeasureKind, catalogue
from t4c_lib.periods import Month, parse_period
from t4c_lib.plan.row_fields import FilledText, IntentionField, Row, Text, Trimmed
from t4c_lib.quantities import Baseline, Change, ChangeKind, Unit, number, points
from t4c_lib.typed_text import canonical_text
from t4c_lib.validation_messages import Faults

Fault = tuple[str, str]  # the field at fault, and a sentence
_ORDINARY = Baseline(0.0)


def find(name: object) -> Measure | None:
    """The measure of the framework, if that is the name of one."""
    try:
        return catalogue().measure(canonical_text(str(name)))
    except UnknownNameError:
        return None


def baseline_defaults(measure: Measure | None) -> dict[str, str]:
    """Unit and names of what is counted that a baseline of this measure has when nothing else is said."""
    unit = measure.baseline_unit if measure else None
    if measure is None or unit is None:
        return {}
    counted = measure.unit if measure.kind is MeasureKind.COUNT else _ORDINARY.counted
    return {"unit": unit.value, "counted": counted, "base": _ORDINARY.base}


def with_measure_terms(baseline: Baseline, measure: Measure | str | None, population: str) -> Baseline:
    """A baseline whose numbers bear the names that its measure has for them, so that respondents are no workforce.

    What a plan says itself stands; rows that say nothing were agreed as people of a workforce, and keep their digests.
    """
    known = find(measure) if isinstance(measure, str) else measure
    if known is None or not baseline.is_fraction:
        return baseline
    counted = known.counted if baseline.counted == _ORDINARY.counted else baseline.counted
    base = known.base_of(population) if baseline.base == _ORDINARY.base else baseline.base
    return replace(baseline, counted=counted, base=base)


def measure_faults(measure: Measure, baseline: Baseline | None, change: Change | None) -> list[Fault]:
    """What in a baseline and a change doesn't go with the kind of measure they are given for."""
    if baseline is None and change is None:
        return []
    if measure.baseline_unit is None:
        return [("measure", f"'{measure.key}' is measured by {measure.kind}, so it has no amount and no target.")]
    faults = []
    if baseline is not None and baseline.unit is not measure.baseline_unit:
        words = f"'{measure.key}' is a {measure.baseline_unit}, but this is given as a {baseline.unit}."
        faults.append(("baseline", words))
    if change is not None and change.kind not in measure.changes:
        words = f"'{measure.key}' can't be changed by '{change.kind}'. Allowed: {', '.join(measure.changes)}."
        faults.append(("change", words))
    elif change is not None and measure.baseline_unit is Unit.SHARE:
        faults += _slip(change)
    return faults


def _slip(change: Change) -> list[Fault]:
    """A percentage that was typed where a fraction belongs: no share can be, or move by, more than 1."""
    beyond = change.amount > 1 if change.kind is ChangeKind.LEVEL else abs(change.amount) > 1
    if change.kind not in (ChangeKind.LEVEL, ChangeKind.POINTS) or not beyond:
        return []
    points = " points" if change.kind is ChangeKind.POINTS else "%"
    hundredth = f" Did you mean {change.amount / 100:g} ({number(change.amount, 4)}{points})?"
    likely = hundredth if abs(change.amount) <= 100 else ""
    return [("change", f"an amount of {change.amount:g} is more than 100%.{likely}")]


def target_faults(measure: Measure, baseline: Baseline, change: Change, due: Month) -> list[Fault]:
    """What keeps a baseline, a change and a date from being a target, although each of them is sound."""
    faults = []
    measured = parse_period(baseline.period)
    if due.last_day <= measured.last_day:
        faults.append(("due", f"{due.label} is not after the baseline, which was measured in {measured.label}."))
    try:
        goal = change.goal(baseline)
    except T4CError as error:
        faults.append(("change", str(error)))
    else:
        if measure.better is Better.CLOSER and goal > baseline.value:
            faults.append(("change", f"The gap would grow: here the X has to close it{_closing(change)}."))
    return faults


def _closing(change: Change) -> str:
    """What to enter for a gap to close by as much as the change would widen it; empty for a level or a multiple."""
    amount = abs(change.amount) * (1 if change.kind is ChangeKind.COUNT else 100)
    size = {
        ChangeKind.POINTS: points(change.amount),
        ChangeKind.RELATIVE: f"{number(amount, 2)}% of what it is",
        ChangeKind.COUNT: f"{number(amount)} people",
    }
    return f": enter −{number(amount, 2)} to close it by {size[change.kind]}" if change.kind in size else ""


WITHOUT_AMOUNT = {MeasureKind.EVIDENCE: "yes or no", MeasureKind.REVIEW: "reviews", MeasureKind.SHARE: "share"}


class LocalMeasure(Row):
    """What the catalogue says of a measure of the framework, said of one that the plan adds."""

    intention: IntentionField  #: number of the intention it belongs to
    name: FilledText  #: what is measured
    kind: Trimmed[MeasureKind]  #: share, rate, count, evidence or review
    better: Trimmed[Better] = Better.HIGHER  #: higher, lower or closer
    unit: Text = ""  #: of its values; needed for rates and counts ("placements a year")
    numerator: Text = ""  #: what is divided; needed for shares and rates
    denominator: Text = ""  #: what it is divided by; needed for shares and rates
    compare_with: Text = ""  #: whom a share should come closer to; needed where closer is better

    def faults(self) -> Faults:
        divided, closer = self.kind.is_divided, self.better is Better.CLOSER
        fixed = WITHOUT_AMOUNT.get(self.kind)
        is_other_unit = bool(self.unit) and fixed is not None and self.unit != fixed
        rules: tuple[tuple[bool, Fault], ...] = (
            (divided and not self.numerator, ("numerator", f"a {self.kind} needs a 'numerator'.")),
            (divided and not self.denominator, ("denominator", f"a {self.kind} needs a 'denominator'.")),
            (not divided and bool(self.numerator), ("numerator", f"{self.kind} has no numerator.")),
            (not divided and bool(self.denominator), ("denominator", f"{self.kind} has no denominator.")),
            (not self.unit and fixed is None, ("unit", f"a {self.kind} needs a 'unit', such as people a year.")),
            (is_other_unit, ("unit", f"the unit of {self.kind} is '{fixed}'. Leave the field out.")),
            (closer and self.kind is not MeasureKind.SHARE, ("better", "'closer' is for shares only.")),
            (closer and not self.compare_with, ("compare_with", "say which group to compare with.")),
            (not closer and bool(self.compare_with), ("compare_with", "this is for 'closer' only.")),
        )
        return [fault for broken, fault in rules if broken]

    def measure(self, key: str) -> Measure:
        """As a measure like those of the framework."""
        said = {name: value for name, value in self if value and name != "intention"}
        place = {"ref": str(self.intention), "part": key, "key": key, "series": key}
        if self.kind.is_divided:  # in their own words: what is counted need be no people, nor the whole a workforce
            said |= {"counted": self.numerator, "base": f"number of {self.denominator}"}
        return Measure(**{"unit": WITHOUT_AMOUNT.get(self.kind), **said}, **place, source_of_data="the plan's own")
