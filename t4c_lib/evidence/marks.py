"""Columns in which a publisher writes signs among the figures: `z`, `-`, an empty cell. Each sign has its own meaning.

What a sign means differs from one publication to the next (an empty cell is hidden here and unknown there), so each
reader says which signs its layout has. A sign that it doesn't name is refused, not guessed at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from t4c_lib.evidence.columns import ColumnChecks, Floats
from t4c_lib.evidence.observation import State

States = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Figures:
    """A column of figures: for each row the number, NaN where there is none, and what that means."""

    number: Floats
    state: States


def figures(
    checks: ColumnChecks,
    name: str,
    low: float,
    high: float,
    *,
    marks: Mapping[str, State] | None = None,
    blank: State = State.missing,
    unit: str = "",
    whole: bool = False,
) -> Figures:
    """Read a column of numbers with signs among them.

    Args:
        checks: the table and its problems.
        name: the column; one that the file doesn't have is `blank` throughout.
        low: least number allowed.
        high: greatest number allowed.
        marks: the signs of this publication, in small letters, and what they mean.
        blank: what an empty cell means.
        unit: for messages.
        whole: whether only whole numbers are allowed.
    """
    known = {"": blank} | dict(marks or {})
    number = checks.numbers(name, low, high, unit=unit, whole=whole, besides=frozenset(known))
    state = states_of(number)
    column = checks.table.column(name)
    if column is None:
        state[:] = blank.value
    else:
        meaning = np.array([known[text.casefold()].value if text.casefold() in known else "" for text in column.values])
        marked = meaning[column.codes] if len(meaning) else np.empty(0, dtype="U1")
        state = np.where(marked != "", marked, state).astype(object)
    return Figures(number, state)


def states_of(number: Floats, absent: State = State.missing) -> States:
    """Counted or zero where there is a number; `absent` where there is none."""
    known = np.where(number == 0, State.zero.value, State.counted.value)
    return np.where(np.isnan(number), absent.value, known).astype(object)


def share_states(part: Figures, whole: Figures) -> States:
    """What a share of two columns means: what hides either hides it, and of nobody there is no share."""
    state = states_of(part.number)
    state[whole.number == 0] = State.not_applicable.value
    for mark in (State.not_applicable, State.missing, State.suppressed):  # the strongest last
        state[(part.state == mark.value) | (whole.state == mark.value)] = mark.value
    return state


def quotient(part: Floats, whole: Floats, state: States) -> Floats:
    """The share itself, where its state says that it is known."""
    known = (state == State.counted.value) | (state == State.zero.value)
    value = np.full(len(part), np.nan)
    np.divide(part, whole, out=value, where=known & (whole > 0))
    return value
