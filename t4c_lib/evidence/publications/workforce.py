"""NHS workforce statistics: FTE and headcount by staff group, in the layouts Core 1, Core 5 and monthly.

Core 1 (since autumn 2025): England, regions, ICS areas, organisations. No original was seen: four public programs agree
on the names of its columns, and on "All staff groups" as the parent of the groups below it. A parent row is told as it
is printed and never added to its children; headcounts of children may come to more than the parent, as a person may
work in two groups.

Core 5 (since autumn 2025): staff other than doctors by organisation, group, setting, level, band; groups carry prefixes
that sort them (`002_Nurses & health visitors`). It is the only publication known here with bands by trust, so it gives
support staff as this framework means them: bands 1 to 4. The rows are added up; a row that stands for all of a column
("All ...") is a parent of others and is left out of sums. A person with posts in two cells is in the headcount of both,
so that headcounts here are a little too high.

Monthly (until autumn 2025): FTE and headcount (HC) stand on rows of their own, and the file holds every month since
2009. No original was seen: two public programs agree on the columns; the two for the ICS are not in older files.

By nationality, September 2017 and June 2018: an Excel workbook of NHS Digital. A supplementary publication, and old,
but by trust it has support staff. Nationality is not ours to ask: FTE is added up over it. The workbook's notes say
that figures were adjusted to prevent disclosure and rounded to whole numbers; they are in fact printed with decimals,
so that only sums of many cells can be relied on.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from t4c_lib.evidence.breakdowns import ALL_GROUPS, NOTE_ON_GROUPS, SUPPORT_TO_CLINICAL, is_whole, plain, whom
from t4c_lib.evidence.column_checks import ColumnChecks
from t4c_lib.evidence.csv_table import DataTable
from t4c_lib.evidence.dates import read_month_ends, read_months
from t4c_lib.evidence.files import folded
from t4c_lib.evidence.observation_frames import (
    AREA_TYPE,
    ENGLAND,
    ORGANISATION_COLUMNS,
    REGION_TYPE,
    Figures,
    Words,
    check_codes,
    each,
    figures,
    observed,
    organisations,
    rows_of,
    texts,
    together,
    words,
)
from t4c_lib.evidence.observations import ALL, OGL_ATTRIBUTION, SUPPORT_STAFF, TRUST_WORKFORCE, Organisation
from t4c_lib.evidence.publication import FileContents, Publication, WorkbookPublication
from t4c_lib.evidence.xlsx_workbook import Sheet, Workbook

REGION, REGION_NAME, ICS, ICS_NAME, CODE, NAME = ORGANISATION_COLUMNS
MONTH, LEVEL, MAIN, GROUP, GRADE = "DATA_MONTH", "DATA_LEVEL", "MAIN_STAFF_GROUP", "STAFF_GROUP_1", "GRADE"
LEVELS = ("National", "NHS England region", "ICS area", "Organisation")
DETAIL = ("STAFF_GROUP_2", "CARE_SETTING", "LEVEL", GRADE)
CORE_1 = (MONTH, LEVEL, *ORGANISATION_COLUMNS, MAIN, GROUP, "FTE", "HEADCOUNT")
CORE_5 = (*CORE_1[:-2], *DETAIL, *CORE_1[-2:])
_UNITS = {"fte": "FTE", "headcount": "people"}  # of each series
_KEY = ["organisation", "period", "population", "breakdown"]
_SUPPORT_BAND = re.compile(r"band [1-4]", re.IGNORECASE)

DATE, TYPE, TOTAL = "Date", "Data Type", "Total"
MONTHLY_NAMES = ("Org Code", "Org Name", "Cluster Group", "NHSE_Region_Code", "ICS code")
MONTHLY_GROUP = "Staff Group"
MONTHLY = (
    DATE, "NHSE_Region_Code", "NHSE_Region_Name", "Org Code", "Org Name", "Cluster Group", "Benchmark Group",
    "Staff Group Sort Order", MONTHLY_GROUP, TYPE, TOTAL,
)  # fmt: skip
KINDS = ("FTE", "HC")
MOST_STAFF = 5e6


def read_core_1(table: DataTable) -> FileContents:
    """Series `fte` and `headcount` for each organisation or area, staff group and month."""
    months, figures_of = _checked(
        table, (), GROUP, "the same organisation, staff group and month as in", "Delete one of them."
    )
    codes, told = organisations_by_row(table)
    rows = rows_of(table, CODE, months, GROUP, MAIN).assign(organisation=codes)
    parts = [
        observed(rows, series=series, value=column.number, state=column.state, unit=_UNITS[series])
        for series, column in figures_of.items()
    ]
    return FileContents(told, together(parts), (NOTE_ON_GROUPS,))


def read_core_5(table: DataTable) -> FileContents:
    """Series `fte` and `headcount`: support staff (bands 1 to 4), staff groups, bands, and support by band."""
    message = "the same organisation, group, care setting, level and grade as in"
    months, figures_of = _checked(table, DETAIL, GRADE, message, "Delete one.")
    codes, told = organisations_by_row(table)
    rows = pd.DataFrame({"organisation": codes, "period": months})
    for name, column in (("main", MAIN), ("group", GROUP), ("band", GRADE)):
        rows[name] = words(*each(table, [column], plain))
    for series, figure in figures_of.items():
        rows[series] = figure.number
    parents = np.any([words(*each(table, [name], is_whole)).astype(bool) for name in (MAIN, GROUP, *DETAIL)], axis=0)
    return FileContents(told, _sums_of(rows[~parents]), _notes(int(parents.sum())))


def _checked(
    table: DataTable, detail: tuple[str, ...], column: str, twice: str, hint: str
) -> tuple[NDArray[np.object_], dict[str, Figures]]:
    """The months and the figures of each series in a layout of Core 1 or 5; `detail` are the columns that 5 adds."""
    checks = ColumnChecks(table)
    checks.filled([MONTH, MAIN, GROUP, *detail[-1:]])
    check_levels(checks)
    months = read_month_ends(checks, MONTH)
    fte = figures(checks, "FTE", 0, MOST_STAFF, unit="FTE")
    people = figures(checks, "HEADCOUNT", 0, MOST_STAFF, unit="people", whole=True)
    checks.unique_rows((MONTH, LEVEL, REGION, ICS, CODE, MAIN, GROUP, *detail), column, twice, hint)
    checks.refuse()
    return months, {"fte": fte, "headcount": people}


def _sums_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Sums by group, main group, band, band of support to clinical staff, and of bands 1 to 4."""
    cells = ["organisation", "period", "main", "group", "band"]
    grouped = rows.groupby(cells, sort=False)
    sums = grouped[list(_UNITS)].sum()
    for series in _UNITS:  # a sum of which a part is not known is not known
        sums.loc[grouped[series].count() < grouped.size(), series] = np.nan
    rows = sums.reset_index()
    in_support = (rows["main"].str.casefold() == SUPPORT_TO_CLINICAL).to_numpy()
    in_bands = rows["band"].str.fullmatch(_SUPPORT_BAND).to_numpy(dtype=bool)
    own = [whom(group, main) for main, group in zip(rows["main"], rows["group"], strict=True)]
    main = [whom(ALL_GROUPS, main) for main in rows["main"]]
    bands = ("band=" + rows["band"]).to_numpy(dtype=object)
    parts = [
        _sums(rows, [one for one, _ in own], [two for _, two in own]),
        _sums(rows, [one for one, _ in main], [two for _, two in main]),
        _sums(rows, TRUST_WORKFORCE, bands),
        _sums(rows[in_support], SUPPORT_TO_CLINICAL, bands[in_support]),
        _sums(rows[in_bands], SUPPORT_STAFF, ALL),
    ]
    return together([part for part in parts if len(part)]).drop_duplicates(ignore_index=True)


