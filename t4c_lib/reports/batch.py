"""Reports of many organisations in one run: each in a process of its own, whole or not at all, and not twice the same.

A process of its own imports what reports need, once; each report is made by a forked copy of it. One
that fails, takes too long or takes too much memory costs itself alone. What was made stays, so a run that was stopped
is taken up by giving the same command again: reports whose inputs are the same are not made anew. Beyond one machine
the same command is run by the workers of a Dask cluster, out of a backup that goes along.
"""

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from pebble import CONSTS, ProcessExpired, ProcessPool

from t4c_lib.charts.renderer import shared_renderer
from t4c_lib.disclosure import INSIDE, Audience, with_digest
from t4c_lib.disclosure.check import digest_of_file
from t4c_lib.errors import InputError, T4CError
from t4c_lib.evidence import Organisation
from t4c_lib.filesystem import FIGURES, clear_away, keep_to_oneself, own_folder, write_whole
from t4c_lib.html_templates import from_template
from t4c_lib.parameters.assumption import OWN_PARAMETERS, own_files
from t4c_lib.periods import Day, today
from t4c_lib.quantities import count_of
from t4c_lib.reports.run import INPUTS, MANIFEST, NOTEBOOK, VERSION, ReportAsked, make_report, write_manifest
from t4c_lib.sections.comparison import type_words
from t4c_lib.sections.row_view import GROUPS
from t4c_lib.store import Store
from t4c_lib.store.engine import DATABASE_URL, figures_folder

SECONDS = 300  # that a report may take
MEGABYTES = 4_000  # of memory that its process may ask for
PATIENCE = 10  # seconds in which a cluster answers
SUMMARY = ("finding", "rows agreed", *GROUPS["Targets"])  # what the table has of each report, in this order
LEFT = ".*-*-*"  # what a run may leave half made that is killed
CONSTS.sleep_unit = 0.01  # seconds after which the pool starts the next copy: a tenth is a quarter of a report


class ReportDone(NamedTuple):
    """What became of one report."""

    asked: ReportAsked
    state: str  #: "made", "unchanged" or "failed"; "earlier" by a run before
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
    scheduler: str = "",
) -> Iterator[ReportDone]:
    """Make reports into `out/CODE`, `workers` at once, and tell of each as it is done.

    An earlier report of the same organisation and audience stays until the new one is whole. `anew` makes those too
    whose inputs are the same as those of the report that is there. `scheduler` is the address of a Dask cluster that
    makes them instead of this machine. Raises OSError: `out` can't be written. InputError: the cluster isn't there, or
    `out` holds reports for another audience.
    """
    if others := {said["audience"] for said in reports_in(out) if asked} - {one.audience for one in asked}:
        there, own = ("published", "exact") if Audience.PUBLISHED in others else ("exact", "published")
        hint = f"{own.capitalize()} ones need a folder of their own: --out {out}-{asked[0].audience}."
        raise InputError.of("--out", f"{out} holds {there} reports.", hint)
    clear_away(own_folder(out), LEFT)
    waiting = []
    with Store.open() as store:
        if store.people() is not None:
            store.audit.record("exported", detail=f"reports, {count_of(len(asked), 'organisations')}")
        for one in asked:
            of_now = one.as_of_now(store)
            if not anew and _is_there(of_now, out):
                yield ReportDone(one, "unchanged")
            else:
                waiting.append(of_now)
    here = workers, seconds, megabytes
    yield from _made_elsewhere(waiting, out, scheduler) if scheduler else _made_here(waiting, out, *here)


def _made_here(
    asked: Sequence[ReportAsked], out: Path, workers: int, seconds: float, megabytes: int, **environment: str
) -> Iterator[ReportDone]:
    # Copies of a process that has imported what a report needs, and keeps no threads.
    context: Any = get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")
    context.set_forkserver_preload(["t4c_lib.reports.preloaded"])
    with shared_renderer():
        pool = ProcessPool(workers, max_tasks=1, context=context)
        try:
            given = out, megabytes, {FIGURES: figures_folder(), **os.environ, **environment}
            running: dict[Future[Any], ReportAsked]
            running = {pool.schedule(_make, args=[one, *given], timeout=seconds): one for one in asked}
            for future in as_completed(running):
                why, taken = "", seconds
                try:
                    why, taken = future.result()
                except (ProcessExpired, BrokenProcessPool) as ended:
                    why = f"Its process ended (code {getattr(ended, 'exitcode', 'unknown')})."
                except TimeoutError:
                    why = f"It took longer than {seconds:g} seconds."
                yield ReportDone(running[future], "failed" if why else "made", why, taken)
        finally:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()
            clear_away(out, LEFT)


