"""Gathers what every surface says of an organisation: page, Board, report, commands and check of the plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from unittest.mock import patch

from t4c_lib.periods import today
from t4c_lib.plan import Plan
from t4c_lib.store import Store
from tests.one_truth.board_read import BoardReader, board_html
from tests.one_truth.forum_read import ForumReader, page_html
from tests.one_truth.lines_read import AgreementReader, CheckReader, EvidenceReader, StatusReader, WhatIfReader
from tests.one_truth.reading import Names, Reader, figures_in
from tests.one_truth.report_read import ReportReader
from tests.one_truth.sections_read import SectionReader
from tests.one_truth.statements import Statement, compared, differences
from tests.one_truth.surfaces import Piece, command, html_pieces, report_html

SURFACES = ("page", "board", "report", "status", "whatif", "evidence", "check", "agreement", "minutes")
FIRST_DAY = "2025-01-01"  # before anything was agreed
KEPT_SIZE = "the X with the size kept"
WITH_SIZE_KEPT = "DEMO-SC"  # solving takes seconds, and the other organisations are asked in the same way
MADE_OF_HTML: dict[str, type[SectionReader]] = {"page": ForumReader, "board": BoardReader, "report": ReportReader}
Texts = dict[str, str]  # what each surface shows, by surface or "surface, which of its texts"


@dataclass(frozen=True)
class Gathered:
    """What was read of one organisation.

    Attributes:
        statements: everything said.
        unread: by surface, pieces with a figure that nothing is keyed for.
        figures: by surface, how many figures stand on it.
    """

    statements: tuple[Statement, ...]
    unread: Mapping[str, tuple[Piece, ...]]
    figures: Mapping[str, int]


def summary(gathered: Sequence[Gathered]) -> str:
    """How much was read and compared, surface by surface, in a few lines."""
    statements = [one for some in gathered for one in some.statements]
    beside = compared(statements)
    keys = len({one.key for one in beside})
    lines = [
        f"{len(gathered)} organisations: {len(statements):,} figures and words read, {len(beside):,} of them compared "
        f"under {keys:,} keys of measure, date and population, {len(differences(statements))} of which differ"
    ]
    for surface in SURFACES:
        said, together = (sum(one.surface == surface for one in some) for some in (statements, beside))
        figures = sum(one.figures[surface] for one in gathered)
        unread = sum(figures_in(piece) for one in gathered for piece in one.unread[surface])
        lines.append(
            f"  {surface}: {said:,} read, {together:,} compared; {unread:,} of its {figures:,} figures are not keyed"
        )
    return "\n".join(lines)


def texts_of(store: Store, code: str, as_of: dt.date) -> Texts:
    """Each surface's text as a person gets it."""
    day = as_of.isoformat()
    # Plans of which nothing else is told were saved today, which may be after the day of the figures: report and
    # commands take the plan that holds now, and so do the pages here.
    with patch.object(Store, "plan_on", lambda self, of, _day: self.latest_plan(of)):
        pages = {"page": page_html(store, code, as_of), "board": board_html(store, code, as_of)}
    texts = pages | {
        "report": report_html(store, code, as_of),
        "status": command("progress", "status", code, "--as-of", day),
        "status, chances": command("progress", "status", code, "--as-of", day, "--chances"),
        "status, reminders": command("progress", "reminders", code, "--as-of", day),
        "whatif": command("whatif", code, "--rests-on"),
        "evidence": command("evidence", "show", code),
        "check": command("plan", "check", code),
        "agreement": command("agreement", "show", code),
        "agreement, pledge": command("pledge", "show", code),
        "minutes": command("minutes", code, FIRST_DAY, "--until", max(as_of, today()).isoformat()),
    }
    return texts | {f"whatif, {name}": command("whatif", code, *words) for name, words in _asked(store, code).items()}


def _asked(store: Store, code: str) -> dict[str, tuple[str, ...]]:
    """The plan's own X put to the what-if; without one, the whole workforce."""
    plan = plan_of(store, code)
    for target in plan.targets if plan else ():
        if (target.measure, target.population) == ("young-share", "trust workforce"):
            goal = f"to {target.goal * 100:.8g}%"
            nothing = ("--odds", "--scenario", "Doing nothing")
            solved = ("--of", "all", "--solve", goal, "--by", str(target.due))
            asked: dict[str, tuple[str, ...]] = {"the X": (*solved, *nothing)}
            if code == WITH_SIZE_KEPT:
                # Only what is expected is compared here: ten draws are enough for the column of chances.
                kept = ("--keep-size", "--draws", "10", "--scenario", "Doing nothing")
                asked[KEPT_SIZE] = (*solved, *kept)
            return asked
    return {"all staff": ("--of", "all")}


def read_surface(surface: str, names: Names, texts: Texts) -> Reader:
    """What one of the surfaces says."""
    if surface in MADE_OF_HTML:
        sections = MADE_OF_HTML[surface](surface, names)
        sections.read_all(html_pieces(texts[surface]))
        return sections
    if surface == "status":
        status = StatusReader(surface, names)
        status.read_status(texts["status"])
        status.read_status(texts["status, chances"], chances=True)
        status.read_reminders(texts["status, reminders"])
        return status
    if surface == "whatif":
        whatif = WhatIfReader(surface, names)
        for name, text in texts.items():
            if name.startswith("whatif"):
                whatif.read_whatif(text, keeps_size=name.endswith(KEPT_SIZE))
        return whatif
    if surface == "evidence":
        evidence = EvidenceReader(surface, names)
        evidence.read_evidence(texts[surface])
        return evidence
    if surface in {"agreement", "minutes"}:
        agreement = AgreementReader(surface, names)
        if surface == "minutes":
            agreement.read_minutes(texts["minutes"])
        else:
            agreement.read_agreement(texts["agreement"])
            agreement.read_agreement(texts["agreement, pledge"].partition("\n\n")[0])  # below it stands the wording
        return agreement
    check = CheckReader(surface, names)
    check.read_check(texts[surface])
    return check


def read(code: str, plan: Plan | None, texts: Texts) -> Gathered:
    """The statements in the texts of one organisation."""
    readers = [read_surface(surface, Names.of(code, plan), texts) for surface in SURFACES]
    return Gathered(
        tuple(one for reader in readers for one in reader.statements),
        {reader.surface: tuple(reader.unread) for reader in readers},
        {reader.surface: reader.figures for reader in readers},
    )


def plan_of(store: Store, code: str) -> Plan | None:
    """The plan that holds now."""
    revision = store.latest_plan(code)
    return revision.plan if revision else None


def gather(store: Store, code: str, as_of: dt.date) -> Gathered:
    """Everything that every surface says of an organisation on a day."""
    return read(code, plan_of(store, code), texts_of(store, code, as_of))
