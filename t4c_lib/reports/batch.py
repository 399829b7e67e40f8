"""Reports of many organisations in one run: each in a process of its own, whole or not at all, and not twice the same.

A process of its own imports what reports need, once, and draws nothing; each report is made by a forked copy of it. One
that fails, takes too long or takes too much memory costs itself alone. What was made stays, so a run that was stopped
is taken up by giving the same command again: reports whose inputs are the same are not made anew.
"""

import json
import os
import shutil
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import connection, get_all_start_methods, get_context
from pathlib import Path
from typing import Any

import pandas as pd
import psutil  # type: ignore[import-untyped]

from t4c_lib.atomic_writes import keep_to_oneself, own_folder, write_whole
from t4c_lib.disclosure import INSIDE, with_digest
from t4c_lib.disclosure.check import digest_of_file
from t4c_lib.errors import T4CError
from t4c_lib.html_templates import from_template
from t4c_lib.reports.run import MANIFEST, ReportAsked, make_report, write_manifest
from t4c_lib.store import Store

SECONDS = 300  # that a report may take
MEGABYTES = 4_000  # of memory that its process may ask for


@dataclass(frozen=True)
class ReportDone:
    """What became of one report."""

    asked: ReportAsked
    state: str  #: "made", "unchanged" or "failed"
    why: str = ""  #: of a failure
    seconds: float = 0.0  #: that it took


def run_reports(
    asked: Sequence[ReportAsked],
    out: Path,
    *,
    workers: int = 1,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
    anew: bool = False,
) -> Iterator[ReportDone]:
    """Make reports into `out/CODE`, `workers` at once, and tell of each as it is done.

    An earlier report of the same organisation and audience stays until the new one is whole. `anew` makes those too
    whose inputs are the same as those of the report that is there. Raises OSError: nothing can be written to `out`.
    """
    _clear_away(own_folder(out))
    waiting = deque[ReportAsked]()
    with Store.open() as store:
        for one in asked:
            if not anew and _is_there(one, store, out):
                yield ReportDone(one, "unchanged")
            else:
                waiting.append(one)
    running: dict[Any, _Running] = {}
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                started = _Running(waiting.popleft(), out, seconds, megabytes)
                running[started.process.sentinel] = started
            patience = min(one.ends_at for one in running.values()) - time.monotonic()
            ready = connection.wait(list(running), max(patience, 0.0))
            late = [key for key, one in running.items() if key not in ready and time.monotonic() >= one.ends_at]
            for key in [*ready, *late]:
                yield running.pop(key).done(is_late=key in late)
    finally:
        for left in running.values():
            left.give_up()


class _Running:
    """A report that is being made."""

    def __init__(self, asked: ReportAsked, out: Path, seconds: float, megabytes: int) -> None:
        self.asked, self._out, self._seconds = asked, out, seconds
        self._folder = Path(tempfile.mkdtemp(prefix=f".{asked.organisation.code}-{os.getpid()}-", dir=out))
        self._answer, there = _forking().Pipe(duplex=False)
        self._started = time.monotonic()
        self.ends_at = self._started + seconds
        given = asked, self._folder, there, megabytes, dict(os.environ)
        self.process = _forking().Process(target=_make, args=given)
        self.process.start()
        there.close()

    def done(self, *, is_late: bool) -> ReportDone:
        """Its files in their place, or why there are none."""
        taken = time.monotonic() - self._started
        if is_late:
            self.give_up()
            return ReportDone(self.asked, "failed", f"It took longer than {self._seconds:g} seconds.", taken)
        self.process.join()
        try:
            why = self._answer.recv() if self._answer.poll() else f"Its process ended (code {self.process.exitcode})."
            if not why:
                self._put_in_place()
        except (EOFError, OSError) as error:
            why = f"It can't be written: {getattr(error, 'strerror', '') or 'its process ended'}."
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)
        return ReportDone(self.asked, "failed" if why else "made", why, taken)

    def _put_in_place(self) -> None:
        """One file after the other, the manifest last: it names what belongs together."""
        folder, last = self._out / self.asked.organisation.code, self.asked.name_of(MANIFEST)
        keep_to_oneself(own_folder(folder))
        for file in sorted(self._folder.iterdir(), key=lambda one: one.name == last):
            file.replace(folder / file.name)

    def give_up(self) -> None:
        """End it, and leave nothing of it."""
        self.process.kill()
        self.process.join()
        shutil.rmtree(self._folder, ignore_errors=True)