def _make(asked: ReportAsked, out: Path, megabytes: int, environment: dict[str, str]) -> tuple[str, float]:
    """In the copy: make the report and put it in its place. Gives why it can't be, or nothing, and the seconds."""
    os.environ.clear()
    os.environ.update(environment)  # of now; the process that was copied has that of the first report
    started, why = time.monotonic(), ""
    try:
        with _folder_for(asked, out) as folder, Store.open() as store, _limited(megabytes):
            make_report(asked, store, Path(folder))
            _put_in_place(asked, Path(folder), out)
    except T4CError as error:
        why = str(error)
    except OSError as error:
        why = f"It can't be written: {error.strerror or error}."
    except (MemoryError, SystemError):  # the latter where none is left for an error either
        why = f"It took more than {megabytes:,} MB of memory."
    except Exception as error:  # noqa: BLE001  (one failure costs one report, whatever it is)
        why = f"{type(error).__name__}: {error}"
    return why, time.monotonic() - started


@contextmanager
def _limited(megabytes: int) -> Iterator[None]:
    """So much memory meanwhile, and not when it is told why that was too little; Windows sets no such limits."""
    with ExitStack() as then:
        with suppress(ImportError):
            import resource

            soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
            then.callback(resource.setrlimit, resource.RLIMIT_DATA, (soft, hard))
            resource.setrlimit(resource.RLIMIT_DATA, (megabytes * 2**20, hard))
        yield


def _folder_for(asked: ReportAsked, out: Path) -> "tempfile.TemporaryDirectory[str]":
    """A folder beside the report's place for what is half made; whose process is gone, the next run removes."""
    prefix = f".{asked.organisation.code}-{os.getpid()}-"
    return tempfile.TemporaryDirectory(prefix=prefix, dir=out, ignore_cleanup_errors=True)


def _put_in_place(asked: ReportAsked, made: Path, out: Path) -> None:
    """One file after the other, the manifest last: it names what belongs together."""
    folder, last = out / asked.organisation.code, asked.name_of(MANIFEST)
    keep_to_oneself(own_folder(folder))
    for file in sorted(made.iterdir(), key=lambda one: one.name == last):
        file.replace(folder / file.name)


