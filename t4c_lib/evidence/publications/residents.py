"""Residents by local authority: checks and sums of the tables that residents.yaml declares and explains."""

import re
from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd

from t4c_lib.errors import Problem
from t4c_lib.evidence.column_checks import Floats
from t4c_lib.evidence.observation_frames import each, observed
from t4c_lib.evidence.observations import ALL, AUTHORITY, Organisation
from t4c_lib.evidence.slips import said
from t4c_lib.evidence.table_layout import CheckedRows, CountSeries

CODE, TOTAL = "ltla21_code", "total_population"
AGES = tuple(str(age) for age in range(90))
LAST = "90+"
YOUNG, WORKING = (16, 24), (16, 64)  # both included
GROUP, VALUE = "ethnic_group", "value"
# As the census heads its main groups.
_ASIAN, _BLACK = "Asian, Asian British or Asian Welsh", "Black, Black British, Black Welsh, Caribbean or African"
MAIN_GROUPS = (_ASIAN, _BLACK, "Mixed or Multiple ethnic groups", "White", "Other ethnic group")
_YEAR = re.compile(r"population[-_ ]?(?P<short>\d{2})(?!\d)|(?<!\d)(?P<long>20\d{2})(?!\d)", re.IGNORECASE)
_LABEL = rf"^(?P<main>{'|'.join(MAIN_GROUPS)}): (?P<group>.+?) \((?P<kind>number|percent)\)$"
_TOLERANCE = 0.06  # percentages are printed with one decimal
authority = partial(Organisation, type=AUTHORITY)


def read_day(checks: CheckedRows) -> None:
    """The day of a mid-year estimate: 30 June of the year in the file's name."""
    if (match := _YEAR.search(checks.table.source)) is None:
        checks.problems.append(Problem("", *said("no year in the name")))
        return
    checks.period[:] = f"{match['long'] or 2000 + int(match['short'])}-06-30"
    checks.notes.append(f"Residents on {checks.period[0]}, by 2021 boundaries.")


def check_total(checks: CheckedRows) -> None:
    """The total must be what the ages add up to."""
    total, made = checks.figures[TOTAL].number, _aged(checks, 0, len(AGES))
    checks.where(np.abs(made - total) > 0.5, TOTAL, *said("total differs from ages"), total=total, made=made)


def _aged(rows: CheckedRows, low: int, high: int) -> Floats:
    """People from one age to another, both included."""
    return np.asarray(sum(rows.figures[age].number for age in (*AGES, LAST)[low : high + 1]), dtype=np.float64)


def by_age(rows: CheckedRows) -> Iterator[pd.DataFrame]:
    """Everybody, each year of age, young people and those of working age."""
    for column, group in ((TOTAL, ALL), *((age, f"age={age}") for age in (*AGES, LAST))):
        yield from CountSeries("population", column, "people", breakdown=group)(rows)
    for low, high in (YOUNG, WORKING):
        group = f"age={low}-{high}"
        yield observed(rows.frame, series="population", breakdown=group, value=_aged(rows, low, high), unit="people")


def _labels(rows: CheckedRows) -> pd.DataFrame:
    """Each row's label; its main group, group and kind (number or percent), NaN where it is none of the census's."""
    made, which = each(rows.table, [GROUP], lambda text: " ".join(text.split()))
    labels = pd.Series(made, dtype="str")
    return labels.str.extract(_LABEL).assign(label=labels).iloc[which].reset_index(drop=True)


def check_groups(checks: CheckedRows) -> None:
    """Labels are the census's, none is there twice, and each percentage is its number over those of its authority."""
    labels, texts = _labels(checks), checks.table.texts(GROUP)
    checks.where(np.asarray(labels["kind"].isna()) & (texts != ""), GROUP, *said("no group of the census"), text=texts)
    keys = [checks.table.keys(CODE), pd.factorize(labels["label"])[0]]
    checks.unique(keys, GROUP, "the same local authority and group as in")
    if checks.problems:
        return
    rows = labels.assign(organisation=checks.table.texts(CODE), value=checks.figures[VALUE].number)
    key = ["organisation", "main", "group"]
    numbers = rows[rows["kind"] == "number"].set_index(key)["value"]
    percent = (rows["kind"] == "percent").to_numpy()
    part = numbers.reindex(pd.MultiIndex.from_frame(rows[key])).to_numpy(np.float64)
    total = numbers.groupby("organisation").sum().reindex(rows["organisation"]).to_numpy(np.float64)
    due = np.divide(100 * part, total, out=np.full(len(rows), np.nan), where=total > 0)
    given = checks.figures[VALUE].number
    checks.where(percent & np.isnan(part), GROUP, "a percentage is given without its number.")
    wrong = percent & (np.abs(given - due) > _TOLERANCE)
    checks.where(wrong, VALUE, *said("percentage differs from numbers"), given=given, due=due)


def ethnic_groups(rows: CheckedRows) -> Iterator[pd.DataFrame]:
    """All, the five main groups ("ethnicity=White"), and the groups below them."""
    labels = _labels(rows)
    numbers = rows.frame.join(labels).assign(value=rows.figures[VALUE].number)[labels["kind"] == "number"]
    for parts in ([], ["main"], ["main", "group"]):
        sums = numbers.groupby(["organisation", "period", "population", *parts])["value"].sum().reset_index()
        named = [f"ethnicity={': '.join(row)}" for row in sums[parts].itertuples(index=False)] if parts else ALL
        value = sums["value"].to_numpy(np.float64)
        yield observed(sums, series="census-groups", breakdown=named, value=value, unit="people")
