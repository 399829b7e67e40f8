"""The pre-read of a meeting: what it says is what the page says; what is asked; how long a meeting takes for it."""

import datetime as dt
import io
import re

import docx
import pytest

from t4c_lib.disclosure import Audience
from t4c_lib.documents import word_paper
from t4c_lib.errors import InputError
from t4c_lib.panels.forum_view import ForumView
from t4c_lib.plan.edits import edited_row
from t4c_lib.plan.partnership.papers import Paper
from t4c_lib.sections.home import HomeFigures
from t4c_lib.sections.meeting import Ask, by_ask, changes_since_meeting, gather_pre_read, open_points, proposed_minutes
from t4c_lib.store import Store

pytestmark = pytest.mark.unit

DAY = dt.date(2026, 11, 28)
CODE = "DEMO-AC"


@pytest.fixture(scope="module")
def store(demonstration: object) -> Store:
    return Store.open(f"sqlite:///{demonstration}")


@pytest.fixture(scope="module")
def home(store: Store) -> HomeFigures:
    return HomeFigures.of(store, store.organisation(CODE), DAY)


@pytest.fixture(scope="module")
def paper(store: Store, home: HomeFigures) -> Paper:
    return gather_pre_read(store, home.organisation, DAY, meets=dt.date(2027, 1, 22), home=home)


def test_it_says_of_each_intention_what_the_page_says(home: HomeFigures, paper: Paper) -> None:
    assert paper.opening[:2] == ("Pre-read for the meeting of 22 January 2027", "Inside the forum: not for publication")
    assert [one.heading for one in paper.parts[1:]] == [
        f"{gaps.intention.number} {gaps.intention.short}" for gaps in home.gaps
    ]
    for part, number in zip(paper.parts[1:], range(1, 11), strict=True):
        view = ForumView(home, number)
        said = dict(part.points)
        assert said.get("Where we stand", "").casefold() == view.standing.casefold()
        for row in (one for one in view.rows if one.row.short_title in said):
            words = said[row.row.short_title]
            assert words.startswith(f"{row.status}; ")
            assert words.partition("; ")[2].startswith(row.progress.text_of(row.progress.latest.value))  # type: ignore[union-attr]
            assert f"target {row.progress.text_of(row.progress.trajectory.target)}" in words  # type: ignore[union-attr]


def test_its_counts_are_those_of_the_page(home: HomeFigures, paper: Paper) -> None:
    whole = dict(paper.parts[0].points)
    assert whole["Agreement"] == home.record.agreed_sentence
    assert whole["X set"] == f"{home.x_set} measures that count something."
    points = open_points(home.rows, home.findings)
    asked = by_ask(one for some in points.values() for one in some)
    unset = [one for one in home.to_fix if one.field in ("change", "number")]
    assert len(asked[Ask.SET_X]) == len(unset)
    assert len(asked[Ask.POST]) == home.without_post
    assert {one.row.row.row_key for some in asked.values() for one in some if one.ask is not Ask.EVIDENCE} >= {
        one.row_key for one in home.to_fix if one.row_key and one.field != "evidence"
    }
    refused = asked[Ask.NOT_AGREED][0]
    assert refused.text.startswith("2a1 Run and promote work experience")
    assert "(reason: placements must not stand in for paid staff" in refused.text


def test_outside_the_forum_a_baseline_that_is_hidden_is_not_called_missing(store: Store, home: HomeFigures) -> None:
    (reps,) = (one for one in home.measures if one.measure == "union-learning-reps")
    few = {"baseline": "5 in 2026-03 (list of the unions)", "x": "to 7", "due": "2028-03"}
    assert home.plan is not None
    plan = home.plan.with_row(edited_row(reps, few, DAY))
    known = HomeFigures.of(store, home.organisation, DAY, plan=plan)
    paper = gather_pre_read(store, home.organisation, DAY, audience=Audience.PUBLISHED, home=known)
    stands = dict(paper.parts[10].points)["Where we stand"]
    assert "one has small numbers only" in stands.lower()
    assert "no baseline" not in paper.text


def test_an_intention_takes_a_page_at_most(paper: Paper) -> None:
    per_line, lines_of_a_page = 80, 46  # 11 points Arial on A4, as rendered
    for part in paper.parts:
        lines = [*part.opening, *(f"{lead}: {words}" for lead, words in part.points)]
        assert sum(-(-len(line) // per_line) for line in lines) < lines_of_a_page, part.heading


def test_word_holds_the_same_words_with_headings(paper: Paper) -> None:
    document = docx.Document(io.BytesIO(word_paper(paper)))
    texts = [one.text for one in document.paragraphs]
    assert texts[0] == paper.title
    assert [one.text for one in document.paragraphs if str(one.style and one.style.name) == "Heading 1"] == [
        part.heading for part in paper.parts
    ]
    for part in paper.parts:
        assert all(f"{lead}: {words}" in texts for lead, words in part.points)
    assert all(line in " ".join(paper.text.split()) for line in paper.opening)


def test_beyond_the_forum_small_numbers_are_hidden(store: Store, home: HomeFigures) -> None:
    made = gather_pre_read(store, home.organisation, DAY, home=home, audience=Audience.PUBLISHED)
    assert made.opening[1] == "Published figures: small numbers are hidden"
    assert "Counts are rounded to the nearest 5" in made.opening[2]
    exact = re.compile(r" (\d+) starts")
    inside = gather_pre_read(store, home.organisation, DAY, home=home)
    assert exact.search(inside.text)
    assert all(int(count) % 5 == 0 for count in exact.findall(made.text))


def test_days_that_cannot_be_are_refused(store: Store, home: HomeFigures) -> None:
    with pytest.raises(InputError, match="the meeting, 1 January 2026, is in the past"):
        gather_pre_read(store, home.organisation, DAY, home=home, meets=dt.date(2026, 1, 1))
    with pytest.raises(InputError, match="1 January 2027 is in the future"):
        changes_since_meeting(store, CODE, DAY, dt.date(2027, 1, 1))


def test_the_last_meeting_is_the_last_day_with_decisions(store: Store) -> None:
    since, changes = changes_since_meeting(store, CODE, DAY)
    assert since == max(store.decision_days(CODE))
    assert changes == ()
    since, changes = changes_since_meeting(store, CODE, DAY, dt.date(2026, 1, 1))
    plan = store.latest_plan(CODE)
    assert plan is not None
    assert len(changes) == len(plan.plan.actions) + len(plan.plan.measures)
    young = next(one for one in changes if one.row.reference == "1m1")
    assert (young.x_before, young.x_after) == ("", "1 percentage point up")
    assert young.statement == (
        "Staff aged 16 to 24: from 5.5% in March 2026 to 6.5% by March 2028 (1 percentage point up)"
    )


@pytest.mark.parametrize("length", [5, 30, 90, 180])
def test_the_minutes_of_a_meeting_go_to_what_is_open(home: HomeFigures, length: int) -> None:
    points = open_points(home.rows, home.findings)
    minutes = proposed_minutes(points, length)
    assert sum(minutes.values()) == length
    assert all(minutes[number] == 0 for number, some in points.items() if not some)
    if length >= 30:
        assert all(minutes[number] >= 2 for number, some in points.items() if some)
    assert sum(proposed_minutes({1: ()}, length).values()) == 0
