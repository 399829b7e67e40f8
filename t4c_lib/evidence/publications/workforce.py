"""NHS workforce statistics: checks and sums of the tables that workforce.yaml declares and explains."""

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from t4c_lib.evidence.breakdowns import ALL_GROUPS, SUPPORT_TO_CLINICAL, is_whole, plain, whom
from t4c_lib.evidence.observation_frames import AREA_TYPE, ENGLAND, REGION_TYPE, observed, together
from t4c_lib.evidence.observations import ALL, ANY_TRUST, SUPPORT_STAFF, TRUST_WORKFORCE, Organisation
from t4c_lib.evidence.publications import sheets_with
from t4c_lib.evidence.table_layout import CheckedRows, FileContents, TableLayout
from t4c_lib.evidence.xlsx_workbook import Workbook

LEVEL, MAIN, GROUP, GRADE = "DATA_LEVEL", "MAIN_STAFF_GROUP", "STAFF_GROUP_1", "GRADE"
DETAIL = ("STAFF_GROUP_2", "CARE_SETTING", "LEVEL", GRADE)
_UNITS = {"fte": "FTE", "headcount": "people"}  # of each series
_KEY = ["organisation", "period", "population", "breakdown"]
_SUPPORT_BAND = re.compile(r"band [1-4]", re.IGNORECASE)
# Each level, and the column whose code tells whom a row of it is about.
_LEVELS = {"NHS England region": "NHSE_REGION_CODE", "ICS area": "ICS_CODE", "Organisation": "ORG_CODE"}


def check_levels(checks: CheckedRows) -> None:
    """Every row must have the code that its level needs."""
    for level, name in _LEVELS.items():
        blank = (checks.chosen[LEVEL] == level) & (checks.table.texts(name) == "")
        if blank.any():
            checks.add(np.flatnonzero(blank), name, f"is blank on a row with level '{level}'.")


def organisation(*row: str) -> Organisation:
    """Whom a row is about, which its level says."""
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


def sums_of_cells(rows: CheckedRows) -> Iterator[pd.DataFrame]:
    """Sums by group, main group, band, band of support to clinical staff, and of bands 1 to 4."""
    table = rows.table
    cells = pd.DataFrame({"organisation": rows.organisations[1], "period": rows.period})
    for name, column in (("main", MAIN), ("group", GROUP), ("band", GRADE)):
        cells[name] = table.column(column).each(plain)
    cells = cells.assign(fte=rows.figures["FTE"].number, headcount=rows.figures["HEADCOUNT"].number)
    parents = np.any([table.column(name).each(is_whole).astype(bool) for name in (MAIN, GROUP, *DETAIL)], axis=0)
    if parents.any():
        rows.notes.append(f"{int(parents.sum()):,} total rows were left out of the sums.")
    grouped = cells[~parents].groupby(["organisation", "period", "main", "group", "band"], sort=False)
    cells = grouped[list(_UNITS)].sum(skipna=False).reset_index()  # a sum of which a part is not known is not known
    in_support = (cells["main"].str.casefold() == SUPPORT_TO_CLINICAL).to_numpy()
    in_bands = cells["band"].str.fullmatch(_SUPPORT_BAND).to_numpy(dtype=bool)
    own = [whom(group, main) for main, group in zip(cells["main"], cells["group"], strict=True)]
    main = [whom(ALL_GROUPS, main) for main in cells["main"]]
    bands = cells.assign(population=TRUST_WORKFORCE, breakdown="band=" + cells["band"])
    named = [
        *(cells.assign(population=[one for one, _ in of], breakdown=[two for _, two in of]) for of in (own, main)),
        *(bands, bands[in_support].assign(population=SUPPORT_TO_CLINICAL)),
        cells[in_bands].assign(population=SUPPORT_STAFF, breakdown=ALL),
    ]
    frames = []
    for rows_of in named:
        sums = rows_of.groupby(_KEY, sort=False)[list(_UNITS)].sum(skipna=False).reset_index()
        for name, unit in _UNITS.items():
            frames += [observed(sums, series=name, value=sums[name].to_numpy(np.float64), unit=unit)]
    yield together([frame for frame in frames if len(frame)]).drop_duplicates(ignore_index=True)


def check_headcounts(checks: CheckedRows) -> None:
    """Headcounts are whole numbers; FTE, in the same column, need not be."""
    total = checks.figures["Total"].number
    broken = (checks.chosen["Data Type"] == "HC") & np.isfinite(total) & (total % 1 != 0)
    checks.where(broken, "Total", "{total:g} is given as a headcount, which must be a whole number.", total=total)


def over_nationalities(rows: CheckedRows) -> Iterator[pd.DataFrame]:
    """FTE of all staff, of each staff group, and of support to clinical staff together."""
    groups = rows.frame.assign(fte=rows.figures["FTE"].number)
    support = groups[groups["population"] == SUPPORT_TO_CLINICAL].assign(breakdown=ALL)
    whole = groups.assign(population=TRUST_WORKFORCE, breakdown=ALL)
    found = pd.concat([groups, support, whole]).groupby(_KEY, sort=False)["fte"].sum().reset_index()
    yield observed(found, series="fte", value=found["fte"].to_numpy(dtype=np.float64), unit="FTE")
    over = f"Totals over {len(set(rows.table.texts('Nationality')))} nationalities."
    rows.notes.append(f"{over} The publisher adjusted figures to prevent disclosure, so totals are approximate.")


def employer(code: str, name: str) -> Organisation:
    """Whom a row of the workbook is about; its name says of which kind it is."""
    if re.search(r"\bCCG$|Clinical Commissioning Group", name):
        return Organisation(code, name, "Clinical commissioning group")
    return Organisation(code, name, ANY_TRUST if re.search(r"\bTrust$", name) else "")


def read_nationality(book: Workbook, layout: TableLayout) -> FileContents:
    """The first sheet with its columns."""
    sheet, row = sheets_with(book, layout)[0]
    return layout.read(sheet.table(row, [*layout.columns]))
