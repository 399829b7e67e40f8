"""Properties of every staff extract, tried on populations made at random."""

from __future__ import annotations

import contextlib
import datetime as dt
import random
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from t4c_lib.errors import RefusedInputsError
from t4c_lib.evidence import Loaded, State, read_files
from t4c_lib.periods import Month

from .evidence_files import GOOD_SICKNESS, figures, read_text, sickness, staff

pytestmark = pytest.mark.law

MONTHS = [Month(2025, 11) + step for step in range(5)]
FIRST, LAST = MONTHS[0].first_day - dt.timedelta(days=40), MONTHS[-1].last_day + dt.timedelta(days=40)
BANDS = ("Band 2", "Band 4", "Band 5", "Equivalent 1", "Non-AfC")
Row = dict[str, str]


@st.composite
def extracts(draw: st.DrawFn) -> list[Row]:
    """Whole extracts: everybody employed at any time in a month has a row for it, some of them two."""
    rows: list[Row] = []
    for person in range(draw(st.integers(1, 12))):
        start = draw(st.dates(FIRST, LAST))
        left = draw(st.one_of(st.none(), st.dates(start, LAST)))
        age = draw(st.one_of(st.just(""), st.integers(14, 70).map(str)))
        for month in MONTHS:
            if start > month.last_day or (left is not None and left < month.first_day):
                continue
            for assignment in range(draw(st.integers(1, 2))):
                rows.append(
                    {
                        "period_end": month.last_day.isoformat(),
                        "organisation_code": f"ORG{person % 2}",
                        "person_number": f"P{person}",
                        "assignment": str(assignment),
                        "band": draw(st.sampled_from(BANDS)),
                        "age": age,
                        "contracted_fte": draw(st.sampled_from(["0.4", "0.6", "1"])),
                        "start_date": start.isoformat(),
                        "leaving_date": "" if left is None else left.isoformat(),
                    }
                )
    return rows or [{}]


def load(rows: list[Row]) -> Loaded:
    with tempfile.TemporaryDirectory() as folder:
        return read_text(Path(folder), staff(*rows))


@settings(max_examples=25, deadline=None)
@given(extracts())
def test_headcount_is_the_one_before_plus_joiners_minus_leavers(rows: list[Row]) -> None:
    loaded = load(rows)
    for code in {organisation.code for organisation in loaded.organisations}:
        whole = figures(loaded, organisation=code, population="trust workforce", breakdown="all")
        series = whole.pivot_table(index="period", columns="series", values="value")
        for before, now in zip(series.index, series.index[1:], strict=False):
            if Month.parse(before) + 1 == Month.parse(now):
                due = series.headcount[before] + series.joiners[now] - series.leavers[now]
                assert series.headcount[now] == due
    assert not any("people in post, but" in note for note in loaded.notes)


@settings(max_examples=25, deadline=None)
@given(extracts(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[Row], chance: random.Random) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)
    first, second = load(rows), load(shuffled)
    pd.testing.assert_frame_equal(first.observations, second.observations)
    assert first.organisations == second.organisations


@settings(max_examples=12, deadline=None)
@given(extracts())
def test_a_file_split_by_month_gives_the_same_observations(rows: list[Row]) -> None:
    ends = sorted({row.get("period_end", "") for row in rows})
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"part{at}.csv" for at in range(len(ends))]
        for path, end in zip(paths, ends, strict=True):
            path.write_text(staff(*(row for row in rows if row.get("period_end", "") == end)))
        parts = pd.concat([loaded.observations for loaded in read_files(paths)])
    whole = load(rows).observations
    key = ["organisation", "series", "population", "breakdown", "period"]
    # A file of one month has a newest month of its own, for which groups are broken down too.
    extra = parts.merge(whole[key], how="left", on=key, indicator=True).query("_merge == 'left_only'")
    assert not extra["breakdown"].isin(["all", "age=24"]).any()
    same = parts.merge(whole[key], on=key).sort_values(key, ignore_index=True)
    pd.testing.assert_frame_equal(same, whole)


@settings(max_examples=25, deadline=None)
@given(extracts())
def test_parts_do_not_exceed_the_whole_and_support_staff_not_the_workforce(rows: list[Row]) -> None:
    observed = load(rows).observations
    shares = observed[observed["denominator"].notna() & observed["value"].notna()]
    assert (shares["numerator"] <= shares["denominator"]).all()
    assert shares["value"].between(0, 1).all()
    key = ["organisation", "series", "breakdown", "period"]
    wide = observed.pivot_table(index=key, columns="population", values="numerator")
    wide = wide.dropna()  # ages that nobody has are missing
    assert (wide["support staff"] <= wide["trust workforce"]).all()
    people = observed[observed["unit"] == "people"].pivot_table(
        index=["organisation", "series", "population", "period"], columns="breakdown", values="value"
    )
    if {"age=16-24", "age=25+"} <= set(people.columns):
        assert (people["age=16-24"].fillna(0) + people["age=25+"].fillna(0) <= people["all"]).all()


