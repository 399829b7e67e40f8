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

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from t4c_lib.evidence.breakdowns import ALL_GROUPS, NOTE_ON_GROUPS, SUPPORT_TO_CLINICAL, is_whole, plain, whom
from t4c_lib.evidence.observation_frames import (
    AREA_TYPE,
    ENGLAND,
    ORGANISATION_COLUMNS,
    REGION_TYPE,
    Words,
    each,
    observed,
    together,
    words,
)
from t4c_lib.evidence.observations import ALL, OGL_ATTRIBUTION, SUPPORT_STAFF, TRUST_WORKFORCE, Organisation
from t4c_lib.evidence.publication import Publication, WorkbookPublication, sheets_with
from t4c_lib.evidence.table_layout import (
    ANY,
    CODE,
    FILLED,
    MONTH,
    MONTH_END,
    CheckedRows,
    ChoiceColumn,
    ColumnKind,
    CountSeries,
    FileContents,
    NumberColumn,
    TableLayout,
)
from t4c_lib.evidence.xlsx_workbook import Workbook

REGION, _, ICS, _, ORG_CODE, _ = ORGANISATION_COLUMNS
DATA_MONTH, LEVEL, MAIN, GROUP, GRADE = "DATA_MONTH", "DATA_LEVEL", "MAIN_STAFF_GROUP", "STAFF_GROUP_1", "GRADE"
DETAIL = ("STAFF_GROUP_2", "CARE_SETTING", "LEVEL", GRADE)
_UNITS = {"fte": "FTE", "headcount": "people"}  # of each series
_KEY = ["organisation", "period", "population", "breakdown"]
_SUPPORT_BAND = re.compile(r"band [1-4]", re.IGNORECASE)
_FTE, _PEOPLE = NumberColumn(5e6, "FTE"), NumberColumn(5e6, "people", whole=True)
# Each level, and the column whose code tells whom a row of it is about.
_LEVELS = {"National": "", "NHS England region": REGION, "ICS area": ICS, "Organisation": ORG_CODE}


def _check_levels(checks: CheckedRows) -> None:
    """Every row must have the code that its level needs."""
    for level, name in _LEVELS.items():
        blank = (checks.chosen[LEVEL] == level) & (checks.texts(name or LEVEL) == "")
        if blank.any():
            checks.add(np.flatnonzero(blank), name, f"is blank on a row with level '{level}'.")


def _organisation(*row: str) -> Organisation:
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


def _sums_of_cells(rows: CheckedRows) -> Iterator[pd.DataFrame]:
    """Sums by group, main group, band, band of support to clinical staff, and of bands 1 to 4."""
    table = rows.table
    cells = pd.DataFrame({"organisation": rows.organisations[1], "period": rows.period})
    for name, column in (("main", MAIN), ("group", GROUP), ("band", GRADE)):
        cells[name] = words(*each(table, [column], plain))
    cells = cells.assign(fte=rows.figures["FTE"].number, headcount=rows.figures["HEADCOUNT"].number)
    parents = np.any([words(*each(table, [name], is_whole)).astype(bool) for name in (MAIN, GROUP, *DETAIL)], axis=0)
    if parents.any():
        rows.notes.append(f"{int(parents.sum()):,} total rows were left out of the sums.")
    grouped = cells[~parents].groupby(["organisation", "period", "main", "group", "band"], sort=False)
    sums = grouped[list(_UNITS)].sum()
    for series in _UNITS:  # a sum of which a part is not known is not known
        sums.loc[grouped[series].count() < grouped.size(), series] = np.nan
    cells = sums.reset_index()
    in_support = (cells["main"].str.casefold() == SUPPORT_TO_CLINICAL).to_numpy()
    in_bands = cells["band"].str.fullmatch(_SUPPORT_BAND).to_numpy(dtype=bool)
    own = [whom(group, main) for main, group in zip(cells["main"], cells["group"], strict=True)]
    main = [whom(ALL_GROUPS, main) for main in cells["main"]]
    bands = ("band=" + cells["band"]).to_numpy(dtype=object)
    parts = [
        _sums(cells, [one for one, _ in own], [two for _, two in own]),
        _sums(cells, [one for one, _ in main], [two for _, two in main]),
        _sums(cells, TRUST_WORKFORCE, bands),
        _sums(cells[in_support], SUPPORT_TO_CLINICAL, bands[in_support]),
        _sums(cells[in_bands], SUPPORT_STAFF, ALL),
    ]
    yield together([part for part in parts if len(part)]).drop_duplicates(ignore_index=True)


def _sums(rows: pd.DataFrame, population: Words, breakdown: Words) -> pd.DataFrame:
    named = rows.assign(population=population, breakdown=breakdown)
    frames = []
    for series, unit in _UNITS.items():
        grouped = named.groupby(_KEY, sort=False)[series]
        value = np.where(grouped.count() < grouped.size(), np.nan, grouped.sum())
        frames.append(observed(grouped.size().reset_index(), series=series, value=value, unit=unit))
    return pd.concat(frames, ignore_index=True)


