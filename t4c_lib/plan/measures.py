"""What a plan asks the framework of a measure: is there one, of whom does it speak, what values and changes has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from t4c_lib.errors import UnknownNameError
from t4c_lib.framework import Measure, MeasureKind, catalogue, population
from t4c_lib.plan.digests import canonical_text
from t4c_lib.quantities import Baseline, ChangeKind

_ORDINARY = Baseline(0.0)


def measure_key(name: str) -> str:
    """The key of a measure named by its key or by its place in the framework ("1m1").

    Raises:
        UnknownNameError: with the closest keys.
    """
    return catalogue().measure(name).key


def check_population(name: str) -> str:
    """The name itself if the framework knows it, or if it is empty. Raises UnknownNameError with the closest."""
    return population(name).name if name else ""


def find(name: object) -> Measure | None:
    """The measure, if that is the name of one."""
    try:
        return catalogue().measure(canonical_text(str(name)))
    except UnknownNameError:
        return None


def baseline_words(name: object) -> dict[str, str]:
    """Unit and names of what is counted that a baseline of this measure has when nothing else is said."""
    measure = find(name)
    unit = measure.baseline_unit if measure else None
    if measure is None or unit is None:
        return {}
    counted = measure.unit if measure.kind is MeasureKind.COUNT else _ORDINARY.counted
    return {"unit": unit.value, "counted": counted, "base": _ORDINARY.base}


def with_defaults(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a file, completed by what the framework says of its measure where the row is silent."""
    filled = dict(row)
    measure = find(row.get("measure", ""))
    if measure is None:
        return filled
    filled.setdefault("population", measure.population or "")
    if isinstance(filled.get("baseline"), Mapping):
        filled["baseline"] = {**baseline_words(measure.key), **filled["baseline"]}
    return filled


def misfits(name: str, baseline: Baseline, kind: ChangeKind) -> list[tuple[str, str]]:
    """In which fields a target doesn't go with its measure, and a sentence on each."""
    measure = catalogue().measure(name)
    if measure.baseline_unit is None:
        return [("measure", f"'{name}' is {measure.kind}, which has no amount and so no target.")]
    faults = []
    if baseline.unit is not measure.baseline_unit:
        faults.append(("baseline", f"'{name}' is a {measure.baseline_unit}, but this is given as a {baseline.unit}."))
    if kind not in measure.changes:
        faults.append(
            ("change", f"'{kind}' is no change for '{name}'. It may be changed by: {', '.join(measure.changes)}.")
        )
    return faults