@settings(max_examples=25, deadline=None)
@given(extracts())
def test_no_observation_is_there_twice_and_its_state_fits_its_value(rows: list[Row]) -> None:
    observed = load(rows).observations
    assert not observed.duplicated(["organisation", "series", "population", "breakdown", "period"]).any()
    known = observed["state"].isin([State.counted.value, State.zero.value])
    assert (observed["value"].notna() == known).all()
    assert ((observed["value"] == 0) == (observed["state"] == State.zero.value)).all()


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([GOOD_SICKNESS.encode(), staff({}, {"person_number": "P2"}).encode()]),
    st.floats(0, 1),
    st.integers(0, 40),
    st.sampled_from(
        [b"", b'"', b"\n", b"\r\n", b",", b";", b"\0", b"\xe9", b"\xff\xfe", b"9" * 400, b" ", b"-", b"=1/0"]
    ),
)
def test_a_file_spoiled_anywhere_is_read_or_refused_in_words(whole: bytes, at: float, cut: int, put: bytes) -> None:
    place = int(at * len(whole))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "spoiled.csv"
        path.write_bytes(whole[:place] + put + whole[place + cut :])
        with contextlib.suppress(RefusedInputsError):  # anything else would be a crash
            read_files([path])


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 99_999), st.floats(0.01, 999_999))
def test_a_sickness_rate_rounded_to_two_decimals_is_always_taken(lost: float, available: float) -> None:
    lost = min(lost, available)
    with tempfile.TemporaryDirectory() as folder:
        row = f"30/04/2024 | RAA | Acute | {lost!r} | {available!r} | {lost / available * 100:.2f}"
        loaded = read_text(Path(folder), sickness(row))
    assert loaded.observations["value"].item() == pytest.approx(lost / available)


@st.composite
def long_extracts(draw: st.DrawFn) -> list[Row]:
    """Fourteen months of a few people, some of whom change band, department and post on the way."""
    months = [Month(2025, 1) + step for step in range(14)]
    rows: list[Row] = []
    for person in range(draw(st.integers(1, 6))):
        start = draw(st.dates(months[0].first_day - dt.timedelta(days=60), months[-1].last_day))
        left = draw(st.one_of(st.none(), st.dates(start, months[-1].last_day + dt.timedelta(days=40))))
        change = draw(st.integers(0, 14))
        posts = draw(st.lists(st.sampled_from(BANDS), min_size=2, max_size=2))
        wards = draw(st.lists(st.sampled_from(["", "Ward 1", "Ward 2"]), min_size=2, max_size=2))
        certificate = draw(st.one_of(st.none(), st.integers(0, 120)))
        for at, month in enumerate(months):
            if start > month.last_day or (left is not None and left < month.first_day):
                continue
            certified = "" if certificate is None else (start + dt.timedelta(days=certificate)).isoformat()
            rows.append(
                {
                    "period_end": month.last_day.isoformat(),
                    "person_number": f"P{person}",
                    "band": posts[at >= change],
                    "department": wards[at >= change],
                    "start_date": start.isoformat(),
                    "leaving_date": "" if left is None else left.isoformat(),
                    "care_certificate_date": certified if certified <= month.last_day.isoformat() else "",
                    "highest_qualification_level": draw(st.sampled_from(["", "1", "3"])),
                    "sex": draw(st.sampled_from(["Female", "Male", "Not stated", ""])),
                }
            )
    return rows or [{"department": "Ward 1"}]


@settings(max_examples=25, deadline=None)
@given(long_extracts())
def test_turnover_is_made_of_the_same_people_as_joiners_leavers_and_headcount(rows: list[Row]) -> None:
    loaded = load(rows)
    whole = figures(loaded, population="trust workforce", breakdown="all")
    series = whole.pivot_table(index="period", columns="series", values="numerator")
    for at, period in enumerate(series.index):
        window = series.iloc[max(0, at - 11) : at + 1]
        if len(window) < 12 or Month.parse(window.index[0]) + 11 != Month.parse(period):
            continue
        one = whole[(whole["series"] == "turnover") & (whole["period"] == period)]
        first = window.iloc[0]
        opening = first["headcount"] + first["leavers"] - first["joiners"]
        assert one["numerator"].item() == window["leavers"].sum()
        assert one["denominator"].item() == (opening + window["headcount"].iloc[-1]) / 2


@settings(max_examples=25, deadline=None)
@given(long_extracts())
def test_departments_and_bands_add_up_whatever_the_people(rows: list[Row]) -> None:
    observed = load(rows).observations
    split = observed["breakdown"].str.extract("^(department|band)=")[0]
    key = ["organisation", "series", "population", "period"]
    parts = observed.assign(way=split).dropna(subset=["way"]).groupby([*key, "way"])[["numerator", "denominator"]].sum()
    whole = observed[observed["breakdown"] == "all"].set_index(key)[["numerator", "denominator"]].fillna(0)
    for way in set(split.dropna()):
        mine = parts[parts.index.get_level_values("way") == way].droplevel("way")
        pd.testing.assert_frame_equal(mine, whole.loc[mine.index])


@settings(max_examples=25, deadline=None)
@given(long_extracts())
def test_answers_and_silence_make_everybody_in_post(rows: list[Row]) -> None:
    observed = load(rows).observations
    told = observed[observed["breakdown"].str.startswith("sex=") & (observed["series"] == "local-diversity")]
    people = told.groupby(["population", "period"])["numerator"].sum()
    head = observed[(observed["series"] == "headcount") & (observed["breakdown"] == "all")]
    counted = head.set_index(["population", "period"])["value"]
    assert (people == counted.loc[people.index]).all()


@settings(max_examples=25, deadline=None)
@given(long_extracts())
def test_nobody_is_counted_twice_among_newcomers(rows: list[Row]) -> None:
    observed = load(rows).observations
    series = observed[observed["breakdown"] == "all"].groupby("series")["numerator"].sum()
    due = observed[(observed["series"] == "certificate-in-12-weeks") & (observed["breakdown"] == "all")]
    people = {(row.get("person_number"), row.get("start_date")) for row in rows}
    if "certificate-in-12-weeks" in set(observed["series"]):
        assert due["denominator"].sum() + series["certificate-left-early"] <= len(people)
        assert (due["numerator"] <= due["denominator"]).all()
