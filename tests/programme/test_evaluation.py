"""The evaluation's counts: by hand, by plain pandas on the demonstration, and the laws they keep."""

from __future__ import annotations

import datetime as dt
import math
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.programme.evaluation import COUNTS, KEYS, STAGE_COUNTS, Tally, tally_of
from t4c_lib.programme.feeds import FEEDS, fed_figures
from t4c_lib.programme.register import Register

from .programme_making import DAY, entries, outcome, placement, register


def whole(made: Register, year: str = "2025/26") -> dict[str, float]:
    return Tally.of(tally_of(made), [year]).whole


@pytest.mark.unit
def test_the_way_from_planned_to_started_by_hand() -> None:
    made = register(
        placement("P-0001", stage="planned"),
        placement("P-0002", stage="offered"),
        placement("P-0003", stage="left"),
        *(placement(f"P-001{n}") for n in range(6)),
        outcome("O-0001", "P-0010", "NHS job", "applied", "3 months"),
        outcome("O-0002", "P-0010", "NHS job", "started"),
        outcome("O-0003", "P-0011", "NHS apprenticeship", "offered"),
        outcome("O-0004", "P-0012", "college or university"),
        outcome("O-0005", "P-0013", "NHS job", "interested"),
        outcome("O-0006", "P-0014", "NHS job", "started", "12 months"),
        outcome("O-0007", "P-0015", "NHS volunteering"),
    )
    found = whole(made)
    assert {name: found[name] for name in COUNTS[:11]} == {
        "planned": 9, "offered": 8, "hosted": 7, "completed": 6,
        "applied": 2, "offer": 2, "started": 1, "elsewhere": 1, "volunteering": 1, "none": 1, "unknown": 1,
    }  # fmt: skip


def people() -> st.SearchStrategy[list[tuple[Any, ...]]]:
    stages = st.sampled_from(["planned", "offered", "hosted", "completed", "left"])
    told = st.sampled_from(["", "NHS job", "other work", "none yet", "not known", "NHS volunteering"])
    far = st.sampled_from(["interested", "applied", "offered", "started", "left"])
    groups = st.sampled_from(["", "female", "male"])
    days = st.sampled_from(["2023-05-01", "2024-05-06", "2025-05-05", "2026-05-04", "2026-09-07"])
    return st.lists(st.tuples(days, stages, told, far, groups, st.integers(0, 5)), max_size=25)


def made_of(those: list[tuple[Any, ...]]) -> list[Any]:
    records: list[Any] = []
    for place, (day, stage, told, far, sex, rating) in enumerate(those, 1):
        more = {"sex": sex} if sex else {}
        records.append(placement(f"P-{place:04}", day, stage, **more, **({"rating": rating} if rating else {})))
        if told:
            records.append(outcome(f"O-{place:04}", f"P-{place:04}", told, far if told == "NHS job" else ""))
    return records


@pytest.mark.law
@given(people())
def test_the_counts_are_one_within_the_other_and_add_up(those: list[tuple[Any, ...]]) -> None:
    table = tally_of(register(*made_of(those)))
    for before, after in pairwise(STAGE_COUNTS):
        assert (table[after] <= table[before]).all()
    parts = table[["applied", "elsewhere", "volunteering", "none", "unknown"]].sum(axis="columns")
    assert (parts == table["over"]).all()
    assert (table["over"] <= table["completed"]).all()
    assert (table["started"] <= table["offer"]).all()
    assert (table["offer"] <= table["applied"]).all()
    sex = table[table["dimension"] == "sex"]
    assert sex["planned"].sum() == sum(bool(one[4]) for one in those)


