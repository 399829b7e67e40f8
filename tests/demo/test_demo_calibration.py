"""The made-up figures are like the published ones, and hold together.

The bounds are ours; the figures in them are quoted with their source. All organisations are taken together unless a
test says otherwise: each has a story of its own (data/demo/organisations.yaml).
"""

from __future__ import annotations

import pandas as pd
import pytest

pytestmark = pytest.mark.law

LAST = pd.Timestamp("2026-03-31")
YEAR_ENDS = [pd.Timestamp(f"{year}-03-31") for year in (2024, 2025, 2026)]


def at_end(staff: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    return staff[(staff["period_end"] == day) & staff["in_post"]]


def support_at_end(staff: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    rows = at_end(staff, day)
    return rows[rows["support"]]


def leaver_rate(staff: pd.DataFrame, *, young: bool | None = None, support: bool | None = None) -> float:
    """Leavers of three years over the staff in post at the three year ends, as the official tables have it."""
    keep = pd.Series(data=True, index=staff.index)
    for column, wanted in (("young", young), ("support", support)):
        if wanted is not None:
            keep &= staff[column] == wanted
    in_post = staff["in_post"] & staff["period_end"].isin(YEAR_ENDS)
    return float((staff["leaves"] & keep).sum() / (in_post & keep).sum())


def test_the_share_of_support_staff_under_25_is_like_the_published_one(staff: pd.DataFrame) -> None:
    # 19,430 of 338,814 support to doctors, nurses and midwives: 5.7%. NHS England turnover tables, October 2025.
    share = support_at_end(staff, LAST)["young"].mean()
    assert 0.052 <= share <= 0.062


def test_the_share_of_all_staff_under_25_is_like_the_published_one(staff: pd.DataFrame) -> None:
    # 6% of the NHS workforce, February 2022, The King's Fund; each trust lies between 3% and 6%.
    assert 0.040 <= at_end(staff, LAST)["young"].mean() <= 0.060
    trusts = at_end(staff, LAST).query("sector == 'NHS'").groupby("organisation_code")["young"].mean()
    assert trusts.between(0.03, 0.06).all(), trusts


def test_support_staff_are_about_two_in_five(staff: pd.DataFrame) -> None:
    # "About 40%" of all staff, Health Education England, Talent for Care pages, 2014-16.
    assert 0.38 <= at_end(staff, LAST)["support"].mean() <= 0.46


def test_support_staff_leave_at_the_published_rate(staff: pd.DataFrame) -> None:
    # 35,965 leavers over 338,814: 10.6%. NHS England turnover tables, year to October 2025.
    assert leaver_rate(staff, support=True) == pytest.approx(0.106, abs=0.008)


def test_support_staff_under_25_leave_about_twice_as_often(staff: pd.DataFrame) -> None:
    # 4,591 leavers over 19,430: 23.6%. Same tables.
    young = leaver_rate(staff, support=True, young=True)
    assert young == pytest.approx(0.236, abs=0.025)
    assert 1.8 <= young / leaver_rate(staff, support=True) <= 2.6


def test_all_staff_leave_at_the_published_rate(staff: pd.DataFrame) -> None:
    # 10.1% in the year to September 2024, NHS England release of 5 March 2025.
    assert leaver_rate(staff) == pytest.approx(0.101, abs=0.008)


def test_sickness_is_like_the_published_rate_and_higher_in_winter(staff: pd.DataFrame) -> None:
    # 5.6% in 2022 and 4.3% in 2019, Nuffield Trust, 29 June 2023; 5.7% in January 2025, NHS England.
    days = staff.groupby(staff["period_end"].dt.month)[["fte_days_lost", "fte_days_available"]].sum()
    whole = days["fte_days_lost"].sum() / days["fte_days_available"].sum()
    by_month = days["fte_days_lost"] / days["fte_days_available"]
    assert 0.04 <= whole <= 0.065
    assert by_month.loc[[12, 1]].min() > by_month.loc[[4, 5, 6, 7, 8, 9]].max()


def test_contracted_hours_are_like_the_published_ones(staff: pd.DataFrame) -> None:
    # 292,687.57 FTE of 338,814 heads, 17,982.66 of 19,430 under 25. NHS England turnover tables, October 2025.
    support = support_at_end(staff, LAST)
    assert support["contracted_fte"].mean() == pytest.approx(0.864, abs=0.02)
    assert support.loc[support["young"], "contracted_fte"].mean() == pytest.approx(0.926, abs=0.03)


def test_the_care_certificate_takes_about_eleven_weeks_and_is_sometimes_missing(staff: pd.DataFrame) -> None:
    # 12 weeks was the average of the 2014 pilots, Skills for Care as quoted on 22 March 2017; ours is a judgement.
    people = staff.drop_duplicates("person_number", keep="last")
    care = people["staff_group"].isin(["Additional Clinical Services", "Direct care"]) & people["support"]
    recent = people["start_date"].between("2023-04-01", "2025-09-30")
    starters = people[care & recent & people["in_post"]]
    weeks = (starters["care_certificate_date"] - starters["start_date"]).dt.days / 7
    assert 9 <= weeks.mean() <= 13
    assert 0.02 <= weeks.isna().mean() <= 0.2
    assert weeks.min() >= 2


@pytest.mark.parametrize("of_support", [False, True])
def test_people_now_are_people_a_month_ago_and_joiners_less_leavers(staff: pd.DataFrame, *, of_support: bool) -> None:
    rows = staff[staff["organisation_code"] != "DEMO-AM"]  # a month is missing there on purpose
    if of_support:
        # Moves into registered posts leave the support staff without leaving the employer: those people stay out.
        stays = rows.groupby(["organisation_code", "person_number"])["support"].transform("all")
        rows = rows[stays]
    counts = rows.groupby(["organisation_code", "period_end"])[["in_post", "joins", "leaves"]].sum()
    before = counts["in_post"].groupby("organisation_code").shift()
    told = counts.assign(before=before).dropna()
    assert (told["in_post"] == told["before"] + told["joins"] - told["leaves"]).all()
    assert len(told) == 5 * 35


def test_a_person_stays_the_same_person_from_month_to_month(staff: pd.DataFrame) -> None:
    people = staff.groupby(["organisation_code", "person_number"])
    assert (people["start_date"].nunique() == 1).all()
    assert (people["leaving_date"].nunique() <= 1).all()
    assert (people["sex"].nunique() == 1).all()
    assert people["age"].diff().dropna().isin([0, 1]).all()


def test_nobody_is_back_after_leaving_or_there_before_starting(staff: pd.DataFrame) -> None:
    assert (staff["start_date"] <= staff["period_end"]).all()
    gone = staff["leaving_date"].notna()
    assert (staff["leaving_date"] >= staff["start_date"])[gone].all()
    assert (staff["leaving_date"].dt.to_period("M") == staff["period_end"].dt.to_period("M"))[gone].all()


def test_few_move_from_support_into_registered_posts(staff: pd.DataFrame) -> None:
    support = staff.groupby(["organisation_code", "person_number"])["support"].agg(["first", "last"])
    moved = (support["first"] & ~support["last"]).sum()
    assert 0.001 <= moved / 3 / len(support_at_end(staff, LAST)) <= 0.012  # a year


def test_ages_and_days_are_possible(staff: pd.DataFrame) -> None:
    assert staff["age"].between(16, 75).all()
    years_worked = (staff["period_end"] - staff["start_date"]).dt.days / 365.25
    assert (staff["age"] + 1 - years_worked >= 15.9).all()
    assert (staff["fte_days_lost"] <= staff["fte_days_available"]).all()
    assert staff["fte_days_available"].between(0, 31).all()


def test_an_apprenticeship_ends_after_it_began_and_is_of_support_staff(staff: pd.DataFrame) -> None:
    on = staff["apprenticeship"].notna()
    assert staff.loc[on, ["apprenticeship_level", "apprenticeship_start", "apprenticeship_outcome"]].notna().all().all()
    ended = staff["apprenticeship_end"].notna()
    assert (staff["apprenticeship_end"] >= staff["apprenticeship_start"])[ended].all()
    assert (staff.loc[on & ~ended, "apprenticeship_outcome"] == "On programme").all()
    starts = staff[on].drop_duplicates(["organisation_code", "person_number"])["apprenticeship_start"]
    a_year = starts.between("2024-04-01", "2026-03-31").sum() / 2
    # Public bodies were asked for 2.3% of headcount a year until March 2022 (SI 2017/513).
    assert 0.008 <= a_year / len(at_end(staff, LAST)) <= 0.023