def _sums(rows: pd.DataFrame, population: Words, breakdown: Words) -> pd.DataFrame:
    named = rows.assign(population=population, breakdown=breakdown)
    frames = []
    for series, unit in _UNITS.items():
        grouped = named.groupby(_KEY, sort=False)[series]
        value = np.where(grouped.count() < grouped.size(), np.nan, grouped.sum())
        frames.append(observed(grouped.size().reset_index(), series=series, value=value, unit=unit))
    return pd.concat(frames, ignore_index=True)


def _notes(parents: int) -> tuple[str, ...]:
    notes = ["Doctors are not in this file, so there is no total for the whole workforce."]
    notes.append("Headcounts are added up from the file's rows: a person with posts in two of them is counted twice.")
    if parents:
        notes.append(f"{parents:,} total rows were left out of the sums.")
    return tuple(notes)


def read_monthly(table: DataTable) -> FileContents:
    """Series `fte` and `headcount` for each organisation, staff group and month."""
    checks = ColumnChecks(table)
    code, name = MONTHLY_NAMES[:2]
    checks.filled([DATE, code, name, MONTHLY_GROUP, TYPE])
    check_codes(checks, code)
    months = read_month_ends(checks, DATE)
    kind = checks.choices(TYPE, KINDS)
    total = figures(checks, TOTAL, 0, MOST_STAFF, unit="FTE or people")
    is_fte = kind == KINDS.index("FTE")
    broken = (kind == KINDS.index("HC")) & np.isfinite(total.number) & (total.number % 1 != 0)
    checks.where(
        broken, TOTAL, lambda row: f"{total.number[row]:g} is given as a headcount, which must be a whole number."
    )
    message = "the same organisation, staff group, month and data type as in"
    checks.unique_rows((DATE, code, MONTHLY_GROUP, TYPE), code, message, "Delete one of them.")
    checks.refuse()
    observations = observed(
        rows_of(table, code, months, MONTHLY_GROUP),
        series=np.where(is_fte, "fte", "headcount").astype(object),
        value=total.number,
        state=total.state,
        unit=np.where(is_fte, "FTE", "people").astype(object),
    )
    return FileContents(organisations(table, *MONTHLY_NAMES), together([observations]), (NOTE_ON_GROUPS,))


