"""Whatever a table of the pledge looks like, every word of the document is in a row of the proposal or left over."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from t4c_lib.plan.word.proposal import Proposal, propose_from_word
from tests.plan.word_making import HEADINGS, fill, saved, text_in

pytestmark = pytest.mark.law

# Every word of a made document is its own, so that one that goes missing is missed.
LINES = st.lists(st.sampled_from(["", "• ", "- ", "o ", "1. ", "3a1 ", "tbc", "We will:"]), min_size=0, max_size=4)


@settings(max_examples=40)
@given(
    cells=st.lists(st.lists(LINES, min_size=5, max_size=5), min_size=1, max_size=4),
    order=st.permutations(range(5)),
    breaks=st.booleans(),
    merged=st.none() | st.integers(0, 4),
    headed=st.booleans(),
)
def test_no_word_of_any_document_is_lost(
    cells: list[list[list[str]]], order: list[int], *, breaks: bool, merged: int | None, headed: bool
) -> None:
    document = docx.Document()
    words = iter(f"Word{number}x" for number in range(10_000))
    document.add_paragraph(next(words))
    table: Any = document.add_table(1, 5)
    for place, column in enumerate(order):
        table.rows[0].cells[place].text = HEADINGS[column] if headed else next(words)
    for row in cells:
        added = table.add_row().cells
        for cell, lines in zip(added, row, strict=True):
            fill(
                cell,
                ["\n".join(f"{mark}{next(words)}" for mark in lines)]
                if breaks
                else [f"{mark}{next(words)}" for mark in lines],
            )
    if merged is not None:
        table.rows[1].cells[merged].merge(table.rows[-1].cells[min(merged + 1, 4)])
    document.add_paragraph(next(words))
    content = saved(document)
    kept = said_by(propose_from_word(content, "made.docx"))
    written = re.findall(r"Word\d+x|[•-]|We will:|tbc|3a1|1\.", text_in(content))
    assert Counter(written) - Counter(re.findall(r"Word\d+x|[•-]|We will:|tbc|3a1|1\.", kept)) == Counter()


def said_by(proposal: Proposal) -> str:
    """Every text of a proposal, one after the other."""
    rows = [text for row in proposal.rows for text in (row.mark, row.text, row.postholder)]
    dates = [row.timing.text for row in proposal.rows if row.timing is not None]
    return " ".join((*rows, *dates, *(left.text for left in proposal.leftover)))
