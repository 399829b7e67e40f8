"""Every figure knows where it came from, and no cell of the table is a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.errors import InputError
from t4c_lib.evidence import SourceFile
from t4c_lib.periods import Month
from t4c_lib.progress import measure_baseline, provenance_table
from t4c_lib.progress.baselines import RowFigures
from t4c_lib.progress.provenance import (
    PROVENANCE_COLUMNS,
    format_baseline,
    provenance_csv,
    sourced_baselines,
    write_provenance,
)
from t4c_lib.quantities import Unit
from tests.counted import SUPPORT, WHOLE, observation, table

pytestmark = pytest.mark.unit

OLD = SourceFile("extract.csv", "0" * 64, "staff-extract", 1, 900, None, "")
NEW = SourceFile("extract.csv", "0" * 64, "staff-extract", 2, 1000, dt.date(2026, 4, 2), "")


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_figure_is_written_with_its_parts_its_state_and_its_source() -> None:
    figures = table([observation("young-share", "2026-03", 61, out_of=1000)])
    (row,) = rows_of(provenance_csv(provenance_table(figures, [OLD, NEW])))
    assert tuple(row) == PROVENANCE_COLUMNS
    assert row["measures"] == row["series"] == "young-share"
    assert (row["numerator"], row["denominator"], row["value"], row["state"]) == ("61", "1000", "0.061", "counted")
    # Two readers have read these bytes; it was the newer one that told this figure.
    assert (row["source_file"], row["source_digest"], row["source_rows"]) == ("extract.csv", "0" * 64, "1000")
    assert (row["reader"], row["reader_version"]) == ("staff-extract", "2")


def test_the_year_a_small_cohort_is_judged_on_has_the_source_of_its_newest_month() -> None:
    starters = [
        observation(
            "certificate-in-12-weeks", str(Month(2025, 4) + step), 4, out_of=6, population="clinical support starters"
        )
        for step in range(12)
    ]
    (found,) = sourced_baselines(RowFigures(table(starters)), [NEW])
    assert found.latest is not None
    assert (found.latest.baseline.period, found.latest.baseline.denominator) == ("2025/26", 72)
    assert found.source == NEW


def test_groups_of_whom_nobody_was_counted_are_no_figures() -> None:
    figures = table([observation("local-diversity", "2026-03", 0, out_of=9, breakdown="sex=Female")])
    (counted,) = sourced_baselines(RowFigures(figures), [])
    (nobody,) = sourced_baselines(RowFigures(figures.assign(state="not applicable", value=float("nan"))), [])
    assert format_baseline(counted).endswith("local-diversity: no overall figure; 1 figure for groups")
    assert format_baseline(nobody).endswith("local-diversity: no figure")


def test_zero_suppressed_missing_and_not_applicable_are_four_things() -> None:
    states = ["zero", "suppressed", "missing", "not applicable"]
    figures = table([observation("young-share", f"2026-0{at}", 0, out_of=10) for at in range(1, 5)])
    figures["state"] = states
    figures.loc[1:, ["numerator", "value"]] = float("nan")
    rows = rows_of(provenance_csv(provenance_table(figures, [])))
    assert [row["state"] for row in rows] == states
    assert [row["value"] for row in rows] == ["0", "", "", ""]
    assert [row["source_rows"] for row in rows] == [""] * 4


def test_series_stand_under_the_measures_that_read_them_in_the_frameworks_order() -> None:
    keys = ["support-to-registered", "headcount", "certificate-waiting", "young-share", "nhs-as-career-choice"]
    found = provenance_table(table([observation(key, "2026-03", 5) for key in keys]), [])
    assert found["measures"].tolist() == [
        "young-share", "nhs-as-career-choice young-people-choosing-nhs", "certificate-in-12-weeks",
        "support-to-registered", "",
    ]  # fmt: skip


def test_nothing_observed_gives_the_names_of_the_columns_alone() -> None:
    assert provenance_csv(provenance_table(table([]), [])).strip().split(",") == list(PROVENANCE_COLUMNS)


@given(st.text(max_size=12), st.sampled_from(["", " ", "=", "+", "-", "@", "\t", "\r", "\n", "＝", '"', ","]))
def test_no_cell_begins_as_a_formula_does(text: str, sign: str) -> None:
    one = observation("young-share", "2026-03", 61, out_of=1000, breakdown=sign + text, organisation=sign + text)
    figures = table([{**one, "source": sign + text}])
    out = provenance_csv(provenance_table(figures, []))
    for row in csv.reader(io.StringIO(out, newline="")):
        assert not any(cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝")) for cell in row)
    written = next(csv.DictReader(io.StringIO(out, newline="")))["source_file"]
    assert written.removeprefix("'") == (sign + text).removeprefix("'")


def test_what_would_be_a_formula_stands_behind_an_apostrophe() -> None:
    one = observation("young-share", "2026-03", 61, out_of=1000)
    figures = table([{**one, "source": '=HYPERLINK("http://x")'}])
    (row,) = rows_of(provenance_csv(provenance_table(figures, [])))
    assert row["source_file"] == '\'=HYPERLINK("http://x")'


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    found = provenance_table(table([observation("young-share", "2026-03", 61, out_of=1000)]), [NEW])
    write_provenance(found, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbforganisation,")
    with pytest.raises(InputError, match=r"can't be written"):
        write_provenance(found, tmp_path / "nowhere" / "out.csv")
    assert [file.name for file in tmp_path.iterdir()] == ["out.csv"]


def test_a_baseline_is_told_with_the_file_and_the_reader_that_say_so() -> None:
    figures = table(
        [
            observation("young-share", "2026-03", 61, out_of=1000),
            observation("young-share", "2026-03", 9, out_of=100, breakdown="department=Ward 1"),
        ]
    )
    (one,) = sourced_baselines(RowFigures(figures), [OLD, NEW])
    assert one.source == NEW
    assert format_baseline(one).splitlines() == [
        "1m1 young-share: 6.1% (61 of 1,000), 2026-03, trust workforce; 1 figure for groups",
        "  from extract.csv, 1,000 rows, of 2026-04-02, SHA-256 000000000000, read by staff-extract version 2",
    ]


def test_a_proxy_is_called_one_and_a_newer_figure_that_is_hidden_is_told() -> None:
    figures = table([observation("sickness", f"2026-0{at}", 5, out_of=100) for at in (2, 3)])
    figures.loc[1, "state"] = "suppressed"
    (one,) = sourced_baselines(RowFigures(figures), [NEW])
    assert "5.0% (5 of 100), 2026-02, trust workforce, a proxy for support staff" in format_baseline(one)
    assert "  newer, but not available: 2026-03 suppressed" in format_baseline(one)


def test_newer_is_what_ended_later_whatever_kind_of_period_it_is() -> None:
    figures = table([observation("local-applications", period, 5) for period in ("2024/25", "2026-01")])
    figures.loc[0, "state"] = "missing"
    (one,) = sourced_baselines(RowFigures(figures), [NEW])
    assert one.newer == ""  # the year ended in March 2025, before January 2026


def test_a_measure_of_groups_or_without_any_known_figure_says_so() -> None:
    groups = table([observation("local-diversity", "2026-03", 5, out_of=9, breakdown=f"sex={x}") for x in "AB"])
    (one,) = sourced_baselines(RowFigures(groups), [])
    assert format_baseline(one) == "1m3 local-diversity: no overall figure; 2 figures for groups"
    hidden = table([observation("young-share", "2026-03", 5, out_of=9)])
    hidden["state"] = "missing"
    (one,) = sourced_baselines(RowFigures(hidden), [])
    assert format_baseline(one) == "1m1 young-share: newest: 2026-03 missing"


def test_turnover_is_a_rate_and_may_pass_one() -> None:
    rows = table([observation("turnover", "2026-03", 30, out_of=20, population=SUPPORT)])
    baseline = RowFigures(rows).of("turnover", SUPPORT)
    assert baseline is not None
    assert (baseline.value, baseline.unit, baseline.counted) == (1.5, Unit.RATE, "leavers")


def test_a_share_that_was_published_without_its_parts_stays_a_share() -> None:
    rows = table([observation("appraisal-received", "2024-11", 0.85)])
    rows["numerator"] = float("nan")
    for base in (float("nan"), 2345.0):
        rows["denominator"] = base
        baseline = RowFigures(rows).of("appraisal-received", WHOLE)
        assert baseline is not None
        assert (baseline.value, baseline.unit, baseline.numerator) == (0.85, Unit.SHARE, None)


def test_a_measure_that_names_no_population_is_not_a_proxy_whoever_was_counted() -> None:
    found = measure_baseline(
        RowFigures(table([observation("apprenticeship-starts", "2026-03", 12)])), "apprenticeship-starts"
    )
    assert found is not None
    assert not found.is_proxy
    assert isinstance(found.baseline.value, float)
    assert not pd.isna(found.baseline.value)