def check_levels(checks: ColumnChecks) -> None:
    """Every row must say its level and have the code that the level needs."""
    checks.filled([LEVEL])
    checks.choices(LEVEL, LEVELS)
    table = checks.table
    levels = texts(table, LEVEL)
    needed = {"nhs england region": REGION, "ics area": ICS, "organisation": CODE}
    for level, name in needed.items():
        here = np.array([one.casefold() == level for one in levels], dtype=bool)
        checks.where(here & (texts(table, name) == ""), name, partial(_blank, levels))


def _blank(levels: NDArray[np.object_], row: int) -> str:
    return f"is blank on a row with level '{levels[row]}'."


def organisations_by_row(table: DataTable) -> tuple[NDArray[np.object_], tuple[Organisation, ...]]:
    """Whom each row is about (England, a region, an ICS's area or an employer), by code; and all of them."""
    names = (LEVEL, REGION, REGION_NAME, ICS, ICS_NAME, CODE, NAME)
    made, which = each(table, names, lambda *parts: _organisation(parts))
    return words([one.code for one in made], which), tuple({one.code: one for one in made}.values())


def _organisation(row: tuple[str, ...]) -> Organisation:
    level, region, region_name, ics, ics_name, code, name = row
    match level.casefold():
        case "national":
            return ENGLAND
        case "nhs england region":
            return Organisation(region, region_name or region, REGION_TYPE, region)
        case "ics area":
            # The bare code is that of its board, which is an employer of its own.
            return Organisation(f"ICS-{ics}", ics_name or ics, AREA_TYPE, region, ics)
        case _:
            return Organisation(code, name or code, "", region, ics)


