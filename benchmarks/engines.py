"""The small model of ../shared/cases/stock_flow_benchmark.yaml on our engine and on two neighbours, in one run.

Four stocks, eight flows, 60 monthly steps, 200 organisations x 50 scenarios. Each engine runs in a process of its own,
is built once, runs once to warm up, then so often that a median means something; build and run are timed apart. Ours
hands back a wide DataFrame of every stock in every month; the neighbours are asked only for the two outputs compared.
T4C_BENCH_ORGANISATIONS makes it smaller, for a busy machine.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.table import Row

PEERS = Path(__file__).with_name("peers")
SCENARIOS, RUNS = 50, 5
AIM = 300
# What the case says the sum of both outputs at step 60 over all runs is, by organisations.
CHECKS = {20: 78071.55055817222, 200: 1177212.3175156955}
SAME = 1e-9


@dataclass(frozen=True)
class Peer:
    """A neighbour, and how it is asked.

    Attributes:
        name: for people.
        script: in benchmarks/peers.
        option: of the script, or "".
        remark: on the way it is asked.
        is_held: whether the aim is held against it; the others are printed because they are faster.
    """

    name: str
    script: str
    option: str
    remark: str
    is_held: bool


NEIGHBOURS = (
    Peer("BPTK-Py, compiled engine", "bptk_rust.py", "", "a call an organisation, 50 scenarios each", True),
    Peer("PySD", "pysd_runs.py", "", "loaded once, a run a combination", True),
    Peer("PySD, subscripted", "pysd_runs.py", "--subscripts", "all combinations as subscripts of one model", False),
    Peer("BPTK-Py, bare engine", "bptk_rust.py", "--bare", "its private compiled module, called directly", False),
)


@dataclass(frozen=True)
class Measured:
    """Seconds to build, seconds of each run, and the outputs: share and registered by organisation, scenario, month."""

    build: float
    runs: list[float]
    outputs: np.ndarray

    @property
    def median(self) -> float:
        """Median seconds of a run."""
        return statistics.median(self.runs)

    @property
    def times(self) -> str:
        """Both, for people."""
        return (
            f"build {self.build:.3f} s, run {self.median:.4f} s ({min(self.runs):.4f} to {max(self.runs):.4f}), "
            f"of {len(self.runs)}"
        )


def trial() -> list[Row]:
    """Ours, then each neighbour: times, largest relative difference of the results, how many times longer it runs."""
    sys.path.insert(0, str(PEERS))
    from environment import NoPeersError, python

    organisations = int(os.environ.get("T4C_BENCH_ORGANISATIONS", "200"))
    ours = _measure(Path(sys.executable), "ours.py", "", organisations)
    size = f"{organisations} organisations x {SCENARIOS} scenarios, 60 months, wide DataFrame"
    rows = [Row("ours", ours.times, size), _check(ours, organisations)]
    try:
        interpreter = python()
    except NoPeersError as error:
        return [*rows, Row("neighbours", "not installed", str(error))]
    for peer in NEIGHBOURS:
        measured = _measure(interpreter, peer.script, peer.option, organisations)
        difference = _difference(ours.outputs, measured.outputs)
        verdict = "equal" if difference <= SAME else "NOT EQUAL"
        rows += [
            Row(peer.name, measured.times, peer.remark),
            Row("", f"{measured.median / ours.median:.0f} times ours", f"aim: at least {AIM}" if peer.is_held else ""),
            Row("", f"results differ by {difference:.1e}", f"relative, at most; {verdict} to {SAME:.0e}"),
        ]
    return rows


def _check(ours: Measured, organisations: int) -> Row:
    total = float(ours.outputs[..., -1].sum())
    known = CHECKS.get(organisations)
    if known is None:
        return Row("sum of outputs at step 60", f"{total:.6f}", "the case gives no figure at this size")
    verdict = "equal" if abs(total - known) <= SAME * known else "NOT EQUAL"
    return Row("sum of outputs at step 60", f"{total:.6f}", f"the case says {known:.6f}: {verdict} to {SAME:.0e}")


def _difference(first: np.ndarray, second: np.ndarray) -> float:
    scale = np.maximum(np.abs(first), np.abs(second))
    return float(np.max(np.abs(first - second) / np.where(scale > 0, scale, 1.0)))


def _measure(interpreter: Path, script: str, option: str, organisations: int) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.npy"
        words = [str(organisations), str(SCENARIOS), str(RUNS), str(result), *([option] if option else [])]
        done = subprocess.run(
            [str(interpreter), str(PEERS / script), *words], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise SystemExit(f"{script} {option} failed:\n{done.stderr}")
        times = json.loads(done.stdout.splitlines()[-1])
        return Measured(times["build"], times["runs"], np.load(result))
