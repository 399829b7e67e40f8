"""Our engine runs the small model, in the project's own environment; run by benchmarks.engines.

python ours.py ORGANISATIONS SCENARIOS RUNS RESULT.npy
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from measured import STEPS, measure, older_at_start, starts

from t4c_lib.whatif import Flow, StockFlow


def prepare(organisations: int, scenarios: int) -> Callable[[], pd.DataFrame]:
    """The declared model; a run hands back every stock in every month."""
    began = np.array([starts(number) for number in range(scenarios)])
    model = StockFlow(
        stocks=("apprentices", "young", "older", "registered"),
        flows=(
            Flow("start_apprenticeship", amount=began, into="apprentices"),
            Flow("complete", share=1 / 18, out_of="apprentices", into="young"),
            Flow("join_young", amount=5, into="young"),
            Flow("join_older", amount=18, into="older"),
            Flow("leave_young", share=0.015, out_of="young"),
            Flow("leave_older", share=0.010, out_of="older"),
            Flow("age_out", share=1 / 84, out_of="young", into="older"),
            Flow("progress", share=0.001, out_of="older", into="registered"),
        ),
    )
    older = np.array([[older_at_start(number)] for number in range(organisations)])
    first = {"apprentices": 40, "young": 120, "older": older, "registered": 0}
    labels = {
        "organisation": [f"organisation {number}" for number in range(organisations)],
        "scenario": [f"scenario {number}" for number in range(scenarios)],
    }
    return lambda: model.run(first, months=STEPS).frame(labels=labels)


def array(frame: pd.DataFrame) -> np.ndarray:
    """Share and registered by organisation, scenario and month."""
    frame = frame.sort_values(["organisation", "scenario", "month"])
    shape = (frame["organisation"].nunique(), frame["scenario"].nunique(), STEPS + 1)
    share = frame["young"] / (frame["young"] + frame["older"])
    return np.stack([column.to_numpy().reshape(shape) for column in (share, frame["registered"])])


if __name__ == "__main__":
    measure(prepare, array)
