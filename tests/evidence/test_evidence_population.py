"""Residents by age and ethnic group, and apprenticeships in the public sector."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from t4c_lib.evidence import Loaded, read_files
from t4c_lib.evidence.publication import family

from .layouts import DFE, ETHNIC_GROUPS, RESIDENTS, WHITE
from .publication_files import as_csv, picked, read_bytes, refused, rows_of, states

pytestmark = pytest.mark.unit
COLUMNS = family("apprenticeship_target").publications[0].columns


def groups(*rows: tuple[str, str]) -> str:
    return as_csv(
        [{"ltla21_code": "E06000001", "ltla21_name": "A", "ethnic_group": one, "value": two} for one, two in rows]
    )


@pytest.fixture(scope="module")
def people(shared: Path) -> Loaded:
    return read_files([shared / "data/population/population20_ltla21.csv"])[0]


@pytest.fixture(scope="module")
def census(shared: Path) -> Loaded:
    return read_files([shared / "data/population/ethnicity21_ltla21.csv.gz"])[0]


def test_the_population_of_mid_2020_is_read_whole(people: Loaded) -> None:
    assert (people.source.publication, people.source.rows, len(people.organisations)) == ("population-by-age", 331, 331)
    observed = people.observations
    whole = observed[observed["breakdown"] == "all"]
    assert whole["value"].sum() == 59_719_724  # England and Wales, as the Office for National Statistics prints it
    assert observed[observed["breakdown"] == "age=16-24"]["value"].sum() == 6_296_241
    assert set(observed["period"]) == {"2020-06-30"}


def test_ages_add_up_to_16_to_24_working_age_and_all(people: Loaded, shared: Path) -> None:
    row = next(
        row for row in rows_of(shared / "data/population/population20_ltla21.csv") if row["ltla21_name"] == "Leeds"
    )
    one = {"organisation": row["ltla21_code"], "series": "population"}
    assert picked(people, breakdown="age=16-24", **one)["value"] == sum(float(row[str(age)]) for age in range(16, 25))
    assert picked(people, breakdown="age=16-64", **one)["value"] == sum(float(row[str(age)]) for age in range(16, 65))
    ages = people.observations[people.observations["organisation"] == row["ltla21_code"]]
    single = ages[ages["breakdown"].str.fullmatch(r"age=(\d+|90\+)")]
    assert len(single) == 91
    assert single["value"].sum() == float(row["total_population"])


def test_the_census_is_read_whole_and_its_one_label_with_two_spaces_too(census: Loaded) -> None:
    assert (census.source.publication, census.source.rows) == ("ethnicity-by-area", 12_578)
    observed = census.observations
    whole = observed[observed["breakdown"] == "all"].set_index("organisation")["value"]
    assert whole.sum() == 59_597_578
    main = observed[observed["breakdown"].str.fullmatch("ethnicity=[^:]*")]
    assert len(set(main["breakdown"])) == 5
    assert main.groupby("organisation")["value"].sum().equals(whole.sort_index())
    detailed = observed[observed["breakdown"].str.contains(": ")]
    assert len(set(detailed["breakdown"])) == 19
    assert detailed["value"].sum() == whole.sum()


def test_nobody_of_an_age_is_zero(tmp_path: Path) -> None:
    row = {**RESIDENTS, "18": "0", "total_population": "90"}
    loaded = read_bytes(tmp_path, as_csv([row]), "population20.csv")
    assert states(loaded, "population", "age=18") == {"E06000001": "zero"}


def test_a_group_of_nobody_is_zero_and_percentages_are_not_counted(tmp_path: Path) -> None:
    rows = [(WHITE, "0.0"), *ETHNIC_GROUPS[1:2], ("White: Roma (percent)", "0.0"), (ETHNIC_GROUPS[3][0], "100.0")]
    loaded = read_bytes(tmp_path, groups(*rows), "census.csv")
    assert states(loaded, "census-groups", "ethnicity=White") == {"E06000001": "zero"}
    assert picked(loaded, breakdown="all")["value"] == 10


@pytest.mark.parametrize(
    ("name", "day"), [("population20_ltla21.csv", "2020-06-30"), ("Population 2022.csv", "2022-06-30")]
)
def test_the_year_of_the_estimates_is_in_the_files_name(name: str, day: str, tmp_path: Path) -> None:
    assert set(read_bytes(tmp_path, as_csv([RESIDENTS]), name).observations["period"]) == {day}


def test_the_excerpt_of_the_department_for_education_is_reproduced(shared: Path) -> None:
    (loaded,) = read_files([shared / "data/apprenticeships/dfe_public_sector_target_excerpt.csv"])
    assert (loaded.source.publication, loaded.source.rows) == ("apprenticeship-target", 4)
    whole = {"breakdown": "all", "period": "2021/22", "organisation": "E92000001"}
    assert picked(loaded, series="apprenticeship-starts", **whole)["value"] == 63_700
    assert picked(loaded, series="headcount", **whole)["value"] == 3_634_100
    target = picked(loaded, series="apprenticeship-target", **whole)
    assert (target["numerator"], target["denominator"]) == (63_700, 3_565_400)
    assert round(target["value"] * 100, 1) == 1.8


def test_new_apprentices_by_sub_sector_recast_to_the_published_table(shared: Path, tmp_path: Path) -> None:
    rows = []
    for row in rows_of(shared / "data/apprenticeships/dfe_new_apprentices_thousands_by_sub_sector.csv"):
        for year in ("2017-18", "2018-19", "2019-20", "2020-21", "2021-22"):
            figure = "x" if row[year] == "no data" else row[year]
            blank = dict.fromkeys(COLUMNS, "z")
            rows.append({**DFE, **blank, **{name: DFE[name] for name in COLUMNS[:6]}, "sub_sector": row["sub_sector"],
                         "time_period": year.replace("-", ""), "app_new": figure})  # fmt: skip
    loaded = read_bytes(tmp_path, as_csv(rows, COLUMNS), "table.csv")
    assert loaded.source.rows == 45
    nhs = loaded.observations[
        (loaded.observations["series"] == "apprenticeship-starts")
        & (loaded.observations["breakdown"] == "sub-sector=NHS")
    ]
    assert dict(zip(nhs["period"], nhs["value"], strict=True)) == {
        "2017/18": 13_900, "2018/19": 19_600, "2019/20": 18_300, "2020/21": 19_900, "2021/22": 21_600,
    }  # fmt: skip
    academies = picked(loaded, series="apprenticeship-starts", breakdown="sub-sector=Academies/MATs", period="2017/18")
    assert academies["state"] == "missing"
    assert set(loaded.observations[loaded.observations["series"] == "headcount"]["state"]) == {"not applicable"}


def test_the_signs_of_the_table_are_four_different_things(tmp_path: Path) -> None:
    marks = {"z": "not applicable", "x": "missing", "c": "suppressed", "0": "zero"}
    for mark, state in marks.items():
        loaded = read_bytes(tmp_path, as_csv([{**DFE, "app_end": mark}], COLUMNS), "table.csv")
        assert picked(loaded, series="apprentices")["state"] == state
    hidden = read_bytes(tmp_path, as_csv([{**DFE, "app_new": "c", "pct_target_inyr": "c"}], COLUMNS), "table.csv")
    assert picked(hidden, series="apprenticeship-target")["state"] == "suppressed"


def dfe(**change: str) -> str:
    return as_csv([{**DFE, **change}], COLUMNS)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (
            as_csv([RESIDENTS]),
            "residents.csv",
            ["the file does not say which year", "the file name it was published with"],
        ),
        (
            as_csv([{**RESIDENTS, "18": "2"}]),
            "population20.csv",
            ["row 2, column total_population", "91 is given", "to 92"],
        ),
        (as_csv([{**RESIDENTS, "18": "1.5"}]), "population20.csv", ["row 2, column 18", "'1.5' is not a whole number"]),
        (as_csv([{**RESIDENTS, "18": ""}]), "population20.csv", ["row 2, column 18", "is blank"]),
        (
            as_csv([{**RESIDENTS, "ltla21_code": "Leeds"}]),
            "population20.csv",
            ["'Leeds' is not a code of a local authority"],
        ),
        (as_csv([RESIDENTS, RESIDENTS]), "population20.csv", ["row 3, column ltla21_code", "as in row 2"]),
        (groups(("White: Roman (numbr)", "3")), "c.csv", ["row 2, column ethnic_group", "(number) or (percent)"]),
        (
            groups(*ETHNIC_GROUPS[:2], (ETHNIC_GROUPS[2][0], "70.0")),
            "c.csv",
            ["row 4, column value", "70 percent is given", "give 75.0"],
        ),
        (groups(ETHNIC_GROUPS[0], ETHNIC_GROUPS[0]), "c.csv", ["row 3, column ethnic_group", "as in row 2"]),
        (groups(ETHNIC_GROUPS[0], ETHNIC_GROUPS[3]), "c.csv", ["row 3, column ethnic_group", "without its number"]),
        (dfe(time_period="202123"), "t.csv", ["row 2, column time_period", "not two consecutive years"]),
        (
            dfe(time_period="2021/22"),
            "t.csv",
            ["column time_period", "'2021/22' is not a financial year such as 202122"],
        ),
        (
            dfe(pct_target_inyr="2.7"),
            "t.csv",
            ["row 2, column pct_target_inyr", "2.7 percent is given", "gives 1.7 percent"],
        ),
        (dfe(app_new="*"), "t.csv", ["row 2, column app_new", "'*' is not a number"]),
        (dfe(app_new=""), "t.csv", ["row 2, column app_new", "is blank"]),
        (
            as_csv([DFE, DFE], COLUMNS),
            "t.csv",
            ["row 3, column sub_sector", "the same year, country and sub-sector as in row 2"],
        ),
    ],
)
def test_a_broken_file_is_refused_in_words_that_help(content: str, name: str, words: list[str], tmp_path: Path) -> None:
    message = refused(tmp_path, content, name)
    missing = [word for word in words if word not in message]
    assert not missing, f"{missing} not in:\n{message}"


def test_the_census_may_come_packed(tmp_path: Path) -> None:
    loaded = read_bytes(tmp_path, gzip.compress(groups(*ETHNIC_GROUPS).encode()), "c.csv.gz")
    assert picked(loaded, breakdown="ethnicity=White")["value"] == 30
