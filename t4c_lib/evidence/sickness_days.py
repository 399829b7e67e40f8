"""What the layouts of sickness absence have in common: days lost, days available, and the rate that they make."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from t4c_lib.evidence.columns import ColumnChecks, Floats

MOST_DAYS = 1e9
# Half of the last printed decimal, and a hair for a quotient that falls just between two of them.
_RATE_TOLERANCE = 0.005 + 1e-6


def check_days(
    checks: ColumnChecks, names: tuple[str, str, str], numbers: tuple[Floats, Floats, Floats], *, whole: bool = False
) -> None:
    """Days lost, days available and the rate in percent must agree with each other, row by row.

    Args:
        checks: the table and its problems.
        names: of the three columns, in that order.
        numbers: their figures, NaN where blank.
        whole: True where an edition may print days rounded to whole ones, and the rate from unrounded ones.
    """
    lost_name, available_name, rate_name = names
    lost, available, rate = numbers
    blank = [column.blank for name in names if (column := checks.table.column(name))]
    if len(blank) < 3:
        return
    no_lost, no_available, no_rate = blank
    checks.where(
        lost > available,
        lost_name,
        lambda row: f"{lost[row]:,g} days lost is more than the {available[row]:,g} available.",
    )
    checks.where(
        no_lost != no_available,
        lost_name,
        lambda _: f"only one of {lost_name} and {available_name} is given; both are needed, or neither.",
    )
    workable = (available > 0) & (lost <= available)
    due = np.full(len(lost), np.nan)
    np.divide(lost * 100, available, out=due, where=workable)
    checks.where(
        workable & no_rate, rate_name, lambda row: f"is blank, though days are given; they make {due[row]:.2f} percent."
    )
    tolerance = np.full(len(lost), _RATE_TOLERANCE)
    if whole and _are_whole(lost, available):
        tolerance += np.divide(50 + due / 2, available, out=np.zeros(len(lost)), where=workable)
    checks.where(
        workable & (np.abs(rate - due) > tolerance),
        rate_name,
        lambda row: f"{rate[row]:g} percent is given, but days lost / days available make {due[row]:.2f} percent.",
        "Was a figure typed over, or the file cut short?",
    )
    checks.where(
        no_lost & no_available & ~no_rate, rate_name, lambda _: "a rate is given without the days it is made of."
    )


def _are_whole(*columns: Floats) -> bool:
    return all(bool((column[~np.isnan(column)] % 1 == 0).all()) for column in columns)


def notes(states: Sequence[str], *, by_group: bool = False) -> tuple[str, ...]:
    """What a person should know of the figures' states, and whom they are about."""
    found = [] if by_group else ["All staff together: for support staff these figures are a proxy."]
    reasons = (
        ("missing", "have no figures"),
        ("not applicable", "had no days available"),
        ("suppressed", "have figures that the publisher keeps to itself, as few people stand behind them"),
    )
    for state, why in reasons:
        if count := list(states).count(state):
            found.append(f"{count:,} row{'' if count == 1 else 's'} {why}: {state}.")
    return tuple(found)
