"""The official publications as they come: counts and figures worked out apart from the readers, with the csv module."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from t4c_lib.evidence import read_files
from t4c_lib.evidence.ingest import known_tables, known_workbooks
from t4c_lib.framework import populations, series

pytestmark = pytest.mark.law

# Figures picked out of a publication, in a layout of the picker's; other tests recast them.
SELECTIONS = {
    "nss24_org_selected.csv",
    "nss24_national_appraisal.csv",
    "dfe_new_apprentices_thousands_by_sub_sector.csv",
}
SICKNESS_ROWS = {4: 285, 5: 285, 6: 285, 7: 285, 8: 285, 9: 285, 10: 283, 11: 281, 12: 280}


def test_the_trust_list_of_july_2025_has_205_open_trusts_three_of_them_welsh(shared: Path) -> None:
    (loaded,) = read_files([shared / "data/ods/etr_2025-07.csv"])
    open_then = [one for one in loaded.organisations if one.is_open_on(dt.date(2025, 7, 31))]
    welsh = {one.code for one in open_then if one.type == "NHS trust (Wales)"}
    assert len(loaded.organisations) == 210
    assert len(open_then) == 205
    assert welsh == {"RQF", "RT4", "RYT"}
    assert len(loaded.observations) == 0
    by_code = {one.code: one for one in loaded.organisations}
    assert by_code["G6V2S"].name == "North London NHS Foundation Trust"
    assert by_code["G6V2S"].opened == dt.date(2024, 11, 1)
    assert by_code["RJ1"].name == "Guy's and St Thomas' NHS Foundation Trust"
    assert by_code["RYK"].closed == dt.date(2024, 9, 30)


def test_the_trust_list_of_march_2022_is_read_as_well(shared: Path) -> None:
    (loaded,) = read_files([shared / "data/ods/etr_2022-03.csv"])
    assert (loaded.source.publication, len(loaded.organisations)) == ("ods-trusts", 218)
    assert sum(one.closed is None for one in loaded.organisations) == 212
    assert all(one.region for one in loaded.organisations)


def test_the_nine_sickness_files_give_every_published_rate(shared: Path) -> None:
    paths = [shared / f"data/sickness/nhs_sickness_absence_2024-{month:02d}.csv" for month in SICKNESS_ROWS]
    for path, loaded, rows in zip(paths, read_files(paths), SICKNESS_ROWS.values(), strict=True):
        with path.open(encoding="utf-8", newline="") as file:
            published = {row["ORG_CODE"]: float(row["SICKNESS_ABSENCE_RATE_PERCENT"]) for row in csv.DictReader(file)}
        read = dict(zip(loaded.observations["organisation"], loaded.observations["value"] * 100, strict=True))
        assert loaded.source.rows == len(loaded.organisations) == len(read) == rows
        assert read.keys() == published.keys()
        assert max(abs(read[code] - published[code]) for code in published) <= 0.005 + 1e-6
        assert set(loaded.observations["period"]) == {path.stem[-7:]}
        assert set(loaded.observations["population"]) == {"trust workforce"}


def test_organisations_that_the_trust_list_does_not_know_keep_the_type_their_file_gives(shared: Path) -> None:
    trusts, sickness = read_files(
        [shared / "data/ods/etr_2025-07.csv", shared / "data/sickness/nhs_sickness_absence_2024-12.csv"]
    )
    known = {one.code for one in trusts.organisations}
    types = {one.type for one in sickness.organisations if one.code not in known}
    assert {"Integrated Care Board", "Commissioning Support Unit", "Others"} <= types


def test_a_selection_of_figures_that_is_no_published_layout_is_refused_as_unknown(shared: Path) -> None:
    for name in (
        "staff_survey/nss24_org_selected.csv",
        "apprenticeships/dfe_new_apprentices_thousands_by_sub_sector.csv",
    ):
        with pytest.raises(Exception, match="doesn't match any publication"):
            read_files([shared / "data" / name])


def test_every_publication_is_known_for_itself_and_its_series_and_populations_are_ours(shared: Path) -> None:
    files = [path for path in (shared / "data").glob("*/*") if path.suffix in {".csv", ".gz", ".xlsx"}]
    read = [path for path in files if path.name not in SELECTIONS]
    units = {one.key: one.unit for one in series()}
    for loaded in read_files(read):
        observed = loaded.observations
        assert set(observed["population"]) <= {one.name for one in populations()}
        assert all(units[key] == unit for key, unit in set(zip(observed["series"], observed["unit"], strict=True)))
        assert not observed.duplicated(["organisation", "series", "population", "breakdown", "period"]).any()
    keys = [one.key for one in (*known_tables(), *known_workbooks())]
    assert len(set(keys)) == len(keys)
