"""A report of a plan and figures that no store holds."""

from __future__ import annotations

import datetime as dt
from typing import cast

import pandas as pd

from t4c_lib.evidence import Organisation
from t4c_lib.plan import Plan
from t4c_lib.plan.partnership.partnership_record import PartnershipRecord
from t4c_lib.reports.trust import TrustReport
from t4c_lib.sections.board import Board
from t4c_lib.sections.home_figures import HomeFigures, LocalArea, WorkedOut
from t4c_lib.store import Store


def report_of(plan: Plan | None, figures: pd.DataFrame, day: dt.date) -> TrustReport:
    """The report of a plan on a day, from exact figures."""
    no_store = cast(Store, None)  # it is asked for what was before, and there was nothing
    trust, record = Organisation("ZZ9", "Nowhere Trust"), PartnershipRecord()
    worked_out, area = WorkedOut(figures, day), LocalArea({})
    home = HomeFigures(trust, day, None, record, figures, worked_out, (), (), None, area, 0, plan)
    return TrustReport(Board(home, no_store, None, ()))
