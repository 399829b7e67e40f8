"""One report of one organisation, in every format: run by papermill, written, and made again from its inputs."""

import hashlib
import json
import re
import tempfile
import time
from collections.abc import Iterator, Mapping
from enum import StrEnum
from importlib.metadata import version
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import pandas as pd
import papermill
from pydantic import RootModel

from t4c_lib.charts.renderer import DRAWINGS
from t4c_lib.disclosure import INSIDE, Audience, digest_of_text
from t4c_lib.disclosure.check import digest_of_file, digest_of_notebook
from t4c_lib.documents import word_paper
from t4c_lib.documents.board_paper import board_paper
from t4c_lib.documents.plan_in_word_and_excel import Percentage, plan_file, plan_workbook
from t4c_lib.errors import InputError, T4CError
from t4c_lib.evidence import Organisation
from t4c_lib.filesystem import FIGURES, keep_to_oneself, own_folder, shipped, variable_set, write_whole
from t4c_lib.framework import MeasureKind, catalogue
from t4c_lib.parameters import own_assumptions
from t4c_lib.periods import Day, today
from t4c_lib.plan import MeasureRow
from t4c_lib.plan.partnership.papers import pledge_paper
from t4c_lib.progress import provenance_table
from t4c_lib.progress.figures import amount_size
from t4c_lib.reports.engine import NotebookShell
from t4c_lib.reports.trust import TrustReport
from t4c_lib.sections import page_of
from t4c_lib.sections.figure_sections import what_it_rests_on
from t4c_lib.sections.row_view import RowView
from t4c_lib.store import Store
from t4c_lib.store.engine import DATABASE_URL
from t4c_lib.validation_messages import read_shipped
from t4c_lib.whatif.outcomes_and_odds import LEAST_STATED
from t4c_lib.whatif.rates import DEFAULT_SEED

NOTEBOOK = shipped("workbooks") / "trust_report.ipynb"
MANIFEST, INPUTS = "manifest.json", "inputs"
EVIDENCE = read_shipped(RootModel[dict[str, str]], __package__, "evidence_columns.yaml").root
VERSION = version("talent-for-care-workbook")


class Format(StrEnum):
    """What a report is written as."""

    HTML = "html"  #: the report as a page, and its notebook
    PDF = "pdf"  #: the board paper
    WORD = "docx"  #: plan, pledge and, inside the forum, minutes of the last meeting
    EXCEL = "xlsx"  #: the plan, with measures, figures and assumptions


class ReportError(T4CError):
    """A report that could not be made; the message says in which cell it stopped."""


class ReportAsked(NamedTuple):
    """What is to be made."""

    organisation: Organisation
    audience: Audience = Audience.PUBLISHED
    formats: tuple[Format, ...] = (Format.HTML,)
    as_of: str = ""  #: the day it is for, as 2026-03-31; today if empty
    since: str = ""  #: the earlier day that it is compared with; the last one with decisions if empty
    scenario: str = ""  #: the name of one whose chances stand beside the plan's; inside the forum only
    notebook: Path = NOTEBOOK
    state: str = ""  #: what it rests on, as a digest, before it was made: what is saved meanwhile may not stand in it

    def name_of(self, name: str) -> str:
        """What a file is called: an exact one can't be taken for a published one, nor replace it."""
        stem, _, ending = name.rpartition(".")
        return name if self.audience is Audience.PUBLISHED else f"{stem}{INSIDE}.{ending}"

    def as_of_now(self, store: Store) -> "ReportAsked":
        """The same with the digest of all that it depends on; another after a save, a day, a change of the program."""
        notebook = digest_of_file(self.notebook)
        asked = self.audience, sorted(self.formats), self.as_of or str(today()), self.since, self.scenario, notebook
        said = (*asked, VERSION, *store.state(self.organisation.code)[1:])
        return self._replace(state=hashlib.sha256(repr(said).encode()).hexdigest())


def make_report(asked: ReportAsked, store: Store, folder: Path) -> None:
    """Write a report's files into a folder, the manifest last.

    It runs the notebook in this process, which should be a copy made for it: what the notebook changes stays. Raises
    ReportError: a cell failed. OSError: a file can't be written.
    """
    started = time.perf_counter()
    report = _executed(asked, folder)
    taken = {Format.HTML: time.perf_counter() - started}
    for kind, name, content in _papers(report, store, asked):
        started = time.perf_counter()
        (folder / asked.name_of(name)).write_bytes(content())
        taken[kind] = taken.get(kind, 0.0) + time.perf_counter() - started
    if asked.audience is Audience.FORUM and len(asked.formats) == len(Format):
        store.backup(folder / asked.name_of(f"{INPUTS}.t4c"), only=store.needed_for(asked.organisation.code))
    for file in folder.iterdir():
        keep_to_oneself(file)
    manifest = {
        "organisation": asked.organisation.code,
        "audience": asked.audience,
        "as_of": str(report.home.day),
        "since": str(report.board.since or ""),
        "scenario": asked.scenario,
        "formats": asked.formats,
        "revision": report.home.revision.revision if report.home.revision else None,
        "version": VERSION,
        "seed": DEFAULT_SEED,
        "own_assumptions": own_assumptions(asked.organisation.code) is not None,
        "asked": asked.state,
        "files": {file.name: digest_of_file(file) for file in sorted(folder.iterdir())},
        "seconds": {kind: round(seconds, 3) for kind, seconds in taken.items()},
        "summary": _summary(report),
    }
    write_manifest(folder / asked.name_of(MANIFEST), manifest)
    if report.worked_out is not None:
        report.worked_out.once("drawings", len(DRAWINGS), DRAWINGS.copy)
        report.worked_out.keep()


