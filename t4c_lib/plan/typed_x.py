"""An X as it is typed: how its number may be meant, in which unit, and the change that it makes."""

import re
from collections.abc import Sequence

from t4c_lib.errors import Problem, find_named, refuse
from t4c_lib.plan.measure_rows import MeasureRow
from t4c_lib.quantities import Baseline, Change, ChangeError, ChangeKind, Unit

DECIMALS = 8
THOUSANDS = re.compile(r"[-+\u2212]?\d{1,3}(,\d{3})+(\.\d+)?")  # "1,240"; "1,5" is no fifteen
# What the number of an X is, and by what it is divided to make an amount of a share or a rate.
KIND_WORDS = {
    ChangeKind.POINTS: "percentage points",
    ChangeKind.RELATIVE: "% of the baseline",
    ChangeKind.LEVEL: "{unit} to reach",
    ChangeKind.COUNT: "more {counted}",
    ChangeKind.MULTIPLE: "times the baseline",
}


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
    """The number that was typed. Raises ValueError in words for whoever typed it."""
    if "," in text and not THOUSANDS.fullmatch(text):
        raise ValueError("A comma can't be read here: type it again, such as 1.5 or 1500.")
    try:
        return float(text.replace(",", "").replace("\u2212", "-").removeprefix("+"))
    except ValueError:
        raise ValueError(f"A number belongs here, not '{text}'.") from None


def typed_change(row: MeasureRow, amount: str, kind: str) -> Change:
    """The X of a measure that a number makes, and how it is meant.

    Raises:
        InputError: no number, or none of the ways in which an X of the measure may be meant.
        ChangeError: a number that is no X.
    """
    meant = ChangeKind(find_named("way to count an X", kind, {value: value for value, _ in x_kinds(row)}))
    try:
        number = typed_number(amount.strip())
    except ValueError as error:
        refuse("an X", [Problem("X", str(error) if amount.strip() else "enter your X, a number.")])
        raise
    return Change(meant, round(number / x_scale(row.what.baseline_unit is Unit.COUNT, meant), DECIMALS))


def change_to(row: MeasureRow, baseline: Baseline, goal: float) -> Change:
    """The X that leads to a goal, rounded as it is shown, in a way in which an X of the measure may be meant."""
    goal = round(goal, 4) if baseline.is_fraction else float(round(goal))
    kinds = {kind for kind, _ in x_kinds(row)}
    by = round(goal - baseline.value, DECIMALS)
    ways = {ChangeKind.LEVEL: goal, ChangeKind.POINTS: by, ChangeKind.COUNT: by}
    for kind, amount in ways.items():
        if kind in kinds and (kind is not ChangeKind.COUNT or not baseline.is_fraction):
            return Change(kind, amount)
    raise ChangeError(f"No X of {row.short_title} leads to a given figure: enter it yourself.")
