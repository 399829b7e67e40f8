"""Month after month: the loop that every model of stocks here runs on, and the table that it is handed out as."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from t4c_lib.errors import SettingError
from t4c_lib.whatif.values import Array

Step = Callable[[Array, Array, int], None]


def march(first: Array, months: int, step: Step) -> Array:
    """The stocks of every month: an array of (months + 1) x the shape of `first`, month 0 included.

    `step(before, after, month)` reads the stocks at a month's start and writes those at its end into `after`.

    Raises:
        SettingError: months is not a whole number of 0 or more.
    """
    check_months(months)
    path = np.empty((months + 1, *first.shape))
    path[0] = first
    for month in range(1, months + 1):
        step(path[month - 1], path[month], month)
    return path


def check_months(months: int) -> None:
    """Raises SettingError unless it is a whole number of 0 or more."""
    if months < 0 or int(months) != months:
        raise SettingError([f"months is a whole number, 0 or more, not {months}"])


def wide(
    path: Array, stocks: Sequence[str], batch: tuple[int, ...], labels: Mapping[str, Sequence[str]] | None
) -> pd.DataFrame:
    """A row for each member of the batch and month: a column for each axis of the batch, `month`, one for each stock.

    Args:
        path: months x stocks x batch, the batch flattened.
        stocks: names of the columns.
        batch: shape of the batch.
        labels: name of each axis of the batch -> names along it; without it the axes are numbered from 0.

    Raises:
        SettingError: the labels do not fit the batch.
    """
    months, size = path.shape[0], path.shape[-1]
    names: dict[str, Sequence[Any]] = dict(labels) if labels is not None else _numbered(batch)
    if tuple(len(along) for along in names.values()) != batch:
        given = ", ".join(f"{len(along)} for {axis}" for axis, along in names.items()) or "none"
        runs = " x ".join(map(str, batch)) or "a single one"
        raise SettingError([f"labels don't fit: {given}, but the runs are {runs}"])
    columns: dict[str, Any] = {}
    inner = size
    for (axis, along), count in zip(names.items(), batch, strict=True):
        inner //= max(count, 1)
        codes = np.repeat(np.arange(count, dtype=np.min_scalar_type(-max(count, 1))), inner * months)
        whole: Any = np.tile(codes, size * months // max(codes.size, 1))
        columns[axis] = pd.Categorical.from_codes(whole, pd.Index(list(along)))
    columns["month"] = np.tile(np.arange(months, dtype=np.int32), size)
    # Runs lie along the last axis of the path and down the rows of the table.
    values = np.empty((len(stocks), size, months))
    np.copyto(values, path.transpose(1, 2, 0))
    frame = pd.DataFrame(values.reshape(len(stocks), -1).T, columns=list(stocks), copy=False)
    return pd.concat([pd.DataFrame(columns, copy=False), frame], axis=1)


def _numbered(batch: tuple[int, ...]) -> dict[str, Sequence[Any]]:
    if len(batch) == 1:
        return {"run": range(batch[0])}
    return {f"axis {axis}": range(count) for axis, count in enumerate(batch)}
