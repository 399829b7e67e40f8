"""The plan as a table in Word and Excel: out, changed as people change it, and back; nothing else changes."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable

import docx
import openpyxl
import pandas as pd
import pytest
from docx.document import Document
from docx.table import _Row
from hypothesis import given, settings
from openpyxl.worksheet.worksheet import Worksheet

from t4c_lib.documents import action_plan
from t4c_lib.documents.plan_in_word_and_excel import Percentage, changed_outside, made_here, plan_workbook
from t4c_lib.errors import InputError
from t4c_lib.framework import MeasureKind
from t4c_lib.plan import MeasureRow, Plan, RowState, changes_between
from t4c_lib.plan.plan_read_back import entries_of_plan

from .plan_making import plans
from .test_plan_laws import WIDE

PLAN = Plan.suggested("X01", "Example", ["2026/27", "2027/28"]).changed(
    measures=tuple(
        row.changed(
            baseline={"value": 0.05, "numerator": 50, "denominator": 1000, "period": "2025-03", "source": "x.csv"},
            change={"kind": "points", "amount": 0.01},
            due="2028-03",
            post="Head of Widening Participation",
            note="for us alone",
        )
        if row.measure == "young-share"
        else row
        for row in Plan.suggested("X01", "Example", ["2026/27", "2027/28"]).measures
    )
)


def back(plan: Plan, change: Callable[[Document], object] = lambda _document: None, now: Plan | None = None) -> Plan:
    return with_remarks(plan, change, now)[0]


def with_remarks(plan: Plan, change: Callable[[Document], object], now: Plan | None = None) -> tuple[Plan, list[str]]:
    document = docx.Document(io.BytesIO(action_plan(plan, 3, "Action plan")))
    change(document)
    file = io.BytesIO()
    document.save(file)
    assert made_here(file.getvalue()) == (plan.organisation, 3)
    return changed_outside(file.getvalue(), "plan.docx", plan, now or plan)


def row_of(document: Document, mark: str) -> _Row:
    rows: list[_Row] = list(document.tables[0].rows)
    return next(row for row in rows if any(cell.text.startswith(f"{mark} ") for cell in row.cells))


def typed(mark: str, column: int, text: str) -> Callable[[Document], object]:
    return lambda document: setattr(row_of(document, mark).cells[column], "text", text)


def young(plan: Plan) -> MeasureRow:
    return next(row for row in plan.measures if row.measure == "young-share")


@pytest.mark.law
@WIDE
@given(plan=plans())
def test_a_table_that_nobody_changed_changes_nothing(plan: Plan) -> None:
    assert len({one.mark for one in entries_of_plan(plan)}) == len(entries_of_plan(plan))
    assert [str(one) for one in changes_between(plan, back(plan))] == []


@pytest.mark.unit
def test_an_x_a_post_a_date_and_words_are_changed_in_word_and_what_has_no_column_stays() -> None:
    after = young(back(PLAN, typed("1m1", 4, "1m1 Staff aged 16 to 24\nX: 2 points up")))
    assert after.change is not None
    assert (str(after.change.kind), after.change.amount) == ("points", 0.02)
    assert (after.note, after.baseline) == ("for us alone", young(PLAN).baseline)
    assert young(back(PLAN, typed("1m1", 2, "Apprenticeship Lead"))).post == "Apprenticeship Lead"
    assert str(young(back(PLAN, typed("1m1", 3, "by March 2029"))).due) == "2029-03"
    worded = young(back(PLAN, typed("1m1", 4, "1m1 Young staff\nX: 1 percentage point up")))
    assert (worded.wording, worded.state) == ("Young staff", RowState.REWORDED)
    assert young(back(PLAN, typed("1m1", 4, "1m1 Staff aged 16 to 24"))).change is None


@pytest.mark.unit
@pytest.mark.parametrize("words", ["<<", "•"])
def test_a_measure_whose_words_have_no_letter_changes_nothing_and_stops_nothing(words: str) -> None:
    row = young(PLAN)
    plan = PLAN.with_row(row.changed(state=RowState.REWORDED, name=words), row)
    assert list(changes_between(plan, back(plan))) == []
    assert len(list(changes_between(plan, back(plan, typed("1m2", 2, "Training Lead"))))) == 1


@pytest.mark.unit
def test_an_x_in_a_paragraph_of_its_own_is_still_that_of_the_entry_above_it() -> None:
    def press_enter(document: Document) -> None:
        cell = row_of(document, "1m1").cells[4]
        cell.text = "1m1 Staff aged 16 to 24"
        cell.add_paragraph("X: 2 points up")

    after = young(back(PLAN, press_enter))
    assert after.change is not None
    assert after.change.amount == 0.02


@pytest.mark.unit
def test_an_x_typed_on_the_line_of_the_name_is_an_x_and_no_rewording() -> None:
    after = young(back(PLAN, typed("1m1", 4, "1m1 Staff aged 16 to 24 X: 2 points up")))
    assert after.change is not None
    assert (after.change.amount, after.state, after.wording) == (0.02, RowState.ADOPTED, young(PLAN).wording)


def left_out(reason: str) -> Plan:
    (row,) = PLAN.rows("1a2")
    return PLAN.with_row(row.changed(state=RowState.LEFT_OUT, reason=reason), row)


@pytest.mark.unit
def test_a_row_that_is_left_out_says_so_and_why_and_its_reason_is_changed_there() -> None:
    plan = left_out("too dear this year")
    words = docx.Document(io.BytesIO(action_plan(plan, 3, "Action plan"))).tables[0]._tbl.xml
    assert "Left out: too dear this year" in words
    assert with_remarks(plan, lambda _document: None, plan) == (plan, [])
    (name,) = [row.wording for row in PLAN.rows("1a2")]
    elsewhere = "Left out: done elsewhere"
    assert back(plan, typed("1a2", 1, f"1a2 {name}\n{elsewhere}")) == left_out("done elsewhere")
    assert in_excel(cell("1a2", "X", elsewhere), plan) == (left_out("done elsewhere"), [])
    assert back(PLAN, typed("1a2", 1, f"1a2 {name}\nLeft out: too dear")) == left_out("too dear")
    with pytest.raises(InputError, match=f"Left out of 1a2 {name}: The row is left out. To take it up again, open it"):
        back(plan, typed("1a2", 1, f"1a2 {name}"))


@pytest.mark.unit
def test_rows_have_the_marks_and_gaps_the_words_that_pages_have() -> None:
    rows = [row for row in PLAN.measures if row.is_closer][:1]
    first, other, third = (
        rows[0].changed(
            group=group,
            baseline={"value": 0.05, "period": "2025-03", "source": "x.csv"},
            comparison={"share": 0.09, "source": "census"},
            change={"kind": "level", "amount": amount},
            due="2028-03",
        )
        for group, amount in (("age: 16 to 24", 0.01), ("age: 25 to 34", 0.02), ("age: 65 and over", 0))
    )
    rest = [row for row in PLAN.measures if row.row_key[1] != rows[0].row_key[1]]
    plan = PLAN.changed(measures=(first, other, third, *rest))
    entries = {one.mark: one for one in entries_of_plan(plan)}
    place = rows[0].reference
    marks = [place, f"{place}-b", f"{place}-c"]
    assert [entries[mark].x for mark in marks] == [
        "to 1 percentage point",
        "to 2 percentage points",
        "to 0 percentage points",
    ]
    assert "6-intention" in entries
    assert with_remarks(plan, lambda _document: None) == (plan, [])
    name = entries[f"{place}-b"].words
    after = back(plan, typed(f"{place}-b", 4, f"{place}-b {name}\nX: to 1.5 points"))
    assert after == plan.with_row(other.changed(change={"kind": "level", "amount": 0.015}), other)


@pytest.mark.unit
def test_no_row_of_the_table_is_cut_in_two_by_the_end_of_a_page() -> None:
    rows = docx.Document(io.BytesIO(action_plan(PLAN, 3, "Action plan"))).tables[0].rows
    assert all(row._tr.xpath("./w:trPr/w:cantSplit") for row in rows)
    headed = [row for row in rows if row.cells[0].text]
    assert all(row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in headed[1:])


@pytest.mark.unit
def test_an_action_without_a_mark_is_added_to_the_intention_under_which_it_stands() -> None:
    def add(document: Document) -> None:
        cells = document.tables[0].add_row().cells  # type: ignore[no-untyped-call]
        for place, text in enumerate(("Visit every school of the borough", "Careers Lead", "by July 2027"), 1):
            cells[place].text = text

    plan = back(PLAN, add)
    (row,) = [row for row in plan.actions if row.state is RowState.ADDED]
    assert (row.wording, row.post, str(row.due), row.intention_number) == (
        "Visit every school of the borough", "Careers Lead", "2027-07", 10,
    )  # fmt: skip
    assert back(PLAN, add, plan) == plan  # handed in once more, it is not added again


@pytest.mark.unit
def test_what_was_saved_since_stays_and_a_row_that_is_gone_from_the_table_is_told() -> None:
    saved_since = PLAN.changed(measures=tuple(row.changed(note="since") for row in PLAN.measures))
    after, warned = with_remarks(PLAN, typed("1m1", 2, "Somebody else"), saved_since)
    assert (young(after).note, young(after).post) == ("since", "Somebody else")
    assert warned == ["1m1: others changed this row since the file was written; look at it twice."]

    def remove(document: Document) -> None:
        row = row_of(document, "1a2")
        row._tr.getparent().remove(row._tr)

    plan, remarks = with_remarks(PLAN, remove)
    assert plan == PLAN
    (remark,) = remarks
    assert remark.startswith("Missing from the file: 1a2 Review job opportunities and entry routes")
    assert "What is deleted there stays in the plan, unchanged. To leave a row out, open it in the Forum" in remark


@pytest.mark.unit
def test_every_entry_that_cannot_be_is_refused_at_once_by_its_place_column_and_name() -> None:
    def spoil(document: Document) -> None:
        typed("1m1", 4, "1m1 Staff aged 16 to 24\nX: a lot")(document)
        typed("1a2", 3, "soonish")(document)
        typed("1m1", 3, "some day")(document)

    with pytest.raises(InputError) as error:
        back(PLAN, spoil)
    first, *same_row = (str(problem) for problem in error.value.problems)
    assert re.match(r"table 1, row \d+, Timeline of 1a2 Review job .*: 'soonish' can't be read as a date\.", first)
    assert "Write it as 'from September 2026 by March 2028'" in first
    assert [re.search(r"(\w+) of 1m1 Staff aged 16 to 24: ", one)[1] for one in same_row] == ["Timeline", "X"]  # type: ignore[index]


@pytest.mark.unit
def test_another_document_is_not_taken_for_one_of_ours() -> None:
    file = io.BytesIO()
    docx.Document().save(file)
    assert made_here(file.getvalue()) is None
    assert made_here(b"no document") is None


def in_excel(change: Callable[[Worksheet], object] = lambda _sheet: None, plan: Plan = PLAN) -> tuple[Plan, list[str]]:
    book = openpyxl.load_workbook(io.BytesIO(plan_workbook(plan, 3, "Action plan")))
    change(book["Plan"])
    file = io.BytesIO()
    book.save(file)
    assert made_here(file.getvalue()) == (plan.organisation, 3)
    return changed_outside(file.getvalue(), "plan.xlsx", plan, plan)


def cell(mark: str, column: str, value: str | float | dt.date) -> Callable[[Worksheet], object]:
    def change(sheet: Worksheet) -> None:
        heads = [one.value for one in sheet[4]]
        (row,) = [row for row in sheet.iter_rows(min_row=5) if row[0].value == mark]
        row[heads.index(column)].value = value

    return change


@pytest.mark.unit
def test_a_sheet_prints_on_the_width_of_a_page_where_its_letters_stay_readable() -> None:
    words = "A measure with a name that is long enough to be broken into several lines of a column of this sheet"
    tables = {
        "Few": pd.DataFrame([[words] * 6], columns=list("abcdef")),
        "Many": pd.DataFrame([[words] * 20], columns=list("abcdefghijklmnopqrst")),
    }
    book = openpyxl.load_workbook(io.BytesIO(plan_workbook(PLAN, 3, "Action plan", tables)))
    for name, fits in {"Plan": True, "Few": True, "Many": False}.items():
        sheet = book[name]
        wide = sum(one.width for one in sheet.column_dimensions.values())
        head = 4 if name == "Plan" else 1
        assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", f"${head}:${head}")
        assert bool(sheet.sheet_properties.pageSetUpPr.fitToPage) == fits == (wide <= 190)
        # A character is 7 of 96 dots to the inch wide; 10.9 inches are left of an A4 page on its side.
        scale = min(1, 10.9 * 96 / (wide * 7 + 5 * sheet.max_column)) if fits else sheet.page_setup.scale / 100
        assert 11 * scale >= 8, name


@pytest.mark.unit
def test_a_sheet_holds_numbers_to_count_with_and_nothing_where_nothing_is_known() -> None:
    name = "A name of many words " * 6
    few = pd.DataFrame([[name, Percentage(0.794), 0.5, None, ""]], columns=list("abcde"), dtype=object)
    long = pd.DataFrame({"a": range(600)})
    book = openpyxl.load_workbook(io.BytesIO(plan_workbook(PLAN, 3, "Action plan", {"Few": few, "Long": long})))
    row = book["Few"][2]
    shown = [(one.value, one.number_format) for one in row[1:]]
    assert shown == [(0.794, "0.0%"), (0.5, "General"), (None, "General"), (None, "General")]
    assert book["Few"].row_dimensions[2].height > 30
    assert (book["Few"].freeze_panes, book["Few"].print_area) == ("A2", "")
    assert (book["Long"].print_area, book["Long"].max_row) == ("'Long'!$A$1:$A$101", 601)
    assert book["Long"].oddHeader.center.text == "The first 100 of 600 rows: the others stand in the file"


@pytest.mark.law
@settings(WIDE, max_examples=max(WIDE.max_examples // 4, 10))
@given(plan=plans())
def test_a_workbook_that_nobody_changed_changes_nothing(plan: Plan) -> None:
    after, remarks = in_excel(plan=plan)
    assert ([str(one) for one in changes_between(plan, after)], remarks) == ([], [])


@pytest.mark.unit
def test_an_x_a_post_a_date_and_a_new_action_are_taken_from_a_workbook() -> None:
    after = young(in_excel(cell("1m1", "X", "2 points up"))[0])
    assert after.change is not None
    assert (after.change.amount, after.note, after.baseline) == (0.02, "for us alone", young(PLAN).baseline)
    assert young(in_excel(cell("1m1", "Responsible post", "Apprenticeship Lead"))[0]).post == "Apprenticeship Lead"
    assert str(young(in_excel(cell("1m1", "Timeline", "by March 2029"))[0]).due) == "2029-03"
    begun = PLAN.changed(measures=tuple(row.changed(start="2026-04") for row in PLAN.measures))
    for date in (dt.date(2029, 3, 31), dt.datetime(2029, 3, 31, 12, 30), "31/03/2029", "March 2029"):
        dated = young(in_excel(cell("1m1", "Timeline", date), begun)[0])
        assert (str(dated.start), str(dated.due)) == ("2026-04", "2029-03")  # a date alone is the one by which
    plan, _ = in_excel(
        lambda sheet: sheet.append(["", "3 Ambassadors", "Action", "Visit schools", "", "Careers Lead", ""])
    )
    (row,) = [row for row in plan.actions if row.state is RowState.ADDED]
    assert (row.wording, row.post, row.intention_number) == ("Visit schools", "Careers Lead", 3)


@pytest.mark.unit
def test_rows_of_a_workbook_that_cannot_be_are_refused_by_their_number_all_at_once() -> None:
    def spoil(sheet: Worksheet) -> None:
        sheet.append(["", "twelve", "Action", "Visit schools"])
        sheet.append(["", "3", "Acton", "Visit colleges"])
        for column, value in (("Kind", "Thing"), ("X", "a lot"), ("Timeline", "some day")):
            cell("1m1", column, value)(sheet)

    with pytest.raises(InputError) as error:
        in_excel(spoil)
    *same_row, first, second = (str(problem) for problem in error.value.problems)
    intention = r"sheet Plan, row \d+, Intention: 'twelve' is no intention; it begins with its number, 1 to 10\."
    assert re.fullmatch(intention, first)
    assert re.fullmatch(r"sheet Plan, row \d+, Kind: 'Acton' is no kind of row; it is Action or Measure\.", second)
    columns = [re.match(r"sheet Plan, row \d+, (\w+) of 1m1 Staff aged 16 to 24: ", one) for one in same_row]
    assert [found and found[1] for found in columns] == ["Kind", "Timeline", "X"]
    with pytest.raises(InputError, match=r"24: 0\.059 is what Excel keeps of a percentage\. .* such as to 5\.9%"):
        in_excel(cell("1m1", "X", 0.059))
    count = next(row for row in PLAN.measures if row.has_amount and row.what.kind is MeasureKind.COUNT)
    with pytest.raises(InputError, match=r"0\.1 is what Excel keeps of a percentage\. .*, such as 12 more or to 60\."):
        in_excel(cell(count.reference, "X", 0.1))
    with pytest.raises(InputError, match="row 4 lacks X; it has Mark, Intention, Kind, Wording, Amount, "):
        in_excel(lambda sheet: setattr(sheet["E4"], "value", "Amount"))


@pytest.mark.unit
def test_a_workbook_from_elsewhere_is_not_taken_for_one_of_ours() -> None:
    file = io.BytesIO()
    openpyxl.Workbook().save(file)
    assert made_here(file.getvalue()) is None
