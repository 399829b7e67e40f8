"""Rows, rounds and acts for the tests of the partnership."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from t4c_lib.plan import MeasureRow, Plan, Side
from t4c_lib.plan.partnership.decisions import Act, Agreeable, Decision
from t4c_lib.plan.partnership.rounds import Entry, Round

START = dt.datetime(2026, 5, 4, 9, 0, tzinfo=dt.UTC)


def row(measure: str = "young-share", **other: Any) -> MeasureRow:
    fields: dict[str, Any] = {
        "measure": measure,
        "baseline": {"numerator": 171, "denominator": 3000, "period": "2026-03", "source": "staff extract"},
        "change": {"kind": "points", "amount": 0.02},
        "due": "2027-03",
        **other,
    }
    return MeasureRow.of(**fields)


def plan_of(*rows: MeasureRow) -> Plan:
    return Plan.of(organisation="X01", organisation_name="Example Trust", years=("2026/27",), measures=rows)


def opened(of: MeasureRow | None = None, *, named: bool = False, number: int = 1) -> Round:
    return Round.on(of or row(), organisation="X01", number=number, named=named, by="Facilitator", at=START)


def closed(of: MeasureRow | None = None, *, named: bool = False, number: int = 1) -> Round:
    at = START + dt.timedelta(hours=number)
    return replace(opened(of, named=named, number=number), closed_by="Facilitator", closed_at=at)


def entry(partner: str, points: float, side: str = "staff") -> Entry:
    return Entry.into(opened(), row(), partner=partner, side=side, change=f"{points} points")


def entries(**points: float) -> tuple[Entry, ...]:
    """One entry for each name; names that begin with M are of management."""
    return tuple(entry(name, x, "management" if name.startswith("M") else "staff") for name, x in points.items())


def act(on: Agreeable, decision: Decision | str, side: Side | str, minute: int = 0, **other: Any) -> Act:
    name = {"management": "M. Chief", "staff": "U. Nison"}.get(str(side), "F. Acilitator")
    fields = {"name": name, "at": START + dt.timedelta(minutes=minute), **other}
    return Act.on(on, decision, side=side, **fields)
