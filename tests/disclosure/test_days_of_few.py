"""Days of sickness: no rate of few people is published, nor can one be worked out of those that are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from t4c_lib.disclosure.check import check_folder
from t4c_lib.disclosure.published import publish
from t4c_lib.disclosure.relations import SeriesSums
from t4c_lib.disclosure.suppression_policy import AS_PUBLISHED, LEFT_OUT, ROUNDED, SMALL_BASE, TREATMENT, Policy, policy
from t4c_lib.progress.provenance import (
    PROVENANCE_COLUMNS,
    provenance_table,
    published_figures,
    series_of_time,
    series_sums,
    write_provenance,
)
from t4c_lib.store import Store
from tests.samples import some_of

SUPPORT, EVERYBODY = "support staff", "trust workforce"
WITHIN = SeriesSums(within=frozenset({(SUPPORT, EVERYBODY)}))
FEWEST_DAYS = 600  # those of 20 people in a month


def days(rows: dict[tuple[str, str], float]) -> pd.DataFrame:
    """Days available of one month, by population and department; every tenth was lost."""
    made = [
        (
            "sickness",
            population,
            name if name == "all" else f"department={name}",
            "2026-03",
            base / 10,
            base,
            0.1,
            "counted",
        )
        for (population, name), base in rows.items()
    ]
    names = ["series", "population", "breakdown", "period", "numerator", "denominator", "value", "state"]
    return pd.DataFrame(made, columns=names)


def treated(rows: dict[tuple[str, str], float]) -> dict[tuple[str, str], str]:
    table, none = days(rows), [False] * len(rows)
    public = publish(table, official=none, of_time=[True] * len(rows), policy=Policy(), sums=WITHIN).table
    assert public["denominator"].isna().equals(public[TREATMENT] != ROUNDED)
    return dict(zip(rows, public[TREATMENT], strict=True))


@pytest.mark.unit
def test_a_department_that_alone_is_of_few_people_takes_the_others_with_it() -> None:
    found = treated(
        {
            (EVERYBODY, "all"): 4_030,
            (EVERYBODY, "North"): 2_000,
            (EVERYBODY, "South"): 2_000,
            (EVERYBODY, "Transport"): 30,
        }
    )
    assert list(found.values()) == [ROUNDED, LEFT_OUT, LEFT_OUT, SMALL_BASE]


@pytest.mark.unit
def test_two_departments_of_few_people_that_are_enough_together_hide_each_other() -> None:
    found = treated(
        {(EVERYBODY, "all"): 2_900, (EVERYBODY, "North"): 2_000, (EVERYBODY, "East"): 450, (EVERYBODY, "West"): 450}
    )
    assert list(found.values()) == [ROUNDED, ROUNDED, SMALL_BASE, SMALL_BASE]


@pytest.mark.unit
@pytest.mark.parametrize("others", [0, 190])
def test_few_who_are_not_support_staff_in_a_department_cost_those_of_support_staff(others: float) -> None:
    rows = {
        (EVERYBODY, "all"): 6_000 + others,
        (EVERYBODY, "North"): 3_000 + others,
        (EVERYBODY, "South"): 3_000,
        (SUPPORT, "all"): 4_000,
        (SUPPORT, "North"): 3_000,
        (SUPPORT, "South"): 1_000,
    }
    assert list(treated(rows).values()) == [ROUNDED] * 4 + [LEFT_OUT] * 2


@pytest.mark.flow
@pytest.mark.parametrize("code", some_of(["DEMO-SC", "DEMO-MH", "DEMO-CO"], 1))
def test_no_rate_of_few_people_follows_from_what_is_published(code: str, demonstration: Path) -> None:
    """A linear programme that shares nothing with what is asked at making but the policy's numbers."""
    with Store.open(demonstration) as store:
        observations, sources = store.observations(code), store.sources(code)
    public = published_figures(observations, sources).table
    rows = public[public["series"].isin(series_of_time()) & (public[TREATMENT] != AS_PUBLISHED)]
    rows = rows[rows["breakdown"].eq("all") | rows["breakdown"].str.startswith("department=")]
    exact = observations.set_index(["series", "population", "breakdown", "period"])["denominator"]
    asked = 0
    for period in sorted(rows.loc[rows["breakdown"] != "all", "period"].unique())[-2:]:
        for what, low, high in ends(rows[rows["period"] == period]):
            asked += 1
            true = sum(sign * exact[("sickness", population, name, period)] for sign, population, name in what)
            assert low - 1e-6 <= true <= high + 1e-6
            assert high - low > 100 or low > FEWEST_DAYS - 20, (period, what, low, high)
    assert asked > 10


