"""What was worked out for one day is used for another one, and says the same as if it had been worked out alone."""

import datetime as dt

import pytest

from t4c_lib.disclosure import Audience
from t4c_lib.periods import Month, parse_period, today
from t4c_lib.progress.what_if import WhatIf
from t4c_lib.sections.home import HomeFigures
from t4c_lib.store import Store

CODE = "DEMO-MH"


def said(home: HomeFigures) -> list[tuple[object, ...]]:
    return [(one.label, str(one.status.word), one.status.reason, one.chance, one.latest) for one in home.rows]


@pytest.mark.law
@pytest.mark.parametrize("day", [dt.date(2026, 9, 24), dt.date(2025, 3, 31)])
@pytest.mark.parametrize("audience", Audience)
def test_an_earlier_day_says_the_same_after_a_later_one_as_alone(
    demonstration: object, day: dt.date, audience: Audience
) -> None:
    with Store.open(f"sqlite:///{demonstration}") as store:
        organisation = store.organisation(CODE)
        later = HomeFigures.of(store, organisation, today())
        assert said(later)
        shown = later.published() if audience is Audience.PUBLISHED else later
        assert said(shown)
        after = HomeFigures.of(store, organisation, day, later, audience=audience)
        alone = HomeFigures.of(store, organisation, day, audience=audience)
    assert said(after) == said(alone)
    if isinstance(after.what_if, WhatIf) and isinstance(alone.what_if, WhatIf):
        assert (after.what_if.as_of, after.what_if.start) == (day, alone.what_if.start)


@pytest.mark.unit
@pytest.mark.parametrize("day", [dt.date(2025, 3, 31), dt.date(2025, 7, 15)])
def test_nothing_that_is_called_newest_on_a_day_ended_after_it(demonstration: object, day: dt.date) -> None:
    with Store.open(f"sqlite:///{demonstration}") as store:
        then = HomeFigures.of(store, store.organisation(CODE), day)
        now = HomeFigures.of(store, store.organisation(CODE), today())
    assert then.newest is not None
    assert now.newest is not None
    assert then.newest == Month.ended_by(day) < now.newest
    ends = [parse_period(one.latest.baseline.period).last_day for one in then.known if one.latest is not None]
    assert ends
    assert max(ends) <= day
