"""Five thousand files with something wrong, each read in a process of its own: its answer, its time, its memory."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import tempfile
from collections import Counter
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from benchmarks.table import Row
from t4c_lib.evidence import read_files
from t4c_lib.store import Store
from tests.evidence.mutated_files import LOADED, REFUSED, SEED, Mutated, mutated_files, verdict
from tests.evidence.originals import originals
from tests.samples import MUTATED_FILES

HEAVY_EVERY = 100
WORKERS = min(2, os.cpu_count() or 1)  # two heavy files at once are within a laptop's memory
MOST_SECONDS, MOST_BYTES = 30, 2_000_000_000
_MOST_ADDRESSES = 12_000_000_000  # a last line of defence: what is addressed is far more than what is in memory


@dataclass(frozen=True)
class Judged:
    """What became of one file: the verdict, seconds of work, and the most memory its process had, in bytes.

    Work is the processor's time in all threads, the store's and the judge's too: what else the machine does is no
    defect of a reader, and on an idle one the clock shows no more.
    """

    name: str
    verdict: str
    seconds: float
    memory: int


def trial() -> list[Row]:
    """Judge every file."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        _warm_up(work)
        with get_context("fork").Pool(WORKERS) as pool:
            judged = [one for some in pool.starmap(_share, [(work, which) for which in range(WORKERS)]) for one in some]
    counts = Counter(one.verdict if one.verdict in {LOADED, REFUSED} else "else" for one in judged)
    rest = [f"{one.name}: {one.verdict[:150]}" for one in judged if one.verdict not in {LOADED, REFUSED}]
    longest, largest = max(judged, key=lambda one: one.seconds), max(judged, key=lambda one: one.memory)
    return [
        Row(
            "files with something wrong", f"{len(judged):,}", f"seed {SEED}; every {HEAVY_EVERY}th made to fill memory"
        ),
        Row("refused, nothing of it in the store", f"{counts[REFUSED]:,}"),
        Row(
            "loaded whole",
            f"{counts[LOADED]:,}",
            "what is wrong is none of the reader's matter: another number, a mark",
        ),
        Row("anything else", f"{counts['else']:,}", "; ".join(rest)[:3000] or "none, as it must be"),
        Row("longest", f"{longest.seconds:.1f} s", f"of processor time, aim: at most {MOST_SECONDS} s; {longest.name}"),
        Row("most memory", f"{largest.memory / 1e9:.2f} GB", f"aim: at most {MOST_BYTES / 1e9:.0f} GB; {largest.name}"),
    ]


def _share(work: Path, which: int) -> list[Judged]:
    """Judge every file that falls to one of the workers, each in a folder of its own."""
    own = work / f"worker {which}"
    own.mkdir()
    shutil.copy(work / "empty.sqlite", own)
    mutated = mutated_files(MUTATED_FILES.whole, SEED, HEAVY_EVERY)
    return [_judge(one, own) for number, one in enumerate(mutated) if number % WORKERS == which]


def _warm_up(work: Path) -> None:
    """Everything is imported, and an empty store made, before the first process is forked."""
    with Store.open(work / "empty.sqlite") as store:
        for original in originals():
            path = work / original.name
            path.write_bytes(original.content)
            store.sources()
            if original.is_workbook:  # tables would start threads, which a fork doesn't take along
                read_files([path])


def _judge(mutated: Mutated, work: Path) -> Judged:
    """In a fork, which a signal ends when it takes too long."""
    answer = work / "answer.txt"
    answer.unlink(missing_ok=True)
    child = os.fork()
    if not child:
        _in_child(mutated, work, answer)
    _, status, usage = os.wait4(child, 0)
    taken = usage.ru_utime + usage.ru_stime
    told = answer.read_text(encoding="utf-8") if answer.is_file() else f"was ended by signal {os.WTERMSIG(status)}"
    memory = usage.ru_maxrss * 1024
    if told in {LOADED, REFUSED} and (taken > MOST_SECONDS or memory > MOST_BYTES):
        told = f"{told}, but took {taken:.1f} s and {memory / 1e9:.2f} GB"
    return Judged(mutated.name, told, taken, memory)


def _in_child(mutated: Mutated, work: Path, answer: Path) -> None:
    try:
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_ADDRESSES, _MOST_ADDRESSES))
        signal.alarm(10 * MOST_SECONDS)
        own = Path(tempfile.mkdtemp(dir=work))
        shutil.copy(work / "empty.sqlite", own / "store.sqlite")
        with Store.open(own / "store.sqlite") as store:
            told = verdict(mutated, own, store)
        shutil.rmtree(own)
    except BaseException as error:  # noqa: BLE001  (a child must not go on as if it were the parent)
        told = f"broke off with {type(error).__name__}: {error}"
    answer.write_text(told, encoding="utf-8")
    os._exit(0)
