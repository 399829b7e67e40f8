"""Gathers what every surface says of an organisation: page, report, status, what-if, evidence and check of the plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from t4c_lib.plan import Plan
from t4c_lib.store import Store
from tests.one_truth.lines_read import CheckReader, EvidenceReader, StatusReader, WhatIfReader
from tests.one_truth.reading import Names
from tests.one_truth.sections_read import SectionReader
from tests.one_truth.statements import NUMBER, Statement
from tests.one_truth.surfaces import Piece, command, html_pieces, page_html, report_html

SURFACES = ("page", "report", "status", "whatif", "evidence", "check")
Texts = dict[str, str]  # what each surface shows, by surface or "surface, which of its texts"


@dataclass(frozen=True)
class Gathered:
    """What was read of one organisation.

    Attributes:
        statements: everything said.
        unread: by surface, pieces with a figure that nothing is keyed for.
    """

    statements: tuple[Statement, ...]
    unread: Mapping[str, tuple[Piece, ...]]

    def figures_unread(self, surface: str) -> int:
        """How many figures stand in those pieces."""
        return sum(len(NUMBER.findall(cell)) for piece in self.unread.get(surface, ()) for cell in piece.cells)


def texts_of(store: Store, code: str, as_of: dt.date) -> Texts:
    """Each surface's text as a person gets it."""
    day = as_of.isoformat()
    texts = {
        "page": page_html(store, code),
        "report": report_html(store, code, as_of),
        "status": command("progress", "status", code, "--as-of", day),
        "status, chances": command("progress", "status", code, "--as-of", day, "--chances"),
        "status, reminders": command("progress", "reminders", code, "--as-of", day),
        "whatif": command("whatif", code, "--rests-on"),
        "evidence": command("evidence", "show", code),
        "check": command("plan", "check", code),
    }
    return texts | {f"whatif, {name}": command("whatif", code, *words) for name, words in _asked(store, code).items()}


def _asked(store: Store, code: str) -> dict[str, tuple[str, ...]]:
    """The plan's own X put to the what-if; without one, the whole workforce."""
    revision = store.latest_plan(code)
    asked = {}
    for target in revision.plan.targets if revision else ():
        if (target.measure, target.population) == ("young-share", "trust workforce"):
            goal = f"to {target.goal * 100:.8g}%"
            asked["the X"] = ("--of", "all", "--solve", goal, "--by", str(target.due), "--odds", "--scenario", "Doing nothing")
    return asked or {"all staff": ("--of", "all")}


def read(code: str, plan: Plan | None, texts: Texts) -> Gathered:
    """The statements in the texts of one organisation."""
    names = Names.of(code, plan)
    page, report = SectionReader("page", names), SectionReader("report", names)
    page.read_all(html_pieces(texts["page"]))
    report.read_all(html_pieces(texts["report"]))
    status = StatusReader("status", names)
    status.read_status(texts["status"])
    status.read_status(texts["status, chances"], chances=True)
    status.read_reminders(texts["status, reminders"])
    whatif = WhatIfReader("whatif", names)
    for name, text in texts.items():
        if name.startswith("whatif"):
            whatif.read_whatif(text)
    evidence, check = EvidenceReader("evidence", names), CheckReader("check", names)
    evidence.read_evidence(texts["evidence"])
    check.read_check(texts["check"])
    readers = (page, report, status, whatif, evidence, check)
    return Gathered(
        tuple(one for reader in readers for one in reader.statements),
        {reader.surface: tuple(reader.unread) for reader in readers},
    )