def ends(rows: pd.DataFrame) -> list[tuple[list[tuple[int, str, str]], float, float]]:
    """The fewest and the most days of each department, and of those in it who are not support staff."""
    names = zip(rows["population"].astype(str), rows["breakdown"].astype(str), strict=True)
    cells = {name: place for place, name in enumerate(names)}
    half = policy().rounded_to / 2
    shown = rows["denominator"].to_numpy()
    bounds = [(max(0.0, at - half), at + half) if not np.isnan(at) else (0.0, None) for at in shown]
    equal, within = [], []
    for population in (SUPPORT, EVERYBODY):
        row = np.zeros(len(cells))
        for (one, name), place in cells.items():
            if one == population:
                row[place] = -1 if name == "all" else 1
        equal.append(row)
    for (population, name), place in cells.items():
        if population == SUPPORT and (EVERYBODY, name) in cells:
            row = np.zeros(len(cells))
            row[place], row[cells[EVERYBODY, name]] = 1, -1
            within.append(row)
    asked = [[(1, population, name)] for population, name in cells]
    asked += [[(1, EVERYBODY, name), (-1, SUPPORT, name)] for population, name in cells if population == SUPPORT]
    found = []
    for what in asked:
        aim = np.zeros(len(cells))
        for sign, population, name in what:
            aim[cells[population, name]] = sign
        least, most = (
            linprog(way * aim, A_ub=within, b_ub=np.zeros(len(within)), A_eq=equal, b_eq=[0, 0], bounds=bounds)
            for way in (1, -1)
        )
        assert least.status == 0
        assert most.status in {0, 3}
        found.append((what, float(least.fun), float(-most.fun) if most.status == 0 else np.inf))
    return found


@pytest.mark.detail
@pytest.mark.flow
def test_the_check_finds_a_rate_of_few_people_in_a_table_that_was_made_without_this(
    demonstration: Path, tmp_path: Path
) -> None:
    with Store.open(demonstration) as store:
        observations, sources = store.observations("DEMO-SC"), store.sources("DEMO-SC")
    figures = published_figures(observations, sources)
    write_provenance(provenance_table(figures, sources), tmp_path / "figures.csv")
    assert not found_in(tmp_path)
    table = pd.read_csv(tmp_path / "figures.csv", dtype=str, keep_default_na=False)
    keys = ["series", "population", "breakdown", "period"]
    exact = observations.set_index(keys)
    for row in np.flatnonzero((table["series"] == "sickness") & (table[TREATMENT] == LEFT_OUT)):
        known = exact.loc[tuple(table.loc[row, keys])]
        parts = [5 * round(known[name] / 5) for name in ("numerator", "denominator")]
        table.loc[row, ["numerator", "denominator", "value", TREATMENT]] = [
            *map(str, parts), repr(parts[0] / parts[1]), ROUNDED,
        ]  # fmt: skip
    table.to_csv(tmp_path / "figures.csv", index=False)
    found = found_in(tmp_path)
    assert any("those of support staff who are in no group that is shown" in one for one in found)
    assert any("in department=Residential who are not support staff" in one for one in found)


def found_in(folder: Path) -> list[str]:
    sums, columns = series_sums(), PROVENANCE_COLUMNS
    checked = check_folder(folder, policy(), of_time=series_of_time(), sums=sums, columns=columns)
    return [str(one) for one in checked.findings]
