"""PySD runs the small model. Run by benchmarks.engines in an environment of its own.

Its fairest way: the model translated and loaded once, then a run a combination with only the outputs asked for.

    python pysd_runs.py ORGANISATIONS SCENARIOS RUNS RESULT.npy [--subscripts]

With --subscripts organisation and scenario are subscripts of every variable and all combinations are one run. That is
another model (one that knows beforehand how many organisations and scenarios there are), but the fastest PySD can do.
"""

from __future__ import annotations

import re
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pysd
import xarray
from measured import STEPS, measure, older_at_start, starts

MODEL = Path(__file__).with_name("small_model.mdl")
OUTPUTS = ["share", "registered"]


def _loaded(text: str) -> pysd.py_backend.model.Model:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "small_model.mdl"
        path.write_text(text, encoding="utf-8")
        return pysd.read_vensim(path)


def one_by_one(organisations: int, scenarios: int) -> Callable[[], np.ndarray]:
    """A run a combination."""
    model = _loaded(MODEL.read_text(encoding="utf-8"))

    def run() -> np.ndarray:
        found = np.empty((2, organisations, scenarios, STEPS + 1))
        for organisation in range(organisations):
            for scenario in range(scenarios):
                frame = model.run(
                    params={"starts": starts(scenario), "older_at_start": older_at_start(organisation)},
                    return_columns=OUTPUTS,
                )
                found[:, organisation, scenario] = frame.to_numpy().T
        return found

    return run


def subscripted(organisations: int, scenarios: int) -> Callable[[], np.ndarray]:
    """All combinations in one run."""
    places = {
        "organisation": [f"o{number}" for number in range(organisations)],
        "scenario": [f"s{number}" for number in range(scenarios)],
    }
    model = _loaded(_with_subscripts(MODEL.read_text(encoding="utf-8"), places))
    older = np.array([older_at_start(number) for number in range(organisations)])
    begun = np.array([starts(number) for number in range(scenarios)])
    shape = (organisations, scenarios)
    values = {"older_at_start": np.broadcast_to(older[:, None], shape), "starts": np.broadcast_to(begun, shape)}
    params = {name: xarray.DataArray(value.copy(), places, list(places)) for name, value in values.items()}

    def run() -> np.ndarray:
        frame = model.run(params=params, return_columns=OUTPUTS, flatten_output=False)
        return np.array([np.stack([cell.to_numpy() for cell in frame[name]], axis=-1) for name in OUTPUTS], dtype=float)

    return run


def _with_subscripts(text: str, places: dict[str, list[str]]) -> str:
    lines = text.splitlines()
    names = [line.split(" = ")[0] for line in lines if " = " in line and not line.split(" = ")[0].isupper()]
    # Longest first, so that "leave young" is taken before "young".
    anywhere = re.compile(rf"\b({'|'.join(sorted(names, key=len, reverse=True))})\b")
    ranges = [f"{name}: {', '.join(members)} ~~|" for name, members in places.items()]
    mark = f"[{','.join(places)}]"
    return "\n".join([lines[0], *ranges, *(anywhere.sub(rf"\1{mark}", line) for line in lines[1:])]) + "\n"


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    measure(subscripted if "--subscripts" in sys.argv else one_by_one)