@pytest.mark.detail
@pytest.mark.law
@given(people(), st.data())
def test_totals_of_some_stand_for_them(those: list[tuple[Any, ...]], data: st.DataObject) -> None:
    """Whoever is forgotten, every count stays what it was: that is what lets people be forgotten."""
    records = made_of(those)
    refs = [ref for kind, ref, _ in records if kind == "placement"]
    gone = set(data.draw(st.lists(st.sampled_from(refs), unique=True))) if refs else set()
    kept = [one for one in records if one[1] not in gone and one[2].get("placement") not in gone]
    before, after = tally_of(register(*records)), tally_of(register(*kept))
    rows = before.set_index(KEYS)[[*COUNTS]].sub(after.set_index(KEYS)[[*COUNTS]], fill_value=0)
    kept_of_them = {"rows": rows.astype(int).reset_index().to_numpy().tolist(), "last": {}, "first": "2023-05-01"}
    totals = ("totals", "totals-1", kept_of_them)
    again = tally_of(register(*kept, totals) if len(rows) else register(*kept))
    again = again[again[[*COUNTS]].any(axis="columns")].reset_index(drop=True)
    pd.testing.assert_frame_equal(again, before, check_dtype=False)


@pytest.mark.law
@given(people())
def test_nothing_small_is_published(those: list[tuple[Any, ...]]) -> None:
    public = Tally.of(tally_of(register(*made_of(those))), ["2025/26"]).published("2025/26")
    counts = public.counts[[name for name in COUNTS if name != "rating"]].to_numpy(dtype=float)
    shown = counts[~np.isnan(counts)]
    assert ((shown > 7) & (shown % 5 == 0)).all()
    assert math.isnan(public.whole.get("rating", math.nan)) or not len(public.counts)


@pytest.mark.unit
def test_figures_of_years_that_are_over_and_whole() -> None:
    made = register(
        placement("P-0001", "2024-10-07"),  # the record began in the middle of that year
        placement("P-0002", "2025-05-05"),
        placement("P-0003", "2025-06-02", programme="Volunteering"),
        placement("P-0004", "2026-06-01"),  # of a year that is not over
        ("story", "B-0001", {"title": "A", "published": "2025-05-12"}),
        *(
            ("course", f"C-000{n}", {"name": name, "programme": "Pre-employment course", "starts": "2025-06", **more})
            for n, (name, more) in enumerate((("Run", {}), ("Told of", {"trainees": 5}), ("Not run", {})), 1)
        ),
        placement("P-0005", "2025-06-02", programme="Pre-employment course", course="C-0001"),
        placement("P-0006", "2025-06-02", "offered", programme="Pre-employment course", course="C-0003"),
    )
    figures = fed_figures(made, "X1")
    assert [tuple(row) for row in figures[["series", "period", "value"]].to_numpy()] == [
        (
            "pre-employment-partners",
            "2025/26",
            2.0,
        ),  # one of three has neither a placement that was hosted nor feedback
        ("work-experience-placements", "2025/26", 2.0),
        ("case-studies", "2025/26", 1.0),
        ("pre-employment-participants", "2025/26", 1.0),
    ]


@pytest.mark.unit
def test_nobody_is_said_to_choose_the_nhs_where_nobody_was_asked() -> None:
    asked = register(placement("P-0001", age="16 to 18", area="local"), outcome("O-0001", "P-0001", "none yet"))
    for made, expected in ((register(placement("P-0001", age="16 to 18", area="local")), []), (asked, [0.0])):
        figures = fed_figures(made, "X1")
        assert figures[figures["series"] == "nhs-as-career-choice"]["value"].tolist() == expected


@pytest.mark.unit
def test_young_local_people_and_what_colleges_report_count_together() -> None:
    made = register(
        placement("P-0001", age="16 to 18", area="local"),
        outcome("O-0001", "P-0001", "NHS job", "decided to apply"),
        placement("P-0002", age="25 and over", area="local"),
        outcome("O-0002", "P-0002", "NHS job", "started"),
        placement("P-0003", age="19 to 24", area="elsewhere"),
        outcome("O-0003", "P-0003", "NHS job", "started"),
        ("destination", "L-0001", {"partner": "PA-0001", "month": "2025-09", "people": 9}),
    )
    figures = fed_figures(made, "X1").set_index("series")["value"]
    assert figures["nhs-as-career-choice"] == 1 + 9


