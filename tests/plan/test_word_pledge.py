"""The pledge as its source words it comes in from Word with every row matched, in every shape that trusts use."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from t4c_lib.framework import catalogue
from t4c_lib.periods import Month
from t4c_lib.plan.word.proposal import Proposal, RowKind, propose_from_word
from t4c_lib.plan.word.row_matching import THRESHOLD
from tests.framework_counts import ACTIONS, MEASURES
from tests.plan.word_making import HEADINGS, Shape, SourceRow, make_pledge, saved, source_rows, text_in

pytestmark = pytest.mark.unit

OTHER_WORDS = ("Strategic aim", "What we will do", "Lead", "By when", "How we will know it worked")
SHAPES = {
    "as printed": Shape(),
    "a table for each intention": Shape(per_intention=True),
    "headings said again": Shape(heading_again=True),
    "a row for each entry, the intention merged downwards": Shape(merged=True),
    "merged, bullets typed": Shape(merged=True, bullets="•"),
    "typed bullets": Shape(bullets="•"),
    "dashes": Shape(bullets="-"),
    "the letter o for a bullet": Shape(bullets="o"),
    "numbers": Shape(bullets="1."),
    "no bullets": Shape(bullets=""),
    "line breaks with bullets": Shape(bullets="•", breaks=True),
    "line breaks without bullets": Shape(bullets="", breaks=True),
    "columns the other way round": Shape(order=(4, 3, 2, 1, 0)),
    "columns mixed, other headings": Shape(order=(2, 0, 4, 1, 3), headings=OTHER_WORDS),
    "printed headings": Shape(
        headings=(
            "National Strategic Intention (From the framework)",
            "Suggested actions (partners to agree)",
            "Responsibility (postholder/s)",
            "Suggested timeline",
            "Suggested measures of success (partners to agree)",
        )
    ),
}


@pytest.fixture(scope="module")
def source(shared: Path) -> list[SourceRow]:
    return source_rows(shared)


def expected(source: list[SourceRow]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Kind, text and refs of every entry, from the order of the bullets: "1a2" is the second action of intention 1."""
    parts: dict[str, list[str]] = {}
    for measure in catalogue().measures:
        parts.setdefault(measure.ref, []).append(measure.reference)
    rows: list[tuple[str, str, tuple[str, ...]]] = []
    for number, row in enumerate(source, 1):
        rows += [("action", text, (f"{number}a{place}",)) for place, text in enumerate(row.actions, 1)]
        rows += [("measure", text, tuple(parts[f"{number}m{place}"])) for place, text in enumerate(row.measures, 1)]
    return rows


def entries(proposal: Proposal) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(str(row.kind), row.text, row.refs) for row in proposal.rows if row.kind is not RowKind.intention]


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_every_row_of_the_source_is_matched_to_its_ref_in_every_shape(source: list[SourceRow], shape: Shape) -> None:
    proposal = propose_from_word(saved(make_pledge(source, shape)), "pledge.docx")
    assert sorted(entries(proposal)) == sorted(expected(source))
    headings = [row for row in proposal.rows if row.kind is RowKind.intention]
    assert [row.refs for row in headings] == [(str(number),) for number in range(1, 11)]
    assert [row.intention for row in headings] == list(range(1, 11))


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_no_character_of_the_document_is_lost(source: list[SourceRow], shape: Shape) -> None:
    content = saved(make_pledge(source, shape))
    proposal = propose_from_word(content, "pledge.docx")
    assert Counter("".join(text_in(content).split())) - told(proposal) == Counter()


def told(proposal: Proposal) -> Counter[str]:
    """Every character that a proposal still has. What stands beside several entries of a row counts once."""
    texts = [text for row in proposal.rows for text in (row.mark, row.text)]
    beside = {(row.place, row.timing.text) for row in proposal.rows if row.timing is not None}
    beside |= {(row.place, row.postholder) for row in proposal.rows}
    return Counter("".join((*texts, *(text for _, text in beside), *(left.text for left in proposal.leftover))))


def test_all_actions_and_36_bullets_are_there_and_only_the_measure_without_a_bullet_is_absent(
    source: list[SourceRow],
) -> None:
    proposal = propose_from_word(saved(make_pledge(source)), "pledge.docx")
    actions = [row for row in proposal.matched if row.kind is RowKind.action]
    bullets = [row for row in proposal.matched if row.kind is RowKind.measure]
    assert (len(actions), len(bullets), len(proposal.added)) == (ACTIONS, 36, 0)
    assert sum(len(row.keys) for row in bullets) == MEASURES - 1
    assert [absent.key for absent in proposal.absent] == ["apprenticeship-starts"]


def test_every_score_of_the_source_is_clearly_above_the_threshold(source: list[SourceRow]) -> None:
    proposal = propose_from_word(saved(make_pledge(source)), "pledge.docx")
    assert min(row.score for row in proposal.rows) >= THRESHOLD + 0.2
    assert max(row.score for row in proposal.rows) <= 1


