"""Our stepping runs the small model, in the project's own environment; run by benchmarks.engines.

The month is written out here, on the loop and the table that the pipeline runs on. The pipeline itself is another
model: its apprentices stay for a fixed time, and those of the small model complete at random.

python ours.py ORGANISATIONS SCENARIOS RUNS RESULT.npy
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from measured import STEPS, measure, older_at_start, starts

from t4c_lib.errors import SettingError
from t4c_lib.whatif.pipeline import run_months
from t4c_lib.whatif.rates import Array

STOCKS = ("apprentices", "young", "older", "registered")


def prepare(organisations: int, scenarios: int) -> Callable[[], pd.DataFrame]:
    """The model with its starts; a run hands back every stock in every month."""
    batch = organisations, scenarios
    began = np.broadcast_to([starts(number) for number in range(scenarios)], batch).reshape(-1)
    older = np.broadcast_to([[older_at_start(number)] for number in range(organisations)], batch).reshape(-1)
    first = np.stack(np.broadcast_arrays(40.0, 120.0, older.astype(float), 0.0))
    labels = {
        "organisation": [f"organisation {number}" for number in range(organisations)],
        "scenario": [f"scenario {number}" for number in range(scenarios)],
    }

    def month(before: Array, after: Array, _: int) -> None:
        apprentices, young, older, registered = before
        complete, age_out, progress = apprentices / 18, young / 84, 0.001 * older
        after[0] = apprentices + began - complete
        after[1] = young + 5 + complete - 0.015 * young - age_out
        after[2] = older + 18 + age_out - 0.010 * older - progress
        after[3] = registered + progress

    return lambda: wide(run_months(first, STEPS, month), STOCKS, batch, labels)


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


def array(frame: pd.DataFrame) -> np.ndarray:
    """Share and registered by organisation, scenario and month."""
    frame = frame.sort_values(["organisation", "scenario", "month"])
    shape = (frame["organisation"].nunique(), frame["scenario"].nunique(), STEPS + 1)
    share = frame["young"] / (frame["young"] + frame["older"])
    return np.stack([column.to_numpy().reshape(shape) for column in (share, frame["registered"])])


if __name__ == "__main__":
    measure(prepare, array)
