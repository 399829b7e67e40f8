"""Figures and plan as they may be published: pools and baselines out of rounded counts, nothing exact left over."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from t4c_lib.evidence import SourceFile
from t4c_lib.plan import MeasureRow, Plan
from t4c_lib.progress import row_figures, row_progress
from t4c_lib.progress.provenance import published_figures, published_plan
from t4c_lib.quantities import Baseline
from t4c_lib.sections.row_view import RowView
from t4c_lib.store import Store

pytestmark = pytest.mark.flow
MH = "DEMO-MH"
COHORTS = "certificate-in-12-weeks"
Trust = tuple[pd.DataFrame, tuple[SourceFile, ...], Plan]


@pytest.fixture(scope="module")
def trust(demonstration: Path) -> Trust:
    """A trust's observations, the files they came from, and its plan."""
    with Store.open(demonstration) as store:
        revision = store.latest_plan(MH)
        assert revision is not None
        return store.observations(MH), store.sources(MH), revision.plan


def test_small_cohorts_are_published_as_the_pool_of_twelve_months(trust: Trust) -> None:
    observations, sources, plan = trust
    row = next(row for row in plan.measures if row.measure == COHORTS)
    exact = row_figures(row, observations)
    public = row_figures(row, published_figures(observations, sources).table)
    assert public["period"].iloc[-1] == exact["period"].iloc[-1]
    assert public["months"].iloc[-1] == exact["months"].iloc[-1] == 12
    assert public["denominator"].iloc[-1] % 5 == 0
    assert abs(public["denominator"].iloc[-1] - exact["denominator"].iloc[-1]) < 2.5
    assert abs(public["value"].iloc[-1] - exact["value"].iloc[-1]) < 0.05


def test_figures_of_official_files_pass(trust: Trust) -> None:
    observations, sources, _ = trust
    official = tuple(one._replace(attribution="Contains public sector information.") for one in sources)
    public = published_figures(observations, official).table
    months = observations[observations["series"] != COHORTS]
    found = public[public["series"].isin(set(months["series"])) & public["source"].isin(set(months["source"]))]
    columns = ["series", "population", "breakdown", "period", "numerator", "denominator", "value", "state"]
    told = found[columns].merge(months[columns], how="inner")
    assert len(told) == len(months)


def test_the_published_plan_keeps_nothing_of_what_was_worked_out_from_exact_baselines(trust: Trust) -> None:
    """A row remembers its target once that was asked for; the published row must not."""
    _, sources, plan = trust
    exact = {row.key: row.target for row in plan.measures}
    public, hidden = published_plan(plan, sources)
    without = {row.key for row in public.measures if row.baseline is None}
    assert hidden == without - {row.key for row in plan.measures if row.baseline is None}
    assert public.years == plan.years
    compared = 0
    for row in public.measures:
        was, now = exact[row.key], row.target
        if was is None or now is None or was.baseline.numerator is None:
            continue
        compared += 1
        assert now.baseline == row.starting_figure
        if now.baseline.numerator is not None and now.baseline.denominator is not None:
            assert (now.baseline.numerator % 5, now.baseline.denominator % 5) == (0, 0)
    assert compared > 3
    assert plan.targets != public.targets


def test_a_published_row_whose_newest_figures_are_small_numbers_says_so(trust: Trust) -> None:
    """Its newest figure that is shown is twice as large as those since: nobody should take it for the newest."""
    observations, sources, plan = trust
    row = next(row for row in plan.measures if row.measure == "support-to-registered")
    day = dt.date(2026, 9, 1)
    exact = row_progress(row, row_figures(row, observations), day)
    public = row_progress(row, row_figures(row, published_figures(observations, sources).table), day)
    assert exact.latest is not None
    assert public.latest is not None
    assert (exact.latest.label, exact.hidden_since) == ("March 2026", "")
    assert (public.latest.label, public.hidden_since) == ("November 2025", "March 2026")
    assert public.latest.value >= exact.latest.value
    assert RowView(public).latest[1] == "Nov 2025; newer ones not shown"
    assert RowView(exact).latest[1] == "Mar 2026"


@pytest.mark.parametrize(
    ("baseline", "shown"),
    [
        (Baseline.of(143, 2_842, period="2025-03", source="register"), Baseline.of(145, 2_840)),
        (Baseline.of(7, 2_842, period="2025-03", source="register"), None),
        (Baseline.of(12, 17, period="2025-03", source="register"), None),
        (Baseline(0.05, period="2025-03", source="register"), None),
        (Baseline.of(3, 41, period="2025-03", source="official.csv"), Baseline.of(3, 41)),
    ],
)
def test_a_baseline_is_published_of_rounded_counts_or_not_at_all(
    trust: Trust, baseline: Baseline, shown: Baseline | None
) -> None:
    _, sources, plan = trust
    official = sources[0]._replace(name="official.csv", attribution="Contains public sector information.")
    row = MeasureRow(measure="young-share", baseline=baseline)
    public = published_plan(plan.changed(measures=(row,)), (*sources, official))[0].measures[0].baseline
    if shown is None:
        assert public is None
    else:
        assert public is not None
        assert (public.numerator, public.denominator) == (shown.numerator, shown.denominator)
        assert public.period == baseline.period
