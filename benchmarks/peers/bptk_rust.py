"""BPTK-Py runs the small model on its compiled engine. Run by benchmarks.engines in an environment of its own.

Its fairest way, of those tried: one model; the scenarios of an organisation in one call (all organisations in one call
take longer: the call looks up each scenario in a list of all); only the outputs of the comparison asked for; a
DataFrame back. Constants that don't vary are written into the equations.

    python bptk_rust.py ORGANISATIONS SCENARIOS RUNS RESULT.npy [--bare]

With --bare its engine is called without the library around it: no scenarios, no DataFrames, a module that is private.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable

import numpy as np
from BPTK_Py import Model, bptk
from measured import STEPS, measure, older_at_start, starts

OUTPUTS = ["share", "registered"]


def small_model() -> Model:
    """The four stocks and eight flows."""
    model = Model(starttime=0.0, stoptime=float(STEPS), dt=1.0, name="small")
    apprentices, young, older, registered = (
        model.stock(name) for name in ("apprentices", "young", "older", "registered")
    )
    first, begun = model.constant("older_at_start"), model.constant("starts")
    first.equation, begun.equation = 1000.0, 4.0
    apprentices.initial_value, young.initial_value, older.initial_value, registered.initial_value = (
        40.0,
        120.0,
        first,
        0.0,
    )
    flow = {
        "start_apprenticeship": begun,
        "complete": apprentices / 18.0,
        "join_young": 5.0,
        "join_older": 18.0,
        "leave_young": young * 0.015,
        "leave_older": older * 0.010,
        "age_out": young / 84.0,
        "progress": older * 0.001,
    }
    flows = {name: model.flow(name) for name in flow}
    for name, equation in flow.items():
        flows[name].equation = equation
    apprentices.equation = flows["start_apprenticeship"] - flows["complete"]
    young.equation = flows["join_young"] + flows["complete"] - flows["leave_young"] - flows["age_out"]
    older.equation = flows["join_older"] + flows["age_out"] - flows["leave_older"] - flows["progress"]
    registered.equation = flows["progress"]
    share = model.converter("share")
    share.equation = young / (young + older)
    return model


def through_scenarios(organisations: int, scenarios: int) -> Callable[[], np.ndarray]:
    """As its guide says: a manager an organisation, its scenarios registered once, then run."""
    model, engine = small_model(), bptk()
    names = [f"scenario_{number}" for number in range(scenarios)]
    for organisation in range(organisations):
        engine.register_scenario_manager({f"organisation_{organisation}": {"model": model}})
        engine.register_scenarios(
            scenario_manager=f"organisation_{organisation}",
            scenarios={
                name: {"constants": {"starts": starts(number), "older_at_start": older_at_start(organisation)}}
                for number, name in enumerate(names)
            },
        )

    def run() -> np.ndarray:
        found = np.empty((2, organisations, scenarios, STEPS + 1))
        for organisation in range(organisations):
            manager = f"organisation_{organisation}"
            frame = engine.run_scenarios(
                scenarios=names, scenario_managers=[manager], equations=OUTPUTS, backend="rust", return_format="df"
            )
            columns = [f"{manager}_{name}_{output}" for output in OUTPUTS for name in names]
            found[:, organisation] = frame[columns].to_numpy().T.reshape(2, scenarios, STEPS + 1)
        return found

    return run


def bare(organisations: int, scenarios: int) -> Callable[[], np.ndarray]:
    """The compiled engine alone."""
    from BPTK_Py._rust_engine import RustSdEngine

    text = small_model().to_json()
    engine = RustSdEngine()
    months = [str(float(month)) for month in range(STEPS + 1)]

    def run() -> np.ndarray:
        found = np.empty((2, organisations, scenarios, STEPS + 1))
        for organisation in range(organisations):
            for scenario in range(scenarios):
                model = engine.load_model(text)
                model.set_constant("starts", starts(scenario))
                model.set_constant("older_at_start", older_at_start(organisation))
                series = model.simulate(OUTPUTS)
                for place, output in enumerate(OUTPUTS):
                    found[place, organisation, scenario] = [series[output][month] for month in months]
        return found

    return run


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    measure(bare if "--bare" in sys.argv else through_scenarios)
