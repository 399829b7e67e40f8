"""Month after month: the loop that every model of stocks here runs on, and the table that it is handed out as."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from t4c_lib.whatif.answer import SettingError
from t4c_lib.whatif.values import Array

Step = Callable[[Array, Array, int], None]


def march(first: Array, months: int, step: Step) -> Array:
    """The stocks of every month: an array of (months + 1) x the shape of `first`, month 0 included.

    `step(before, after, month)` reads the stocks at a month's start and writes those at its end into `after`.

    Raises:
        SettingError: months is not a whole number of 0 or more.
    """
    if months < 0 or int(months) != months:
        raise SettingError([f"months is a whole number, 0 or more, not {months}"])
    path = np.empty((months + 1, *first.shape))
    path[0] = first
    for month in range(1, months + 1):
        step(path[month - 1], path[month], month)
    return path


def wide(
    path: Array, stocks: Sequence[str], batch: tuple[int, ...], labels: Mapping[str, Sequence[str]] | None
) -> pd.DataFrame:
    """One row for each member of the batch and month: a column for each axis of the batch, `month`, one for each stock.

    Args:
        path: months x stocks x batch, the batch flattened.
        stocks: names of the columns.
        batch: shape of the batch.
        labels: name of each axis of the batch -> names along it; without it the axes are numbered from 0.

    Raises:
        SettingError: the labels do not fit the batch.
    """
    months = path.shape[0]
    if labels is None:
        labels = {f"axis {axis}" if len(batch) > 1 else "run": range(size) for axis, size in enumerate(batch)}  # type: ignore[misc]
    sizes = tuple(len(names) for names in labels.values())
    if sizes != batch:
        raise SettingError([f"labels are given for {sizes}, but the runs are {batch}"])
    columns: dict[str, object] = {}
    before, after = 1, int(np.prod(batch, dtype=np.int64))
    for (axis, names), size in zip(labels.items(), batch, strict=True):
        after //= size
        codes = np.tile(np.repeat(np.arange(size, dtype=np.int32), after * months), before)
        columns[axis] = pd.Categorical.from_codes(codes, categories=pd.Index(names))  # type: ignore[arg-type]
        before *= size
    columns["month"] = np.tile(np.arange(months, dtype=np.int32), before)
    # Runs lie along the last axis of the path and along the rows of the table.
    values = np.ascontiguousarray(path.reshape(months, len(stocks), before).transpose(1, 2, 0)).reshape(len(stocks), -1)
    frame = pd.DataFrame(values.T, columns=list(stocks), copy=False)
    for place, (name, column) in enumerate(columns.items()):
        frame.insert(place, name, column)  # type: ignore[arg-type]
    return frame
