"""What is different between two versions of a plan, row by row."""

from __future__ import annotations

from dataclasses import dataclass

from t4c_lib.plan.model import Plan, Target


@dataclass(frozen=True)
class RowChange:
    """A row that two versions of a plan don't have in common.

    Attributes:
        row: what it is called: a measure with its population, or "the plan" for name and years.
        what: "added", "taken out", "moved" or "changed".
        fields: for a changed row the fields that differ.
    """

    row: str
    what: str
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        fields = f" ({', '.join(self.fields)})" if self.fields else ""
        return f"{self.row} {self.what}{fields}"


def changes_between(before: Plan | None, after: Plan) -> tuple[RowChange, ...]:
    """The rows in which `after` differs from `before` (from nothing at all, if None), in the order of the plan."""
    old = {target.key: target for target in before.targets} if before else {}
    new = {target.key: target for target in after.targets}
    found: list[RowChange] = []
    if before:
        heads = tuple(name for name in ("organisation_name", "years") if getattr(before, name) != getattr(after, name))
        if heads:
            found.append(RowChange("the plan", "changed", tuple(name.replace("_", " ") for name in heads)))
    for key, target in new.items():
        if key not in old:
            found.append(RowChange(_name(target), "added"))
        elif target != old[key]:
            fields = tuple(name for name in Target.model_fields if getattr(target, name) != getattr(old[key], name))
            found.append(RowChange(_name(target), "changed", fields))
    found += [RowChange(_name(target), "taken out") for key, target in old.items() if key not in new]
    in_both = [key for key in new if key in old]
    if in_both != [key for key in old if key in new]:
        found.append(RowChange("the order of rows", "changed"))
    return tuple(found)


def _name(target: Target) -> str:
    return f"{target.measure} ({target.population})" if target.population else target.measure
