"""NHS Staff Survey: detailed workbooks by organisation and for England, and the data of the benchmark reports."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from t4c_lib.evidence import Loaded

from .layouts import APPRAISALS, SURVEY_BENCHMARK, SURVEY_NATIONAL, SURVEY_ORGANISATIONS, SURVEY_TRUST
from .publication_files import as_workbook, picked, read_bytes, refused, rows_of, states, survey_workbook

pytestmark = pytest.mark.unit

HIDDEN = dict.fromkeys(("q23b_yes_definitely_pct", "q23b_yes_some_extent_pct", "q23b_no_pct"), "-")


def trusts(*changes: dict[str, str]) -> list[dict[str, str]]:
    """Organisations, each like the usual one but for its code and what is changed."""
    return [{**SURVEY_TRUST, "ods_code": f"RA{chr(65 + at)}", **change} for at, change in enumerate(changes)]


def cell_changed(book: bytes, address: str, value: str) -> bytes:
    """The workbook with one cell of its first sheet changed."""
    opened = openpyxl.load_workbook(io.BytesIO(book))
    opened.worksheets[0][address] = value
    body = io.BytesIO()
    opened.save(body)
    return body.getvalue()


def organisational(*changes: dict[str, str], **how: Any) -> bytes:
    return survey_workbook(trusts(*changes), SURVEY_ORGANISATIONS, APPRAISALS, **how)


@pytest.fixture(scope="module")
def all_organisations(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    rows = rows_of(shared / "data/staff_survey/nss24_org_selected.csv")
    return read_bytes(
        tmp_path_factory.mktemp("survey"), survey_workbook(rows, SURVEY_ORGANISATIONS), "organisations.xlsx"
    )


@pytest.fixture(scope="module")
def england(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    rows = rows_of(shared / "data/staff_survey/nss24_national_appraisal.csv")
    return read_bytes(
        tmp_path_factory.mktemp("survey"), survey_workbook(rows, SURVEY_NATIONAL, APPRAISALS), "national.xlsx"
    )


def test_all_263_organisations_keep_their_published_percentages(all_organisations: Loaded, shared: Path) -> None:
    rows = rows_of(shared / "data/staff_survey/nss24_org_selected.csv")
    assert (all_organisations.source.publication, all_organisations.source.rows) == ("staff-survey-organisations", 263)
    for series, answers, base in (
        ("appraisal-received", ("q23a_yes_pct",), "q23a_base"),
        ("appraisal-meaningful", ("q23b_yes_definitely_pct", "q23b_yes_some_extent_pct"), "q23b_base"),
    ):
        found = all_organisations.observations[all_organisations.observations["series"] == series]
        due = {row["ods_code"]: sum(float(row[name]) for name in answers) / 100 for row in rows}
        assert dict(zip(found["organisation"], found["value"], strict=True)) == pytest.approx(due)
        assert dict(zip(found["organisation"], found["denominator"], strict=True)) == {
            row["ods_code"]: float(row[base]) for row in rows
        }
        assert set(found["period"]) == {"2024-11"}


def test_who_answered_is_told_by_age_ethnic_group_and_occupation(all_organisations: Loaded, shared: Path) -> None:
    row = rows_of(shared / "data/staff_survey/nss24_org_selected.csv")[0]
    group = {"series": "survey-respondents", "organisation": row["ods_code"]}
    for breakdown, column in (
        ("age=16-20", "q27c_age_16_20_pct"),
        ("age=21-30", "q27c_age_21_30_pct"),
        ("ethnicity=White", "q28_white_pct"),
        ("occupation=Nursing auxiliary / Nursing assistant / Healthcare assistant", "q35_hca_pct"),
    ):
        one = picked(all_organisations, breakdown=breakdown, **group)
        assert one["value"] == pytest.approx(float(row[column]) / 100)
        assert one["state"] == ("zero" if float(row[column]) == 0 else "counted")


def test_a_dash_is_no_region_and_a_name_is_its_code(all_organisations: Loaded) -> None:
    regions = {one.code: one.region for one in all_organisations.organisations}
    assert regions["0AR"] == ""
    assert {"Y56", "Y58", "Y59", "Y60", "Y61", "Y62", "Y63", ""} == set(regions.values())


def test_the_published_figures_of_england_are_reproduced(england: Loaded) -> None:
    assert (england.source.publication, england.source.rows) == ("staff-survey-national", 171)
    received = {"series": "appraisal-received"}
    whole = picked(england, breakdown="all", **received)
    assert (round(whole["value"], 3), whole["denominator"]) == (0.854, 736_217)
    assistants = "occupation group=Nursing auxiliary / Nursing assistant / Healthcare assistant"
    carers = picked(england, breakdown=assistants, **received)
    assert (round(carers["value"], 3), carers["denominator"]) == (0.836, 54_925)
    assert round(picked(england, breakdown="age=16-20", **received)["value"], 3) == 0.668
    assert round(picked(england, breakdown="length of service=Less than 1 year", **received)["value"], 3) == 0.576
    assert {one.code for one in england.organisations} == {"E92000001"}


def test_few_answers_are_hidden_and_no_answers_are_not_applicable(tmp_path: Path) -> None:
    book = organisational({}, {**HIDDEN, "q23b_base": "7"}, {**HIDDEN, "q23b_base": "0"}, {**HIDDEN, "q23b_base": "-"})
    loaded = read_bytes(tmp_path, book)
    assert states(loaded, "appraisal-meaningful") == {
        "RAA": "counted", "RAB": "suppressed", "RAC": "not applicable", "RAD": "suppressed",
    }  # fmt: skip
    blank = dict.fromkeys(HIDDEN, "")
    loaded = read_bytes(tmp_path, organisational({**blank, "q23b_base": "9"}, {**blank, "q23b_base": "10"}))
    assert states(loaded, "appraisal-meaningful") == {"RAA": "suppressed", "RAB": "missing"}


def test_nobody_is_zero(tmp_path: Path) -> None:
    none = {"q23a_yes_pct": "0", "q23a_no_pct": "95"}
    assert states(read_bytes(tmp_path, organisational(none)), "appraisal-received") == {"RAA": "zero"}


def test_the_year_is_read_above_the_names_or_else_in_the_files_name(tmp_path: Path) -> None:
    loaded = read_bytes(tmp_path, organisational({}, title="NHS Staff Survey 2023"), "NSS25 organisations.xlsx")
    assert set(loaded.observations["period"]) == {"2023-11"}
    loaded = read_bytes(tmp_path, organisational({}, title=""), "NSS25 organisations.xlsx")
    assert set(loaded.observations["period"]) == {"2025-11"}


def test_a_question_is_known_by_its_wording_where_its_number_is_another_years(tmp_path: Path) -> None:
    book = organisational({}, title="NHS Staff Survey 2021")
    assert set(read_bytes(tmp_path, book).observations["series"]) == {"appraisal-received", "appraisal-meaningful"}


def test_a_header_of_2021_is_known(tmp_path: Path) -> None:
    first = {("ICS/STP" if name == "ICS" else name): source for name, source in SURVEY_ORGANISATIONS.items()}
    assert read_bytes(tmp_path, survey_workbook(trusts({}), first, APPRAISALS)).source.rows == 1


@pytest.mark.parametrize(
    ("book", "words"),
    [
        (organisational({}, title=""), ["neither the workbook nor its name says", "Put the year in the file name"]),
        (
            organisational({"q23a_yes_pct": "0.8", "q23a_no_pct": "0.15", "q23a_cant_remember_pct": "0.05"}),
            ["sheet 'Your organisation', row 6, column G (% Yes)", "add up to 1, not to 100", "Are they fractions"],
        ),
        (
            cell_changed(organisational({}), "G5", "% Often"),
            ["row 5, column G (% Often)", "none of the answers to this question is a yes: Often, No, Can't remember"],
        ),
        (organisational({"q23a_yes_pct": "180"}), ["row 6, column G (% Yes)", "'180' is out of range"]),
        (organisational({}, {"q23a_base": "many"}), ["row 7, column J (Base (number of responses))", "'many'"]),
        (organisational({}, {"ods_code": "RAA"}), ["row 7, column ODS code", "the same organisation as in row 6"]),
        (organisational({"ods_code": "R A"}), ["column ODS code", "'R A' is not an ODS code"]),
        (survey_workbook(trusts({}), SURVEY_ORGANISATIONS, ()), ["no sheet has a question on appraisals"]),
        (
            survey_workbook(
                [{**SURVEY_TRUST, "base": "National", "breakdown": "Age", "breakdown_subgroup": ""}],
                SURVEY_NATIONAL,
                APPRAISALS,
            ),
            ["column Breakdown subgroup", "only one of breakdown and subgroup"],
        ),
    ],
)
def test_a_broken_workbook_is_refused_by_sheet_row_and_column(book: bytes, words: list[str], tmp_path: Path) -> None:
    message = refused(tmp_path, book)
    missing = [word for word in words if word not in message]
    assert not missing, f"{missing} not in:\n{message}"


def benchmark(change: tuple[str, Any, int, int] | None = None) -> bytes:
    sheets = {title: [list(row) for row in rows] for title, rows in SURVEY_BENCHMARK.items()}
    if change is not None:
        title, value, row, column = change
        sheets[title][row][column] = value
    return as_workbook(sheets)


def test_the_benchmark_workbook_gives_fractions_of_every_year(tmp_path: Path) -> None:
    loaded = read_bytes(tmp_path, benchmark())
    assert (loaded.source.publication, loaded.source.rows) == ("staff-survey-benchmark", 3)
    now = picked(loaded, organisation="RAA", period="2024-11")
    assert (now["value"], now["denominator"], now["numerator"]) == (0.8, 250, 200)
    assert picked(loaded, organisation="RAA", period="2023-11")["value"] == 0.75
    before = {code: picked(loaded, organisation=code, period="2023-11")["state"] for code in ("R1F1", "R1F2")}
    assert before == {"R1F1": "missing", "R1F2": "suppressed"}
    after = {code: picked(loaded, organisation=code, period="2024-11")["state"] for code in ("R1F1", "R1F2")}
    assert after == {"R1F1": "zero", "R1F2": "suppressed"}
    assert set(loaded.observations["series"]) == {"appraisal-received"}


ACUTE = "Acute&Acute Community Trusts"


@pytest.mark.parametrize(
    ("book", "words"),
    [
        (
            benchmark((ACUTE, 80, 1, 5)),
            [f"sheet '{ACUTE}', row 2, column q23a_2024", "'80' is out of range", "fraction"],
        ),
        (benchmark((ACUTE, 2.5, 1, 6)), ["row 2, column q23a_n_2024", "is not a whole number"]),
        (benchmark((ACUTE, "RAA", 2, 0)), ["row 3, column org_id", "the same organisation as in row 2"]),
        (
            as_workbook({"A": SURVEY_BENCHMARK[ACUTE], "B": SURVEY_BENCHMARK[ACUTE]}),
            ["sheet 'B'", "RAA is on another sheet as well"],
        ),
        (as_workbook({"A": [row[:3] for row in SURVEY_BENCHMARK[ACUTE]]}), ["no sheet has a column of question 23a"]),
        (
            as_workbook({"A": [[*SURVEY_BENCHMARK[ACUTE][0][:3], "q23a_2022"], ["RAA", "A", "Acute", 0.5]]}),
            ["newest year is 2022, when question 23a was not about appraisals"],
        ),
    ],
)
def test_a_broken_benchmark_workbook_is_refused(book: bytes, words: list[str], tmp_path: Path) -> None:
    message = refused(tmp_path, book)
    missing = [word for word in words if word not in message]
    assert not missing, f"{missing} not in:\n{message}"