def write_manifest(file: Path, said: dict[str, Any]) -> None:
    """What a folder holds, with its own digest, so that a change made later shows."""
    digest = digest_of_text(json.dumps(said, sort_keys=True))
    write_whole(file, json.dumps({**said, "digest": digest}, indent=1).encode())


def _executed(asked: ReportAsked, folder: Path) -> TrustReport:
    """Run the notebook, write it and its page, and give the report that its cells showed."""
    given = {"organisation": asked.organisation.code, "audience": str(asked.audience)}
    more = {"as_of": asked.as_of, "since": asked.since, "scenario": asked.scenario}
    given |= {name: value for name, value in more.items() if value}
    file, shell = folder / asked.name_of("report.ipynb"), NotebookShell()
    try:
        how: dict[str, Any] = {"engine_name": "t4c", "shell": shell, "progress_bar": False, "log_output": False}
        executed = papermill.execute_notebook(str(asked.notebook), None, parameters=given, **how)
    except papermill.PapermillExecutionError as failed:
        where = f"The report of {asked.organisation.code} stopped in cell {failed.exec_count}"
        raise ReportError(f"{where}: {failed.ename}: {failed.evalue}") from None
    report: TrustReport = shell.names["report"]
    _finished(executed, file)
    one = asked.organisation
    title = f"{one.name}: where the pledge stands"
    # What the cells showed, in their order; text that a cell printed is left out.
    outputs = (output for cell in executed.cells for output in cell.get("outputs", ()))
    body = "".join(output["data"].get("text/html", "") for output in outputs if "data" in output)
    page = page_of(body, title=title, demonstration=one.demonstration, audience=asked.audience)
    (folder / asked.name_of("report.html")).write_text(page, encoding="utf-8")
    return report


def _finished(executed: Any, file: Path) -> None:
    """Write the notebook with its digest, and without the folders of this machine."""
    executed.metadata.papermill["input_path"] = Path(executed.metadata.papermill["input_path"]).name
    executed.metadata.papermill["output_path"] = file.name
    as_in_a_file = json.loads(nbformat.writes(executed))  # type: ignore[no-untyped-call]
    executed.metadata["t4c"] = {**executed.metadata.get("t4c", {}), "digest": digest_of_notebook(as_in_a_file)}
    file.write_text(nbformat.writes(executed), encoding="utf-8")  # type: ignore[no-untyped-call]


def _papers(report: TrustReport, store: Store, asked: ReportAsked) -> Iterator[tuple[Format, str, Any]]:
    """The other files that are asked for: format, name, and what makes the content."""
    home, one = report.home, asked.organisation
    plan, saved = home.plan, home.revision
    if Format.PDF in asked.formats and plan is not None:
        yield Format.PDF, "board-paper.pdf", lambda: board_paper(report.board)
    if Format.WORD in asked.formats:
        if saved is not None:
            shown = plan if asked.audience is Audience.PUBLISHED else None
            yield Format.WORD, "action-plan.docx", lambda: plan_file(".docx", saved, one.title, shown)
        if (pledge := home.record.pledge) is not None:
            yield Format.WORD, "pledge.docx", lambda: word_paper(pledge_paper(pledge, asked.audience))
        days = store.decision_days(one.code)
        if days and asked.audience is Audience.FORUM:
            yield Format.WORD, "minutes.docx", lambda: word_paper(store.minutes(one.code, days[-1], None).paper)
    if Format.EXCEL in asked.formats and plan is not None and saved is not None:
        title = f"Action plan of {one.title}. {asked.audience.marking}"
        yield Format.EXCEL, "plan.xlsx", lambda: plan_workbook(plan, saved.revision, title, _tables(report))