@pytest.mark.unit
def test_union_learning_reps_are_counted_on_the_last_day_of_each_month() -> None:
    rep = {"union": "Branch", "role": "Union Learning Rep"}
    made = register(
        ("representative", "R-0001", {**rep, "since": "2026-08-31"}),
        ("representative", "R-0002", {**rep, "since": "2026-09-01", "until": "2026-10-30"}),
        ("representative", "R-0003", {**rep, "role": "equality rep", "since": "2026-08-01"}),
    )
    figures = fed_figures(made, "X1")
    assert figures.set_index("period")["value"].to_dict() == {"2026-08": 1.0, "2026-09": 2.0, "2026-10": 1.0}


@pytest.mark.unit
def test_every_feed_is_asked_for_and_every_one_asked_for_is_there() -> None:
    from t4c_lib.framework import catalogue
    from t4c_lib.framework.catalogue import other_series

    asked = [one.fed_by for one in catalogue().measures if one.fed_by]
    asked += [one.fed_by for one in other_series().series if one.fed_by]
    assert sorted(asked) == sorted(FEEDS)


@pytest.mark.unit
def test_entries_are_read_in_their_order() -> None:
    made = Register(reversed(entries(placement("P-0001", stage="planned"), placement("P-0001"))), DAY)
    assert made.of("placement")[0].content["stage"] == "planned", "the last of those given stands"


@pytest.mark.unit
def test_only_those_whose_six_months_are_over_are_evaluated() -> None:
    """On 26 November 2026, six months after a placement that ended on 25 May; and who was asked is over, too."""
    made = register(
        placement("P-0001", "2026-05-25", days=1),
        placement("P-0002", "2026-05-26", days=1),
        placement("P-0003", "2026-08-03"),
        outcome("O-0001", "P-0003", "NHS job", "started"),
        placement("P-0004", "2026-08-03"),
        outcome("O-0002", "P-0004", "NHS job", "started", asked_at="3 months"),
    )
    whole = Tally.of(tally_of(made), ["2026/27"]).whole
    assert (whole["completed"], whole["over"], whole["unknown"], whole["started"]) == (4, 2, 1, 1)


@pytest.mark.unit
def test_totals_kept_before_there_was_such_a_count_are_of_people_whose_time_was_over() -> None:
    old = ["2022/23", "Work experience", "all", "all", *[5] * (len(COUNTS) - 1)]
    kept = ("totals", "totals-1", {"rows": [old], "last": {}, "first": "2022-05-02"})
    assert Tally.of(tally_of(register(kept)), ["2022/23"]).whole["over"] == 5


@pytest.mark.unit
def test_the_first_complete_year_can_be_said_and_what_was_given_for_earlier_ones_is_gone() -> None:
    records = (placement("P-0001", "2024-05-06"), placement("P-0002", "2025-05-05"))
    before = fed_figures(register(*records), "X1")
    assert before["period"].tolist() == ["2024/25", "2025/26"]
    after = fed_figures(register(*records, ("settings", "settings", {"whole_from": "2025/26"})), "X1", before)
    assert [tuple(row) for row in after[["period", "state"]].to_numpy()] == [
        ("2025/26", "counted"),
        ("2024/25", "missing"),
    ]


@pytest.mark.unit
def test_months_that_are_too_long_ago_keep_the_figure_that_was_given() -> None:
    rep = ("representative", "R-0001", {"union": "Branch", "role": "Union Learning Rep", "since": "2019-01-07"})
    before = fed_figures(register(rep, day=dt.date(2026, 1, 15)), "X1")
    after = fed_figures(register(rep), "X1", before)
    assert min(before["period"]) < min(after["period"])
    assert "missing" not in set(after["state"])
    gone = fed_figures(register(day=dt.date(2026, 1, 15)), "X1", before)
    assert set(gone["state"]) == {"missing"}
    assert gone["period"].tolist() == before["period"].tolist()
