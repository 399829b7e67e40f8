"""Rows of a publication as a table of observations: the one way to make such tables, for all readers alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from t4c_lib.evidence.column_checks import Floats, combined
from t4c_lib.evidence.csv_table import DataTable
from t4c_lib.evidence.observations import NUMBER_COLUMNS, OBSERVATION_COLUMNS, OBSERVATION_KEY, Organisation, State

# The tables are many and small: looking for a few rows of Arrow's strings takes several times as long as of Python's.
pd.set_option("mode.string_storage", "python")

T = TypeVar("T")

States = NDArray[np.object_]
Texts = NDArray[np.object_]
TYPES = dict.fromkeys(OBSERVATION_COLUMNS, "str") | dict.fromkeys(NUMBER_COLUMNS, "float64")  # of each column
Words: TypeAlias = "str | Sequence[str] | Texts | pd.Series[str]"


def no_observations() -> pd.DataFrame:
    """A table of observations without rows."""
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in TYPES.items()})


def observed(
    rows: Mapping[str, Words] | pd.DataFrame | None = None,
    *,
    series: Words,
    value: Floats,
    unit: Words,
    state: Words | None = None,
    numerator: Floats | float = float("nan"),
    denominator: Floats | float = float("nan"),
    **named: Words,
) -> pd.DataFrame:
    """Observations from columns that are as long as `value`, or from one text for all of it; a number not known is NaN.

    `rows`: organisation, population, breakdown and period, as far as `named` doesn't give them. `state`: if None,
    counted or zero where there is a value, else missing: whoever adds up knows whether a part was hidden.
    """
    columns: dict[str, Words] = {
        name: named[name] if rows is None or name in named else rows[name]
        for name in ("organisation", "population", "breakdown", "period")
    }
    columns |= {"series": series, "state": states_of(value) if state is None else state, "unit": unit}
    numbers = {"numerator": numerator, "denominator": denominator, "value": value}
    made: dict[str, object] = {name: _texts(words, len(value)) for name, words in columns.items()}
    made |= {name: np.broadcast_to(np.asarray(one, dtype=np.float64), len(value)) for name, one in numbers.items()}
    return pd.DataFrame({name: made[name] for name in OBSERVATION_COLUMNS})


def _texts(words: Words, length: int) -> object:
    if isinstance(words, str):
        return pd.array([words], dtype="str").take(np.zeros(length, dtype=np.intp))
    if isinstance(words, pd.Series) and words.dtype == "str":
        return words.array
    return pd.array(np.asarray(words, dtype=object), dtype="str")


def shares(
    rows: Mapping[str, Words] | pd.DataFrame,
    part: Floats | Figures,
    whole: Floats | Figures,
    *,
    series: str,
    unit: str = "share",
    **named: Words,
) -> pd.DataFrame:
    """Shares, part of whole; `rows` and `named` as for `observed`.

    What hides either hides the share; of plain numbers NaN is missing. Of nobody and nothing there is no share.
    """
    both = [one if isinstance(one, Figures) else Figures(one, states_of(one)) for one in (part, whole)]
    top, base = (one.number for one in both)
    state, value = states_of(top), np.full(len(top), np.nan)
    state[base == 0] = State.not_applicable.value
    for mark in (State.not_applicable, State.missing, State.suppressed):  # the strongest last
        state[(both[0].state == mark.value) | (both[1].state == mark.value)] = mark.value
    np.divide(top, base, out=value, where=is_known(state))
    return observed(rows, series=series, numerator=top, denominator=base, value=value, state=state, unit=unit, **named)


def is_known(state: States) -> NDArray[np.bool_]:
    """Whether a state is one of those that have a value."""
    return np.asarray((state == State.counted.value) | (state == State.zero.value), dtype=bool)


def together(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One table, sorted by organisation, series, population, breakdown, period."""
    joined = pd.concat(list(frames), ignore_index=True) if frames else no_observations()
    return joined.sort_values([*OBSERVATION_KEY], ignore_index=True)


class Figures(NamedTuple):
    """A column of figures: for each row the number, NaN where there is none, and what that means."""

    number: Floats
    state: States


def states_of(number: Floats, absent: State = State.missing) -> States:
    """Counted or zero where there is a number; `absent` where there is none."""
    known = np.where(number == 0, State.zero.value, State.counted.value)
    return np.where(np.isnan(number), absent.value, known).astype(object)


ENGLAND = Organisation("E92000001", "England", "Country")
REGION_TYPE, AREA_TYPE = "NHS England region", "ICS area"


def each(table: DataTable, names: Sequence[str], make: Callable[..., T]) -> tuple[list[T], NDArray[np.int64]]:
    """Something made of each combination of the columns' texts, once, in order; and for each row which is its own."""
    which, _ = pd.factorize(combined([table.keys(name) for name in names]))
    first = np.unique(which, return_index=True)[1]
    columns = [table.texts(name)[first] for name in names]
    return [make(*parts) for parts in zip(*columns, strict=True)], np.asarray(which, dtype=np.int64)