def _tables(report: TrustReport) -> Mapping[str, pd.DataFrame]:
    """What stands beside the plan in its workbook: measures, figures with their sources, assumptions."""
    views = dict.fromkeys((*report.board.targets, *(one for one in report.board.table.views if one.counts)))
    measures = [_measure(one, one.row) for one in views if isinstance(one.row, MeasureRow)]
    home, names = report.home, {one.key: one.name for one in catalogue().measures}
    table = provenance_table(home.public or home.observations, home.sources)
    words = {keys: "; ".join(names[key] for key in keys.split()) for keys in table["measures"].unique()}
    known = table.assign(measures=table["measures"].map(words).where(table["measures"] != "", table["series"]))
    evidence = known[[*EVIDENCE]].rename(columns=EVIDENCE).dropna(axis=1, how="all")
    found = {"Measures": pd.DataFrame(measures, dtype=object), "Evidence": evidence}
    found = {name: one for name, one in found.items() if len(one.columns)}
    if home.public is None and not isinstance(home.what_if, str):
        found["Assumptions"] = pd.DataFrame(what_it_rests_on(home.what_if.start).table)
    return found


def _measure(view: RowView, row: MeasureRow) -> dict[str, object]:
    """A measure by column, its figures as numbers and as exact as pages show them."""
    unit = "percentage points apart" if row.is_closer else "per cent" if row.what.kind.is_divided else "number"
    of_kind = Percentage if unit == "per cent" else float

    def size(value: float | None, decimals: int = 1) -> float | None:
        return None if value is None else of_kind(amount_size(row, value, decimals))

    one, chance = view.progress, view.progress.chance or 0.0  # what is beyond the ends is said in words
    found: dict[str, object] = {"Mark": view.code, "Measure": view.name, "Of whom": view.people, "Unit": unit}
    found |= {"Latest": size(one.latest.value if one.latest else None), "Period": view.latest[1]}
    found["Planned by then"] = size(one.planned, 0 if row.what.kind is MeasureKind.COUNT else 1)
    found |= {"Target": size(one.trajectory.target if one.trajectory else None), "Due": view.due, "Status": view.status}
    is_stated = LEAST_STATED <= chance <= 1 - LEAST_STATED
    return found | {"Chance": Percentage(round(chance * 100) / 100) if is_stated else view.chance}


def _summary(report: TrustReport) -> dict[str, str]:
    table = report.board.table
    counted = {str(word): str(table.whole[("Targets", word)]) for word in table.columns["Targets"]}
    if report.home.plan is None:  # whose it is stands beside it
        return {"finding": f"No plan on {Day(report.home.day).label}", "rows agreed": ""}
    return {"finding": report.board.sentence, "rows agreed": str(table.agreed), **counted}


# Made again from its inputs


def verify(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Make the reports of an organisation's folder, or of all in a run's, again from their inputs, and compare them.

    For each, the name of its page and the first lines that differ, none where every figure is the same; and files that
    are not as they were made. Raises InputError: no report with its inputs is there, or one that another version made.
    """
    for one in (inside := sorted(file.parent for file in folder.glob(f"*/{INPUTS}{INSIDE}.t4c"))):
        yield from ((f"{one.name}/{name}", differences) for name, differences in verify(one))
    if inside:
        return
    kept = folder / f"{INPUTS}{INSIDE}.t4c"
    manifests = sorted(folder.glob("manifest*.json"))
    if not kept.is_file() or not manifests:
        words = "holds no report with its inputs."
        how = "t4c report CODE --out FOLDER --audience forum --formats all keeps them, beside exact reports only."
        raise InputError.of(str(folder), words, how)
    with (
        tempfile.TemporaryDirectory(prefix="t4c-verify-") as name,
        variable_set(DATABASE_URL, f"sqlite:///{Path(name) / 'inputs.sqlite'}"),  # which notebooks open, too
        variable_set(FIGURES, ""),  # from the inputs alone
        Store.open() as store,
    ):
        store.restore(kept)
        for file in manifests:
            said = json.loads(file.read_text(encoding="utf-8"))
            if said["version"] != VERSION:
                raise InputError.of(str(file), f"was made by version {said['version']} of the program.")
            found = store.organisation(said["organisation"])
            of = (said["as_of"], said["since"], said.get("scenario", ""))
            asked = ReportAsked(found, Audience(said["audience"]), (), *of)
            for other, digest in said["files"].items():
                if not (folder / other).is_file() or digest_of_file(folder / other) != digest:
                    yield other, ["it is not there, or not as it was made"]
            page = asked.name_of("report.html")
            again = own_folder(Path(name) / page)
            _executed(asked, again)
            yield page, _differences(folder / page, again / page)


def _differences(before: Path, now: Path) -> list[str]:
    then, again = (_lines(file.read_text(encoding="utf-8")) for file in (before, now))
    pairs = zip_longest(then, again, fillvalue="nothing")
    return [f"it said '{was}', and says '{one}'" for was, one in pairs if was != one][:5]


def _lines(page: str) -> list[str]:
    """What a page says, its drawings included, without its style and its digest."""
    bare = re.sub(r"<(style|head)\b.*?</\1>", "", page, flags=re.DOTALL)
    return [" ".join(one.split()) for one in re.split(r"<[^>]+>", bare) if one.strip()]