_publication = partial(
    Publication,
    publisher="NHS England",
    version=1,
    attribution=OGL_ATTRIBUTION.format(publisher="NHS England, NHS Workforce Statistics"),
)
PUBLICATIONS = (
    _publication(
        key="workforce-core-1",
        title="NHS workforce statistics, Core 1 (staff group)",
        columns=CORE_1,
        required=CORE_1,
        read=read_core_1,
    ),
    _publication(
        key="workforce-core-5",
        title="NHS workforce statistics, Core 5 (care setting, level and grade)",
        columns=CORE_5,
        required=CORE_5,
        read=read_core_5,
    ),
    _publication(
        key="workforce-monthly",
        title="NHS workforce statistics, monthly, staff group and organisation",
        columns=(*MONTHLY, "ICS code", "ICS name"),
        required=MONTHLY,
        read=read_monthly,
        most_rows=3_000_000,
    ),
)


NATIONALITY_NAMES = ("Month", "Organisation code", "Organisation name", "Staff group", "Nationality", "FTE")


def _nationality_place(book: Workbook) -> tuple[Sheet, int] | None:
    wanted = [folded(name) for name in NATIONALITY_NAMES]
    for sheet, number, row in book.heads:
        if [folded(name) for name in row[: len(wanted)]] == wanted:
            return sheet, number
    return None


def read_nationality(book: Workbook) -> FileContents:
    """Series `fte` by organisation and month: all staff, each staff group, and support to clinical staff together."""
    place = _nationality_place(book)
    if place is None:
        raise ValueError("read() is for workbooks that is_like() knows")
    table = place[0].table(place[1], NATIONALITY_NAMES)
    checks = ColumnChecks(table)
    month, code, name, group, nationality, fte_column = NATIONALITY_NAMES
    checks.filled(NATIONALITY_NAMES)
    check_codes(checks, code)
    months = read_months(checks, month)
    fte = figures(checks, fte_column, 0, MOST_STAFF, unit="FTE")
    checks.unique_rows(
        (month, code, group, nationality),
        nationality,
        "the same organisation, staff group, nationality and month as in",
    )
    checks.refuse()
    rows = rows_of(table, code, months, group).assign(fte=fte.number)
    support = rows[rows["population"] == SUPPORT_TO_CLINICAL].assign(breakdown=ALL)
    whole = rows.assign(population=TRUST_WORKFORCE, breakdown=ALL)
    found = pd.concat([rows, support, whole]).groupby(_KEY, sort=False)["fte"].sum().reset_index()
    value = found["fte"].to_numpy(dtype=np.float64)
    observations = observed(found, series="fte", value=value, unit="FTE")
    told = tuple(replace(one, type=_kind_of(one.name)) for one in organisations(table, code, name))
    notes = (
        f"Totals over {len(set(texts(table, nationality)))} nationalities. The publisher adjusted figures to prevent "
        "disclosure, so totals are approximate.",
        NOTE_ON_GROUPS,
    )
    return FileContents(told, together([observations]), notes, rows=table.rows)


def _kind_of(name: str) -> str:
    if re.search(r"\bCCG$|Clinical Commissioning Group", name):
        return "Clinical commissioning group"
    return "NHS trust" if re.search(r"\bTrust$", name) else ""


NATIONALITY = WorkbookPublication(
    key="staff-by-nationality",
    title="staff by staff group, nationality and organisation",
    publisher="NHS Digital",
    layout=f"a sheet with the columns {', '.join(NATIONALITY_NAMES)}",
    version=1,
    attribution=OGL_ATTRIBUTION.format(publisher="NHS Digital, NHS Hospital & Community Health Service staff"),
    is_like=lambda book: _nationality_place(book) is not None,
    read=read_nationality,
)
