"""The sections of progress say what the statuses say, and promise no more than the figures carry."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from chart_sections import (
    certificate_section,
    contributions_section,
    expected_section,
    funnel_section,
    sensitivity_section,
    signals_section,
)

from t4c_lib.framework import catalogue
from t4c_lib.html_templates import from_template
from t4c_lib.periods import Month
from t4c_lib.plan import ActionRow, MeasureRow, Plan
from t4c_lib.progress import RowProgress, plan_progress
from t4c_lib.progress.target_chances import TargetChances
from t4c_lib.sections import Section
from t4c_lib.sections.figure_sections import age_section, measure_picture
from t4c_lib.sections.row_view import RowsByStatus, RowView
from tests.counted import SUPPORT, WHOLE, observation, table
from tests.report_making import report_of

pytestmark = pytest.mark.unit

AS_OF = dt.date(2026, 8, 1)


def monthly(
    series: str, population: str, counts: list[float], out_of: float, first: str = "2025-01"
) -> list[dict[str, object]]:
    start = Month.parse(first)
    return [
        observation(series, str(start + step), count, out_of=out_of, population=population)
        for step, count in enumerate(counts)
    ]


def plan(*measures: MeasureRow, actions: tuple[ActionRow, ...] = ()) -> Plan:
    return Plan.of(
        organisation="DEMO-XX",
        organisation_name="Nowhere Trust",
        years=("2026/27",),
        measures=measures,
        actions=actions,
    )


def young(**fields: object) -> MeasureRow:
    baseline = {"numerator": 50, "denominator": 1000, "period": "2025-12", "source": "extract"}
    whole = {"baseline": baseline, "change": {"kind": "level", "amount": 0.08}, "due": "2027-12", **fields}
    return MeasureRow.of(measure="young-share", population=WHOLE, **whole)


def row(measure: MeasureRow, observations: pd.DataFrame) -> RowProgress:
    return plan_progress(plan(measure), observations, AS_OF)[0]


COUNTED = table([observation("young-share", str(Month(2025, 1) + step), 50 + step, out_of=1000) for step in range(15)])


def html(section: Section) -> str:
    return section._repr_html_()


def test_a_measures_chart_says_its_status_figure_and_target() -> None:
    title = measure_picture(row(young(), COUNTED)).title
    assert title == "Staff aged 16 to 24. On course: 6.4% in March 2026, target 8.0% by December 2027"


def test_icons_are_shown_only_where_there_are_enough_figures() -> None:
    enough = measure_picture(row(young(), COUNTED))
    few = measure_picture(row(young(), COUNTED.head(12)))
    assert enough is not None
    assert few is not None
    assert "Variation: special cause, improving" in enough.description
    assert "XmR rules: NHSRplotthedots" in enough.description
    assert "Variation" not in few.description
    assert "12 figures: limits and icons need at least 13" in few.description


def test_overlapping_years_get_no_icon_and_it_is_said() -> None:
    counts = [observation("apprenticeship-starts", f"2025-{month:02d}", 30 + month) for month in range(1, 13)]
    counts += [observation("apprenticeship-starts", f"2026-{month:02d}", 40 + month) for month in range(1, 4)]
    section = signals_section(row(MeasureRow.of(measure="apprenticeship-starts"), table(counts)))
    assert section.picture is not None
    assert section.picture.description.startswith("Run chart of 15 figures")
    assert "Each figure covers twelve months" in section.picture.description
    assert section.picture.title == "43 starts a year in March 2026: too few figures to tell a signal from chance"


def test_signals_of_a_measure_are_an_xmr_chart_with_its_icon_in_words() -> None:
    section = signals_section(row(young(), COUNTED))
    assert section.sentences[0].startswith("Variation: special cause, improving.")
    assert section.picture is not None
    assert section.picture.title == "6.4% in March 2026: improving, high"


def test_a_gap_is_drawn_in_points() -> None:
    measure = MeasureRow.of(
        measure="local-diversity",
        population=WHOLE,
        group="disability",
        comparison={"share": 0.1, "period": "2021", "source": "census"} | {"period": "2021-03-21"},
        baseline={"numerator": 50, "denominator": 1000, "period": "2025-12", "source": "extract"},
        change={"kind": "points", "amount": -0.02},
        due="2027-12",
    )
    counts = [
        observation("local-diversity", period, count, out_of=1000, breakdown="disability=Yes")
        for period, count in (("2025-12", 50.0), ("2026-03", 60.0))
    ]
    found = row(measure, table(counts))
    if found.latest is None:
        pytest.fail("the group's figures were not found")
    view = RowView(found)
    assert (view.latest[0], found.counts, view.target[0]) == ("4 points", "the group is 60 of 1,000", "3 points")
    assert "4" in set(measure_picture(found).table["Figure"])


def test_a_measure_says_why_it_has_no_chance_and_of_a_met_one_that_it_may_not_last() -> None:
    late = young(change={"kind": "level", "amount": 0.06})
    likely = TargetChances({}, {late.key: "Too few."})
    without = plan_progress(plan(late), COUNTED, AS_OF, likely)[0]
    assert without.no_chance == "Too few."
    met = plan_progress(plan(late), COUNTED, AS_OF, {late.key: 0.3})[0]
    picture = measure_picture(met)
    assert picture is not None
    assert picture.title == (
        "Staff aged 16 to 24. Met: 6.4% in March 2026, target 6.0% by December 2027; "
        "chance of still meeting it then 30%"
    )


def test_measures_without_figures_are_counted_beside_those_with() -> None:
    some = plan(young(), MeasureRow.of(measure="turnover", population=SUPPORT))
    said = html(report_of(some, COUNTED, AS_OF).measures.sections[0])
    own = (
        "1 of the plan's 2 measures that count something have figures (one that is set for two groups of people counts "
    )
    of_framework = "twice; of the framework's 24 counted measures 1 has a figure); for the other 1 none has come in"
    assert f"<p>{own}{of_framework}" in said
    assert "No measure has both a target and a figure." in html(report_of(plan(), COUNTED, AS_OF).measures.sections[0])


def test_what_chances_rest_on_is_said_once_where_a_measure_has_one() -> None:
    likely = TargetChances({young().key: 0.4}, {}, "From March.")
    for given, expected in ((likely, ["From March."]), (TargetChances({}, {}, "From March."), [])):
        report = report_of(plan(young()), COUNTED, AS_OF)
        report.home.__dict__["rows"] = plan_progress(plan(young()), COUNTED, AS_OF, given)
        assert list(report.measures.sections[0].sentences) == expected


def test_the_overview_counts_every_measure_once_by_intention() -> None:
    whole = Plan.suggested("DEMO-XX", "Nowhere Trust", ["2026/27"])
    rows = plan_progress(whole, table([]), AS_OF)
    counted = [
        (one.number, sum(number for (group, _), number in mine.whole.items() if group != "Actions"))
        for _, lines in RowsByStatus(rows).lines
        for one, mine in lines
    ]
    each = Counter(one.intention_number for one in whole.measures)
    assert counted == [(one.number, each[one.number]) for one in catalogue().intentions]
    page = BeautifulSoup(from_template("sections/board_tables.html.j2", "ten", RowsByStatus(rows)), "html.parser")
    shown = [
        [int(cell.get_text().split()[0]) for cell in line.select("td.b-count") if cell.get_text()]
        for line in page.select("tbody tr, tfoot tr")
    ]
    late = sum(one.is_action and one.status.word == "overdue" for one in rows)
    assert sum(map(sum, shown[:-1])) == sum(shown[-1]) == len(whole.measures) + late
    assert page.select("caption, thead th[scope], tbody th[scope=row]")
    assert not page.select("table a")


def test_the_summary_of_measures_has_those_with_a_figure_and_the_most_urgent_first() -> None:
    late = young(change={"kind": "level", "amount": 0.9}, due="2026-04").changed(population=SUPPORT)
    counted = pd.concat([COUNTED, COUNTED.assign(population=SUPPORT)])
    some = plan(young(), late, MeasureRow.of(measure="turnover", population=SUPPORT))
    page = BeautifulSoup(html(report_of(some, counted, AS_OF).measures.sections[0]), "html.parser")
    rows = page.select("table.b-summary tbody tr")
    assert [row.select("td[data-label=Status]")[0].get_text(strip=True) for row in rows] == ["off course", "on course"]
    assert [row.select("td[data-label=Latest] strong")[0].get_text() for row in rows] == ["6.4%", "6.4%"]
    assert all(row.select(".f-spark polyline") for row in rows)


def test_what_is_overdue_and_what_is_due_is_told_with_post_and_day() -> None:
    actions = (
        ActionRow.of(action="train-ambassadors", due="2026-06", number=5, post="Head of Learning"),
        ActionRow.of(action="outreach-programme", due="2026-08"),
        ActionRow.of(action="evaluate-outreach", state="left out", reason="Not now.", due="2026-06"),
    )
    page = BeautifulSoup(html(report_of(plan(actions=actions), table([]), AS_OF).due.sections[0]), "html.parser")
    assert [one.get_text() for one in page.select("h3")] == ["Overdue: 1", "Due in the coming six weeks"]
    late, coming = page.select("table")
    assert [cell.get_text(strip=True) for cell in late.select("tbody td")][:2] == ["Head of Learning", "30 Jun 2026"]
    assert len(coming.select("tbody tr")) == 1


def test_the_age_profile_takes_the_newest_count_and_leaves_out_unknown_ages() -> None:
    rows = []
    for population, out_of in ((WHOLE, 100), (SUPPORT, 50)):
        for group, count in (("age=16-24", 10), ("age=25-34", out_of - 10), ("age=Not recorded", 3)):
            rows.append(
                observation("local-diversity", "2026-03", count, out_of=out_of, population=population, breakdown=group)
            )
    section = age_section(table(rows))
    assert section.picture is not None
    assert section.picture.title == "10.0% of all staff were 16 to 24 in March 2026"
    assert section.picture.table["Support staff"].tolist() == ["20.0%", "80.0%"]
    assert section.sentences == ("100 people whose age is known, March 2026.",)
    assert "No figures by age group" in age_section(table([])).sentences[0]


def test_a_funnel_takes_the_period_that_most_organisations_have() -> None:
    rows = [observation("young-share", "2026-03", 60, out_of=1000, organisation=code) for code in ("A", "B", "C")]
    rows.append(observation("young-share", "2026-04", 60, out_of=1000, organisation="A"))
    section = funnel_section(table(rows), {"A": "Ash", "B": "Birch"}, series="young-share", population=WHOLE, own="A")
    assert section.picture is not None
    assert section.picture.title == "Ash: 6.0% in March 2026, within both limits"
    assert section.picture.table["Organisation"].tolist() == ["Ash", "Birch", "C"]
    alone = funnel_section(table(rows[:1]), {}, series="young-share", population=WHOLE)
    assert alone.picture is None
    with pytest.raises(ValueError, match="'sickness' is a rate"):
        funnel_section(table(rows), {}, series="sickness", population=SUPPORT)


def test_without_weeks_there_is_no_curve() -> None:
    assert certificate_section(table([]), "DEMO-XX").picture is None


def test_what_is_expected_names_middle_band_target_and_chance() -> None:
    bands = pd.DataFrame(
        {
            "outcome": "trust_young_share",
            "month": [0, 1],
            "low": [0.05, 0.05],
            "central": [0.05, 0.06],
            "high": [0.05, 0.07],
        }
    )
    section = expected_section(
        bands, "trust_young_share", Month(2026, 3), nothing=bands, goal=(Month(2026, 4), 0.08), chance=0.004
    )
    assert section.picture is not None
    assert "6.0% expected in April 2026, in 80 of 100 cases between 5.0% and 7.0%" in section.picture.title
    assert section.sentences == ("The target is 8.0% by April 2026: the chance of meeting it is less than 5%.",)


def test_parts_add_up_and_what_matters_leaves_out_what_moves_nothing() -> None:
    parts = pd.DataFrame({"label": ["Placements"], "contribution": [0.01]})
    section = contributions_section(parts, "trust_young_share", nothing=0.05, when=Month(2028, 3))
    assert section.picture is not None
    assert section.picture.title.endswith("5.0% if nothing changes, 6.0% with the whole scenario")
    ranked = pd.DataFrame(
        {
            "label": ["Leavers", "Months"],
            "unit": ["per person a year", "months"],
            "low": [0.1, 6.0],
            "high": [0.2, 24.0],
            "at_low": [0.07, 0.06],
            "at_central": [0.06, 0.06],
            "at_high": [0.05, 0.06],
            "swing": [0.02, 0.0],
        }
    )
    matters = sensitivity_section(ranked, "trust_young_share", when=Month(2028, 3))
    assert matters.picture is not None
    assert matters.picture.table.iloc[0].tolist() == ["Leavers", "10% a year: 7.0%", "20% a year: 5.0%"]
    assert len(matters.picture.table) == 1
    none = sensitivity_section(ranked.tail(1), "turnover", when=Month(2028, 3))
    assert none.picture is None


def test_a_picture_is_in_the_page_twice_for_two_widths_and_heard_once() -> None:
    page = html(signals_section(row(young(), COUNTED)))
    assert page.count("<svg ") == page.count('aria-hidden="true" focusable="false"') == 2
    assert page.count('role="img"') == 1
    assert 'class="t4c-wide"' in page
    assert 'class="t4c-narrow"' in page
