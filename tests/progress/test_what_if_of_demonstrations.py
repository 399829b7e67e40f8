"""Where the what-if of each demonstration organisation starts: at the newest figure of all that it follows."""

from __future__ import annotations

import datetime as dt

import pytest

from t4c_lib.progress.what_if import forecasts, open_what_if, outcome_of
from t4c_lib.store import Store
from t4c_lib.whatif import outcome

DAY = dt.date(2026, 4, 30)
CODES = ("DEMO-AC", "DEMO-AM", "DEMO-CO", "DEMO-MH", "DEMO-SC", "DEMO-SP")


@pytest.mark.law
@pytest.mark.usefixtures("store_file")
def test_month_0_is_the_newest_figure_of_every_measure_that_is_followed() -> None:
    compared = 0
    with Store.open() as store:
        for code in CODES:
            revision = store.latest_plan(code)
            assert revision is not None
            opened = open_what_if(revision.plan, store.observations(code), DAY)
            for row in revision.plan.measures:
                figure = opened.latest[row.key]
                if (row.measure, row.population) not in forecasts() or row.group or figure is None or figure.is_proxy:
                    continue
                first = float(outcome(opened.at_start, outcome_of(row.measure, row.population))[0])
                assert first == pytest.approx(figure.value, rel=1e-6), (code, row.measure)
                compared += 1
    assert compared >= 30


@pytest.mark.law
@pytest.mark.usefixtures("store_file")
def test_if_nothing_changes_what_was_counted_goes_on() -> None:
    """Moves into registered roles, those on the way there and newcomers in time stay within a twentieth for a year."""
    with Store.open() as store:
        for code in CODES:
            opened = open_what_if(None, store.observations(code), DAY)
            run = opened.run(months=12)
            for measure in ("support-to-registered", "staff-on-new-pathways", "certificate-in-12-weeks"):
                values = outcome(run, measure)
                assert values[12] == pytest.approx(values[0], rel=0.05, abs=1e-9), (code, measure)
