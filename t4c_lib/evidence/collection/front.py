"""The two sheets that come before the figures: how to fill the workbook in, and what to count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.styles import Alignment, Border, Side
from openpyxl.worksheet.datavalidation import DataValidation

from t4c_lib.evidence.collection import design, layout
from t4c_lib.evidence.collection.asked import TEMPLATE_VERSION, WHAT_TO_COUNT, Collection

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_WIDTHS = (28.0, 96.0)
_LISTED_WIDTHS = (20.0, 33.0, 40.0, 38.0, 21.0, 14.0, 19.0, 13.0, 13.0, 27.0, 14.0, 10.0, 28.0)
LISTED_ROW = 4
_MIDDLE = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)


def write_read_me(sheet: Worksheet, asked: Collection) -> None:
    """Instructions in the order in which they are needed; at the end what the workbook is."""
    design.heading(sheet, layout.TITLE, asked.whose)
    design.widths(sheet, _WIDTHS)
    row = 3
    if asked.demonstration:
        design.write(sheet.cell(3, 1), "A made-up organisation, for demonstration.", alignment=Alignment())
        row = 4
    row = _section(
        sheet, row + 1, "How to fill it in", [(f"Step {n}", step) for n, step in enumerate(_steps(asked), 1)]
    )
    row = _section(
        sheet, row + 1, "What the states mean", [(state.value, text) for state, text in layout.STATES.items()]
    )
    row = _section(
        sheet,
        row + 1,
        "What the colours mean",
        [
            ("Yellow, framed", "To be filled in."),
            ("White", "Filled in already. These cells are locked, without a password, to keep slips out."),
            (f"Grey, '{layout.NOT_ASKED}'", "Nothing to fill in: this is a plain count."),
            ("Red, with a note", "In a copy you get back: something is wrong here, and the note says what."),
        ],
    )
    for offset, colour in ((4, design.INPUT_FILL), (3, "FFFFFF"), (2, design.PALE), (1, design.WRONG_FILL)):
        sheet.cell(row - offset, 1).fill = design.fill(colour)
    sheet.cell(row - 4, 1).border = design.INPUT
    _about(sheet, row + 1, asked)
    design.printed(sheet, asked.whose, landscape=False)


def _steps(asked: Collection) -> list[str]:
    names = list(asked.sheets)
    many = f"sheets {', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else f"sheet {names[0]}"
    return [
        f"Look at the sheet '{WHAT_TO_COUNT}'. For each measure it says what to count, out of what, "
        "and where to find it.",
        f"Fill in the yellow cells of the {many}. Each row is one measure in one period.",
        "Type what you counted and out of how many, as plain numbers. Never type a percentage: we divide.",
        "Where you have no figure, choose the reason under State. A row left empty counts as missing, and changes "
        "nothing that is known from elsewhere.",
        f"Below, under 'About this workbook', give the day on which you took the figures ({layout.TAKEN}).",
        "Leave sheets, columns and white cells as they are. Keep your own workings in another file and paste values, "
        "not formulas.",
        "Save it as an Excel workbook (.xlsx) and send it back to whoever sent it, or add it yourself: "
        "t4c evidence add FILE.xlsx. If anything is wrong, you get a copy with those cells in red.",
    ]


def _section(sheet: Worksheet, row: int, title: str, lines: list[tuple[str, str]]) -> int:
    """A heading and its lines; gives the row after the last."""
    design.write(sheet.cell(row, 1), title, font=design.font(14, bold=True, colour=design.BLUE), alignment=Alignment())
    sheet.row_dimensions[row].height = 26
    for column in (1, 2):
        sheet.cell(row, column).border = Border(bottom=Side(style="medium", color=design.BLUE))
    for at, (label, text) in enumerate(lines, row + 1):
        design.write(sheet.cell(at, 1), label, font=design.font(bold=True), alignment=_MIDDLE, border=design.UNDER)
        design.write(sheet.cell(at, 2), text, alignment=_MIDDLE, border=design.UNDER)
        sheet.row_dimensions[at].height = design.height_for([(label, _WIDTHS[0]), (text, _WIDTHS[1])], least=19)
    return row + 1 + len(lines)


def _about(sheet: Worksheet, row: int, asked: Collection) -> None:
    values = {
        layout.TAKEN: "",
        layout.CODE: asked.organisation,
        layout.NAME: asked.name,
        layout.DEMONSTRATION: "yes" if asked.demonstration else "no",
        layout.TEMPLATE: str(TEMPLATE_VERSION),
        layout.DIGEST: asked.digest,
    }
    _section(sheet, row, "About this workbook", list(values.items()))
    cell = sheet.cell(row + 1, 2)
    cell.value = None
    design.input_cell(cell)
    cell.number_format = "d mmmm yyyy"
    rule = DataValidation(
        type="date",
        operator="greaterThan",
        formula1="36526",
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="A day is needed",
        error="Type the day on which the figures were taken, such as 30/04/2026.",
        showInputMessage=True,
        promptTitle=layout.TAKEN,
        prompt="The day on which you took the figures from their sources, such as 30/04/2026.",
    )
    rule.add(cell.coordinate)
    sheet.add_data_validation(rule)


def write_what_to_count(sheet: Worksheet, asked: Collection) -> None:
    """One row for each figure that is asked for, with its definition."""
    design.heading(sheet, WHAT_TO_COUNT, asked.whose)
    design.widths(sheet, _LISTED_WIDTHS)
    design.header(sheet, LISTED_ROW, layout.LISTED)
    for at, item in enumerate(asked.items, LISTED_ROW + 1):
        new_sheet = at == LISTED_ROW + 1 or asked.items[at - LISTED_ROW - 2].sheet != item.sheet
        texts = layout.listing(item)
        for column, (name, text) in enumerate(texts.items(), 1):
            quiet = name in {layout.PLACES, layout.KIND, layout.SERIES}
            font = design.font(bold=name == layout.MEASURE, colour=design.QUIET if quiet else design.TEXT)
            border = design.row_border(between=new_sheet)
            cell = design.write(sheet.cell(at, column), text, font=font, border=border)
            cell.number_format = "@"
        sheet.row_dimensions[at].height = design.height_for(list(zip(texts.values(), _LISTED_WIDTHS, strict=True)))
    design.printed(sheet, asked.whose, header_row=LISTED_ROW)
    to_read = layout.letters(len(layout.LISTED) - 3)  # the last three columns are for us
    sheet.print_area = f"A1:{to_read}{LISTED_ROW + len(asked.items)}"
    sheet.freeze_panes = sheet.cell(LISTED_ROW + 1, 3)