def _forking() -> Any:
    """What starts processes: copies of one that has imported what a report needs, and keeps no threads."""
    context = get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")
    context.set_forkserver_preload(["t4c_lib.reports.run"])
    return context


def _make(asked: ReportAsked, folder: Path, answer: Any, megabytes: int, environment: dict[str, str]) -> None:
    """In the copy: make the report, and say why not where it can't be; nothing where it is made."""
    os.environ.clear()
    os.environ.update(environment)  # of now; the process that was copied has that of the first report
    try:
        with suppress(ImportError):  # Windows sets no such limits
            import resource

            resource.setrlimit(resource.RLIMIT_DATA, (megabytes * 2**20,) * 2)
        with Store.open() as store:
            make_report(asked, store, folder)
    except T4CError as error:
        answer.send(str(error))
    except OSError as error:
        answer.send(f"It can't be written: {error.strerror or error}.")
    except MemoryError:
        answer.send(f"It took more than {megabytes:,} MB of memory.")
    except Exception as error:  # noqa: BLE001  (one failure costs one report, whatever it is)
        answer.send(f"{type(error).__name__}: {error}")
    else:
        answer.send("")
    finally:
        answer.close()
        os._exit(0)  # what belongs to the run is not taken apart by its copies


def _clear_away(out: Path) -> None:
    """Remove what a run left half made that was killed."""
    for left in out.glob(".*-*-*"):
        number = left.name.split("-")[-2]
        if left.is_dir() and number.isdecimal() and not psutil.pid_exists(int(number)):
            shutil.rmtree(left, ignore_errors=True)


def _manifest(asked: ReportAsked, out: Path) -> dict[str, Any]:
    """Of the report that is there; empty where there is none, or none that is whole."""
    try:
        file = out / asked.organisation.code / asked.name_of(MANIFEST)
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _is_there(asked: ReportAsked, store: Store, out: Path) -> bool:
    found = _manifest(asked, out)
    folder = out / asked.organisation.code
    return found.get("asked") == asked.digest(store) and all((folder / name).is_file() for name in found["files"])


def write_index(done: Sequence[ReportDone], out: Path) -> None:
    """The run's own page, with search and links, and the same as a table (CSV)."""
    lines = [(one, _manifest(one.asked, out) if one.state != "failed" else {}) for one in done]
    lines.sort(key=lambda line: line[0].asked.organisation.name)
    page = from_template("reports/index.html.j2", "index", lines, INSIDE)
    write_whole(out / "index.html", with_digest(page).encode())
    rows = [
        {
            "Code": one.asked.organisation.code,
            "Organisation": one.asked.organisation.name,
            "Type": one.asked.organisation.type,
            "Report": one.state,
            "Why not": one.why,
            **{name.capitalize(): said for name, said in found.get("summary", {}).items()},
        }
        for one, found in lines
    ]
    table = out / "reports.csv"
    write_whole(table, pd.DataFrame(rows).to_csv(index=False).encode("utf-8-sig"))
    audience = done[0].asked.audience if done else ""
    write_manifest(out / MANIFEST, {"audience": audience, "files": {table.name: digest_of_file(table)}})


def run_and_tell(
    asked: Sequence[ReportAsked],
    out: Path,
    step: Callable[[str, float], None],
    told: Callable[[ReportDone], None],
    **how: Any,
) -> list[ReportDone]:
    """Run them, say how far the run is and how long it will take, and write its page."""
    done: list[ReportDone] = []
    started = time.monotonic()
    for one in run_reports(asked, out, **how):
        done.append(one)
        made = sum(other.state != "unchanged" for other in done)
        left = (time.monotonic() - started) / made * (len(asked) - len(done)) if made else 0.0
        step(f"{len(done)} of {len(asked)} reports, about {left / 60:.0f} min left", len(done) / len(asked))
        told(one)
    write_index(done, out)
    return done
