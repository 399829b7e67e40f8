"""Our stepping runs the small model, in the project's own environment; run by benchmarks.engines.

The month is written out here, on the loop and the table that the pipeline runs on. The pipeline itself is another
model: its apprentices stay for a fixed time, and those of the small model complete at random.

python ours.py ORGANISATIONS SCENARIOS RUNS RESULT.npy
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from measured import STEPS, measure, older_at_start, starts

from t4c_lib.whatif.stepping import march, wide
from t4c_lib.whatif.values import Array

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

    return lambda: wide(march(first, STEPS, month), STOCKS, batch, labels)


def array(frame: pd.DataFrame) -> np.ndarray:
    """Share and registered by organisation, scenario and month."""
    frame = frame.sort_values(["organisation", "scenario", "month"])
    shape = (frame["organisation"].nunique(), frame["scenario"].nunique(), STEPS + 1)
    share = frame["young"] / (frame["young"] + frame["older"])
    return np.stack([column.to_numpy().reshape(shape) for column in (share, frame["registered"])])


if __name__ == "__main__":
    measure(prepare, array)