def test_a_blank_that_is_still_a_blank_gives_no_suggestion(source: list[SourceRow]) -> None:
    proposal = propose_from_word(saved(make_pledge(source)), "pledge.docx")
    assert [row.suggestions for row in proposal.rows if row.suggestions] == []


def test_dates_stand_beside_the_rows_they_may_be_for_with_their_text(source: list[SourceRow]) -> None:
    proposal = propose_from_word(saved(make_pledge(source)), "pledge.docx")

    def months(key: str) -> list[Month]:
        row = next(row for row in proposal.rows if key in row.keys)
        assert row.timing is not None
        return list(row.timing.months)

    # Two dates for four actions: which is for which the source leaves open, so each action has both.
    assert months("review-entry-routes") == [Month(2016, 4), Month(2015, 9)]
    # What is said about a baseline belongs to the measures.
    assert months("young-share") == [Month(2015, 4)]
    assert months("publish-pathways") == [Month(2015, 6)]
    assert months("sign-pledge") == [Month(2015, 4)]
    starts = next(row for row in proposal.rows if "work-experience-programme" in row.keys)
    assert starts.timing is not None
    assert (starts.timing.month, starts.timing.starting) == (Month(2015, 9), True)


def test_as_many_dates_as_actions_go_one_to_each(source: list[SourceRow]) -> None:
    four = source[0]
    dated = SourceRow(
        four.heading, four.actions, ("A", "B", "C", "D"), ("May 2026", "June 2026", "July 2026", "Aug 2026")
    )
    proposal = propose_from_word(saved(make_pledge([dated])), "pledge.docx")
    actions = [row for row in proposal.rows if row.kind is RowKind.action]
    assert [row.postholder for row in actions] == ["A", "B", "C", "D"]
    assert [row.timing and row.timing.month for row in actions] == [Month(2026, month) for month in (5, 6, 7, 8)]


def test_rows_of_the_organisations_own_stay_its_own_and_the_others_keep_their_match(source: list[SourceRow]) -> None:
    own = [
        SourceRow(
            row.heading, (*row.actions, f"Plant {number} trees by the gate"), row.people, row.timeline, row.measures
        )
        for number, row in enumerate(source, 1)
    ]
    proposal = propose_from_word(saved(make_pledge(own)), "pledge.docx")
    assert [row.text for row in proposal.added] == [f"Plant {number} trees by the gate" for number in range(1, 11)]
    assert len(proposal.matched) == 67
    assert {row.score for row in proposal.added} == {0.0}


def test_rows_that_were_taken_out_are_told_as_absent(source: list[SourceRow]) -> None:
    fewer = [SourceRow(row.heading, row.actions[1:], (), row.timeline, row.measures[1:]) for row in source]
    proposal = propose_from_word(saved(make_pledge(fewer)), "pledge.docx")
    gone = {absent.ref.split("-")[0] for absent in proposal.absent}
    assert {f"{number}a1" for number in range(1, 11)} | {f"{number}m1" for number in range(1, 11)} <= gone


def test_a_table_without_a_column_for_the_intention_takes_it_from_the_paragraph_above(source: list[SourceRow]) -> None:
    import docx

    from tests.plan.word_making import fill

    document = docx.Document()
    for row in source:
        document.add_paragraph(" ".join(row.heading))
        table = document.add_table(2, 2)
        for place, (title, lines) in enumerate(((HEADINGS[1], row.actions), (HEADINGS[4], row.measures))):
            table.rows[0].cells[place].text = title
            fill(table.rows[1].cells[place], lines, entries=True)
    proposal = propose_from_word(saved(document), "pledge.docx")
    assert sorted(entries(proposal)) == sorted(expected(source))


def test_an_intention_without_any_heading_is_told_by_what_stands_in_its_row(source: list[SourceRow]) -> None:
    bare = [
        SourceRow((f"Our theme {'abcdefghij'[place]}",), row.actions, (), (), row.measures)
        for place, row in enumerate(source)
    ]
    proposal = propose_from_word(saved(make_pledge(bare)), "pledge.docx")
    assert [row.intention for row in proposal.rows if row.kind is RowKind.intention] == list(range(1, 11))
    assert sorted(entries(proposal)) == sorted(expected(source))


def test_the_proposal_reads_row_by_row_with_every_text_in_full(source: list[SourceRow]) -> None:
    proposal = propose_from_word(saved(make_pledge(source)), "pledge.docx")
    text = proposal.to_text()
    assert max(map(len, text.splitlines())) <= 100
    plain = " ".join(text.replace("|", " ").split())
    for row in proposal.rows:
        assert " ".join(row.text.split()) in plain
    assert "pledge.docx: 67 rows matched to the framework" in text
    assert "measure 6-intention: Apprenticeship starts" in text
