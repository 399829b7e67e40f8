"""A report of a plan and figures that no store holds; and one that is run into files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import NamedTuple, cast

import pandas as pd

from t4c_lib.disclosure import Audience
from t4c_lib.evidence import Organisation, read_files
from t4c_lib.plan import Plan
from t4c_lib.plan.partnership.partnership_record import PartnershipRecord
from t4c_lib.reports.batch import run_reports
from t4c_lib.reports.run import NOTEBOOK, Format, ReportAsked
from t4c_lib.reports.trust import TrustReport
from t4c_lib.sections.board import Board
from t4c_lib.sections.home import HomeFigures, LocalArea
from t4c_lib.sections.worked_out import WorkedOut
from t4c_lib.store import Store
from tests.compared import HEADER


def report_of(plan: Plan | None, figures: pd.DataFrame, day: dt.date) -> TrustReport:
    """The report of a plan on a day, from exact figures."""
    no_store = cast(Store, None)  # it is asked for what was before, and there was nothing
    trust, record = Organisation("ZZ9", "Nowhere Trust"), PartnershipRecord()
    worked_out, area = WorkedOut(figures, day), LocalArea({})
    home = HomeFigures(trust, day, None, record, figures, worked_out, (), (), None, area, 0, plan)
    return TrustReport(Board(home, no_store, None, ()))


class ReportFiles(NamedTuple):
    """Where one report was put."""

    notebook: Path
    page: Path


class ReportFailedError(Exception):
    """It could not be made."""


def run_report(
    trust: Organisation,
    out: Path,
    *,
    audience: Audience = Audience.PUBLISHED,
    notebook: Path = NOTEBOOK,
    formats: tuple[Format, ...] = (Format.HTML,),
) -> ReportFiles:
    """Run the notebook for one organisation. Raises ReportFailedError with what is said of it."""
    asked = ReportAsked(trust, audience, formats, notebook=notebook)
    (done,) = run_reports([asked], out)
    if done.state == "failed":
        raise ReportFailedError(done.why)
    folder = out / trust.code
    return ReportFiles(*(folder / asked.name_of(f"report.{ending}") for ending in ("ipynb", "html")))


def small_trusts(folder: Path, number: int) -> list[ReportAsked]:
    """Reports of trusts of which sickness of six months is known, in the store that is opened unless one is named."""
    months = ("30/04/2024", "31/05/2024", "30/06/2024", "31/07/2024", "31/08/2024", "30/09/2024")
    lines = [
        f"{day},Y60,Midlands,QGH,Nowhere,Z{one:04},Trust {one},Acute,{lost},2000,{lost / 20:.2f}"
        for at, day in enumerate(months)
        for one in range(number)
        for lost in [91 + (one * 7 + at) % 30]
    ]
    file = folder / "nhs_sickness_absence_2024.csv"
    file.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
    with Store.open() as store:
        store.add_evidence(read_files([file]))
        return [ReportAsked(one) for one in store.organisations() if one.is_employer]