def _made_elsewhere(asked: Sequence[ReportAsked], out: Path, scheduler: str) -> Iterator[ReportDone]:
    """By the workers of a Dask cluster, inputs and files to and fro; a lost worker's report goes to another one."""
    distributed: Any = import_module("distributed")
    try:
        client = distributed.Client(scheduler, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        how = "Start it with 'dask scheduler', and workers with 'dask worker ADDRESS --no-nanny'."
        raise InputError.of("--scheduler", f"'{scheduler}' can't be reached: {error}.", how) from None
    with client, Store.open() as store:
        running = {client.submit(make_from_inputs, one, _inputs(one, store), VERSION, pure=False): one for one in asked}
        for future in distributed.as_completed(running):
            one, lost = running[future], str(future.exception() or "")
            why, taken, files = (lost, 0.0, {}) if lost else future.result()
            if not why:
                with _folder_for(one, out) as folder:
                    for name, content in files.items():
                        Path(folder, name).write_bytes(content)
                    _put_in_place(one, Path(folder), out)
            yield ReportDone(one, "failed" if why else "made", why, taken)


def _inputs(asked: ReportAsked, store: Store) -> dict[str, bytes]:
    """What a report rests on, by file: a backup of the organisation, and its own assumptions and scenarios."""
    code = asked.organisation.code
    with tempfile.TemporaryDirectory() as name:
        store.backup(kept := Path(name) / INPUTS, only=store.needed_for(code))
        return {INPUTS: kept.read_bytes(), **{file.name: file.read_bytes() for file in own_files(code)}}


def make_from_inputs(asked: ReportAsked, inputs: Mapping[str, bytes], by: str) -> tuple[str, float, dict[str, bytes]]:
    """On another machine, by a version: a report out of what came along. Gives why not, the seconds, and its files."""
    if by != VERSION:
        return f"The worker has version {VERSION} of the program, and this machine {by}.", 0.0, {}
    with tempfile.TemporaryDirectory(prefix="t4c-") as name:
        place, store = Path(name), Path(name) / "store.sqlite"
        for file, content in inputs.items():
            (place / file).write_bytes(content)
        with Store.open(store) as opened:
            opened.restore(place / INPUTS)
        environment = {DATABASE_URL: f"sqlite:///{store}", OWN_PARAMETERS: name, FIGURES: ""}
        mine, out = asked._replace(notebook=NOTEBOOK), own_folder(place / "out")
        (done,) = _made_here([mine], out, 1, SECONDS, MEGABYTES, **environment)
        files = (out / asked.organisation.code).glob("*")
        return done.why, done.seconds, {file.name: file.read_bytes() for file in files}


def reports_in(out: Path, code: str = "*") -> Iterator[dict[str, Any]]:
    """The manifests of the reports that lie in a folder, of all or of one organisation; none that isn't whole."""
    for file in sorted(out.glob(f"{code}/manifest*.json")):
        with suppress(OSError, ValueError):
            said = json.loads(file.read_text(encoding="utf-8"))
            if said.get("organisation") == file.parent.name:
                yield said


def _is_there(asked: ReportAsked, out: Path) -> bool:
    folder = out / asked.organisation.code
    found = [said["files"] for said in reports_in(out, folder.name) if said.get("asked") == asked.state]
    return any(all((folder / name).is_file() for name in files) for files in found)


def write_index(done: Sequence[ReportDone], out: Path) -> None:
    """The folder's page, of this run's reports and earlier ones, the same as a table (CSV), and its manifest."""
    there = {said["organisation"]: said for said in reports_in(out)}
    with Store.open() as store:
        audit, known = store.audit.written_down(), {one.code: one for one in store.organisations()}
    each = {one.asked.organisation.code: one for one in done}
    for code, said in there.items():
        asked = ReportAsked(known.get(code) or Organisation(code, code), Audience(said["audience"]))
        each.setdefault(code, ReportDone(asked, "earlier"))
    lines = [(one, there.get(code, {})) for code, one in each.items()]
    lines.sort(key=lambda line: line[0].asked.organisation.name)
    page = from_template("reports/index.html.j2", "index", lines, INSIDE, Day(today()).label, type_words)
    write_whole(out / "index.html", with_digest(page).encode())
    rows = []
    for one, found in lines:
        of, plan = one.asked.organisation, "yes" if found.get("revision") else "no" if found else ""
        row = [of.code, of.name, type_words(of.type, 1), one.state, one.why, found.get("as_of"), plan]
        rows.append([*row, *(found.get("summary", {}).get(name) for name in SUMMARY)])
    heads = ["Code", "Organisation", "Type", "Report", "Why not", "Day", "Has a plan", *map(str.capitalize, SUMMARY)]
    table = out / "reports.csv"
    write_whole(table, pd.DataFrame(rows, columns=heads).to_csv(index=False).encode("utf-8-sig"))
    audience = lines[0][0].asked.audience if lines else ""
    files = {table.name: digest_of_file(table)}
    write_manifest(out / MANIFEST, {"audience": audience, "audit": audit, "files": files})


def run_and_tell(
    asked: Sequence[ReportAsked],
    out: Path,
    step: Callable[[str, float], None],
    told: Callable[[ReportDone], None],
    **how: Any,
) -> list[ReportDone]:
    """Run them, say how far the run is and how long it will take, and write its page."""
    done, started = list[ReportDone](), time.monotonic()
    for one in run_reports(asked, out, **how):
        done.append(one)
        made = sum(other.state != "unchanged" for other in done)
        left = (time.monotonic() - started) / made * (len(asked) - len(done)) if made else 0.0
        step(f"{len(done)} of {len(asked)} reports, about {left / 60:.0f} min left", len(done) / len(asked))
        told(one)
    write_index(done, out)
    return done
