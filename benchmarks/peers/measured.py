"""What the peers' scripts share: the case's numbers that vary, the clock, and how the results are handed back."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

Made = Any
STEPS = 60


def starts(scenario: int) -> float:
    """Apprenticeships started a month in a scenario."""
    return 4 + 0.1 * scenario


def older_at_start(organisation: int) -> float:
    """People in the stock `older` at month 0 of an organisation."""
    return 1000.0 + 10 * organisation


def measure(
    prepare: Callable[[int, int], Callable[[], Made]], array: Callable[[Made], np.ndarray] = lambda made: made
) -> None:
    """Build once, run once to warm up, run so often; times on standard output, results in a file.

    The command line names organisations, scenarios, runs and the file.

    Args:
        prepare: takes organisations and scenarios and gives the run, which is what is timed.
        array: turns what a run gives into an array (not timed): output (share, registered), organisation, scenario,
            month 0 to 60.
    """
    import numpy as np

    organisations, scenarios, runs = (int(word) for word in sys.argv[1:4])
    began = time.perf_counter()
    run = prepare(organisations, scenarios)
    build = time.perf_counter() - began
    found = run()
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        run()
        taken.append(time.perf_counter() - began)
    np.save(Path(sys.argv[4]), array(found))
    print(json.dumps({"build": build, "runs": taken}))