CORE: dict[str, ColumnKind] = {
    DATA_MONTH: MONTH_END, LEVEL: ChoiceColumn(tuple(_LEVELS)), **dict.fromkeys(ORGANISATION_COLUMNS, ANY),
    MAIN: FILLED, GROUP: FILLED,
}  # fmt: skip
CORE_1 = TableLayout(
    columns={**CORE, "FTE": _FTE, "HEADCOUNT": _PEOPLE},
    unique=(DATA_MONTH, LEVEL, REGION, ICS, ORG_CODE, MAIN, GROUP),
    same="organisation, staff group and month",
    checks=(_check_levels,),
    whose=(LEVEL, *ORGANISATION_COLUMNS),
    organisation=_organisation,
    groups=(GROUP, MAIN),
    series=(CountSeries("fte", "FTE", "FTE"), CountSeries("headcount", "HEADCOUNT", "people")),
    notes=(NOTE_ON_GROUPS,),
)
CORE_5 = replace(
    CORE_1,
    columns={**CORE, **dict.fromkeys(DETAIL[:-1], ANY), GRADE: FILLED, "FTE": _FTE, "HEADCOUNT": _PEOPLE},
    unique=(*CORE_1.unique, *DETAIL),
    same="organisation, group, care setting, level and grade",
    series=(_sums_of_cells,),
    notes=(
        "Doctors are not in this file, so there is no total for the whole workforce.",
        "Headcounts are added up from the file's rows: a person with posts in two of them is counted twice.",
    ),
)

TYPE, TOTAL = "Data Type", "Total"


def _check_headcounts(checks: CheckedRows) -> None:
    total = checks.figures[TOTAL].number
    broken = (checks.chosen[TYPE] == "HC") & np.isfinite(total) & (total % 1 != 0)
    checks.where(broken, TOTAL, lambda row: f"{total[row]:g} is given as a headcount, which must be a whole number.")


MONTHLY = TableLayout(
    columns={
        "Date": MONTH_END, "NHSE_Region_Code": ANY, "NHSE_Region_Name": ANY, "Org Code": CODE, "Org Name": FILLED,
        "Cluster Group": ANY, "Benchmark Group": ANY, "Staff Group Sort Order": ANY, "Staff Group": FILLED,
        TYPE: ChoiceColumn(("FTE", "HC")), TOTAL: NumberColumn(5e6, "FTE or people"),
    },
    optional={"ICS code": ANY, "ICS name": ANY},
    unique=("Date", "Staff Group", TYPE, "Org Code"),
    same="organisation, staff group, month and data type",
    checks=(_check_headcounts,),
    whose=("Org Code", "Org Name", "Cluster Group", "NHSE_Region_Code", "ICS code"),
    groups=("Staff Group",),
    series=(
        CountSeries("fte", TOTAL, "FTE", only=(TYPE, "FTE")),
        CountSeries("headcount", TOTAL, "people", only=(TYPE, "HC")),
    ),
    notes=(NOTE_ON_GROUPS,),
)  # fmt: skip
_ATTRIBUTION = OGL_ATTRIBUTION.format(publisher="NHS England, NHS Workforce Statistics")
_publication = partial(Publication.of, publisher="NHS England", version=1, attribution=_ATTRIBUTION)
PUBLICATIONS = (
    _publication(CORE_1, key="workforce-core-1", title="NHS workforce statistics, Core 1 (staff group)"),
    _publication(
        CORE_5, key="workforce-core-5", title="NHS workforce statistics, Core 5 (care setting, level and grade)"
    ),
    _publication(
        MONTHLY,
        key="workforce-monthly",
        title="NHS workforce statistics, monthly, staff group and organisation",
        most_rows=3_000_000,
    ),
)

NATIONALITY = "Nationality"


def _over_nationalities(rows: CheckedRows) -> Iterator[pd.DataFrame]:
    """FTE of all staff, of each staff group, and of support to clinical staff together."""
    groups = rows.frame.assign(fte=rows.figures["FTE"].number)
    support = groups[groups["population"] == SUPPORT_TO_CLINICAL].assign(breakdown=ALL)
    whole = groups.assign(population=TRUST_WORKFORCE, breakdown=ALL)
    found = pd.concat([groups, support, whole]).groupby(_KEY, sort=False)["fte"].sum().reset_index()
    yield observed(found, series="fte", value=found["fte"].to_numpy(dtype=np.float64), unit="FTE")
    over = f"Totals over {len(set(rows.texts(NATIONALITY)))} nationalities."
    rows.notes.append(f"{over} The publisher adjusted figures to prevent disclosure, so totals are approximate.")


def _kind_of(name: str) -> str:
    if re.search(r"\bCCG$|Clinical Commissioning Group", name):
        return "Clinical commissioning group"
    return "NHS trust" if re.search(r"\bTrust$", name) else ""


BY_NATIONALITY = TableLayout(
    columns={
        "Month": MONTH, "Organisation code": CODE, "Organisation name": FILLED, "Staff group": FILLED,
        NATIONALITY: FILLED, "FTE": replace(_FTE, filled=True),
    },
    unique=("Month", "Organisation code", "Staff group", NATIONALITY),
    same="organisation, staff group, nationality and month",
    whose=("Organisation code", "Organisation name"),
    organisation=lambda code, name: Organisation(code, name, _kind_of(name)),
    groups=("Staff group",),
    series=(_over_nationalities,),
    notes=(NOTE_ON_GROUPS,),
)  # fmt: skip


def _read_nationality(book: Workbook) -> FileContents:
    sheet, row = sheets_with(book, [*BY_NATIONALITY.columns])[0]
    return BY_NATIONALITY.read(sheet.table(row, [*BY_NATIONALITY.columns]))


WORKBOOK = WorkbookPublication(
    key="staff-by-nationality",
    title="staff by staff group, nationality and organisation",
    publisher="NHS Digital",
    layout=f"a sheet with the columns {', '.join(BY_NATIONALITY.columns)}",
    version=1,
    attribution=OGL_ATTRIBUTION.format(publisher="NHS Digital, NHS Hospital & Community Health Service staff"),
    is_like=lambda book: bool(sheets_with(book, [*BY_NATIONALITY.columns])),
    read=_read_nationality,
)
