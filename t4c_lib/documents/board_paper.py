"""The paper that a board decides on, as PDF: front sheet, where the plan stands, the decisions with their options.

Typst sets it (board_paper.typ) to PDF/UA-1 and PDF/A-2a, with our own font; it refuses what would not be accessible.
"""

import json
import re
from collections.abc import Iterator
from functools import partial
from importlib.resources import as_file, files
from typing import Any

import typst

from t4c_lib.charts.picture import WIDTH_ON_PAPER
from t4c_lib.html_templates import environment, plain_from, text_from
from t4c_lib.periods import Day
from t4c_lib.quantities import count_words
from t4c_lib.sections.board import GOOD, Board, Decision
from t4c_lib.sections.figure_sections import measure_picture
from t4c_lib.sections.row_view import RowView
from t4c_lib.typed_text import capitalised, in_short, listed

MOST_ROWS = 12  # of changes and of what is overdue; the report has the rest
MOST_MEASURES = 24
MOST_NAMES = 4
CHARTED = 1  # decisions with a chart: six pages are the most that a board reads
_WORDS, _TABLES, _STATUS = "documents/board_paper.txt.j2", "sections/board_tables.html.j2", "sections/status.html.j2"
_LOOK = 'fill="none" stroke="{colour}" color="{colour}" stroke-width="2"'
_SIGN = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{{}}" {_LOOK}>{{}}</svg>'
_SYMBOL = re.compile(r'<symbol id="s-([a-z-]+)" viewBox="([^"]*)">(.*?)</symbol>', re.DOTALL)
INK, RED = "#212b32", "#b1170b"


def board_paper(board: Board) -> bytes:
    """The PDF. Where a figure of few people may not be published, give a board of published figures.

    Raises ValueError: there is no plan to report on.
    """
    if board.home.plan is None:
        raise ValueError("There is no plan to report on.")
    with as_file(files(__package__)) as folder:
        made: bytes = typst.compile(
            str(folder / "board_paper.typ"),
            sys_inputs={"paper": json.dumps(_paper(board))},
            font_paths=[str(folder / "fonts")],
            ignore_system_fonts=True,
            pdf_standards=["ua-1", "a-2a"],
        )
    return made


def _paper(board: Board) -> dict[str, Any]:
    """What the paper says, as board_paper.typ reads it."""
    home = board.home
    signs: Any = environment().get_template(_STATUS).module
    count = len(board.decisions)
    asked = f"{count_words(count)} decision{'s' if count > 1 else ''}" if count else "for assurance"
    since = "the last meeting" if board.since is None else Day(board.since).label
    table = board.table
    columns = [(group, word) for group, words in table.columns.items() for word in words]
    measures = [one for one in board.targets if one.progress.latest is not None]
    return {
        "title": f"Talent for Care, the Local Partnership Pledge: progress and {asked}",
        "organisation": home.organisation.name,
        "marking": home.audience.marking,
        "day": Day(home.day).label,
        "front": list(_front(board)),
        "sentence": f"{board.sentence}. {plain_from(_TABLES, 'lede', board)}",
        "groups": [[group, len(words)] for group, words in table.columns.items() if words],
        "columns": [str(word) for _, word in columns],
        "ten": [
            {
                "strand": strand.name,
                "rows": [
                    [str(one.number), one.short, [mine.whole[cell] for cell in columns], str(mine.agreed)]
                    for one, mine in lines
                ],
            }
            for strand, lines in table.lines
        ],
        "whole": [[table.whole[cell] for cell in columns], str(table.agreed)],
        "since": since,
        "changes": [[one.what, one.then, one.now, one.why] for one in board.changes_in_short(MOST_ROWS)],
        "overdue": [
            [str(one.intention), capitalised(one.what), one.owner, Day(one.due).label, one.overdue_days]
            for one in board.overdue[:MOST_ROWS]
        ],
        "more_overdue": max(0, len(board.overdue) - MOST_ROWS),
        "measures": [_measure(one) for one in measures[:MOST_MEASURES]],
        "more_measures": max(0, len(measures) - MOST_MEASURES),
        "decisions": [_decision(place, one) for place, one in enumerate(board.decisions)],
        "how": plain_from(_TABLES, "how_options", board),
        "signs": {
            colour: {
                name: _SIGN.format(view, drawn.replace("currentColor", colour), colour=colour)
                for name, view, drawn in _SYMBOL.findall(str(signs.symbols()))
            }
            for colour in (INK, RED)
        },
        "sign_of": dict(signs.SIGNS),
        "red": list(signs.RED),
        "policy": home.policy,
        "also_overdue": plain_from(_TABLES, "also_overdue", board),
        "no_chances": plain_from(_TABLES, "no_chances", measures),
        "without": listed([one.name for one in board.targets if one.status == "no figure yet"]),
    }


def _front(board: Board) -> Iterator[list[Any]]:
    """The rows of the front sheet: a label, and its paragraphs."""
    text = text_from(
        _WORDS,
        b=board,
        GOOD=GOOD,
        day=lambda date: Day(date).label,
        words=count_words,
        names=lambda views: in_short([one.name for one in views], MOST_NAMES),
        without=plain_from(_TABLES, "how_many", board, ("no figure yet", "baseline only")),
        overdue=plain_from(_TABLES, "overdue_words", board),
        kinds=partial(plain_from, _TABLES, "kinds"),
    )
    for row in re.split(r"^# ", text, flags=re.MULTILINE)[1:]:
        label, _, rest = row.partition("\n")
        yield [label, [" ".join(one.split()) for one in rest.splitlines() if one.strip()]]


def _measure(one: RowView) -> dict[str, Any]:
    latest, when = one.latest
    return {
        "name": one.name,
        "code": one.code,
        "latest": latest,
        "of": ", ".join(filter(None, (one.progress.counts, when))),
        "planned": one.planned,
        "target": list(one.target),
        "status": one.status,
        "icons": [[icon.svg(28), icon.label] for icon in one.icons] if one.limits else [],
        "limits": one.limits,
        "note": "" if one.limits else str(one.progress.spc_note),
        "chance": one.chance,
    }


def _decision(place: int, one: Decision) -> dict[str, Any]:
    row = one.target if place < CHARTED else None
    picture = None if row is None or row.latest is None else measure_picture(row)
    return {
        "question": plain_from(_TABLES, "question", one),
        "because": plain_from(_TABLES, "because", one, not one.asked),
        "options": [list(option) for option in one.options],
        "none": plain_from(_TABLES, "no_other", one),
        "chart": None if picture is None else [picture.title, picture.svg(WIDTH_ON_PAPER), picture.description],
    }
