"""The report as it is published: no exact count of people in page or notebook, and nothing said of too few of them."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from t4c_lib.disclosure import Audience
from t4c_lib.disclosure.published import PublishedFigures
from t4c_lib.disclosure.suppression_policy import policy
from t4c_lib.framework import MeasureKind
from t4c_lib.plan import MeasureRow
from t4c_lib.progress import SpcNote, StatusWord
from t4c_lib.reports import open_report
from t4c_lib.reports.trust import TrustReport
from t4c_lib.sections.figure_sections import chart_note
from t4c_lib.store import Store
from tests.report_making import run_report
from tests.samples import some_of

SMALL = "DEMO-SC"  # some 270 people
OUT_OF = re.compile(r"(?<![\d,.])([\d,.]+) of ([\d,.]+\d)")
# Rows of each intention, and days, are no people.
NO_PEOPLE = re.compile(r"<td class=\"f-num\">\d+ of \d+</td>|<td[^>]* data-label=\"Days overdue\">.*?</td>", re.DOTALL)
OF_ROWS = re.compile(
    r"\d+ of (?:the plan's )?\d+ (?:actions|measures|rows)|agreed by both sides(?:\s+\d+ of \d+)+", re.I
)


def words_of(html: str) -> str:
    """What a page says, with titles, descriptions and the words of its drawings."""
    html = NO_PEOPLE.sub("", html.replace('\\"', '"'))  # as a notebook has it
    said = re.findall(r'(?:aria-label|alt|title|content)="([^"]*)"', html)
    return OF_ROWS.sub(
        "", unescape(" ".join([*said, re.sub(r"<style.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)]))
    )


def shown(report: TrustReport) -> str:
    """All its sections."""
    parts = [report.decisions, report.changes, report.measures, report.intentions, report.due, report.agreement]
    parts += [report.takes, report.further, report.gaps, report.sources]
    return words_of("".join([report.first_page._repr_html_(), *(one._repr_html_() for one in parts)]))


@pytest.mark.flow
@pytest.mark.parametrize("code", some_of([SMALL, "DEMO-MH"], 1))
def test_every_count_out_of_another_is_rounded_and_none_is_small(store_file: Path, code: str) -> None:
    said = shown(open_report(code))
    pairs = [[float(count.replace(",", "")) for count in pair] for pair in OUT_OF.findall(said)]
    assert len(pairs) > 5
    for counted, base in pairs:
        assert (counted % 5, base % 5) == (0, 0), (counted, base)
        assert counted > policy().hidden_up_to
    exact = OUT_OF.findall(shown(open_report(code, audience=Audience.FORUM)))
    assert any(float(base.replace(",", "")) % 5 for _, base in exact)


@pytest.mark.flow
def test_a_baseline_of_too_few_people_is_not_published_and_its_row_says_so(store_file: Path) -> None:
    public, exact = open_report(SMALL), open_report(SMALL, audience=Audience.FORUM)
    assert isinstance(public.home.public, PublishedFigures)
    assert public.home.plan is not None
    hidden = [one for one in public.home.rows if one.status.word is StatusWord.NOT_JUDGED]
    assert hidden
    for one in hidden:
        assert one.status.facts.is_baseline_hidden
        was = next(other for other in exact.home.rows if other.key == one.key and other.name == one.name)
        assert was.status.word is not StatusWord.NOT_JUDGED
        assert "its baseline is not shown, for it rests on few people" in one.status.reason
        assert ("No figure has been reported yet." in one.status.reason) is (was.latest is None)
    assert "the baseline is not shown, for it rests on few people" in shown(public)


@pytest.mark.flow
def test_a_target_that_is_off_course_by_its_chance_alone_is_said_to_be_called_otherwise(store_file: Path) -> None:
    public, exact = (open_report("DEMO-MH", as_of="2026-11-30", audience=one) for one in ("published", "forum"))
    pairs = [(one.status.word, was.status.word) for one, was in zip(public.home.rows, exact.home.rows, strict=True)]
    assert (StatusWord.BEHIND, StatusWord.OFF_COURSE) in pairs
    words = (
        "a target that is off course there because of its chance is called here by its newest figure, such as behind"
    )
    assert words in words_of(public.first_page._repr_html_())
    assert words not in shown(exact)


@pytest.mark.detail
@pytest.mark.flow
@pytest.mark.parametrize("code", [SMALL, "DEMO-SP"])
def test_rounding_makes_no_icon(store_file: Path, code: str) -> None:
    """What is published shows an icon only where it is the one inside the forum."""
    exact = {one.key: one for one in open_report(code, audience=Audience.FORUM).home.rows if one.key}
    public = [one for one in open_report(code).home.rows if one.key]
    assert any(one.spc_note is SpcNote.ROUNDED for one in public)
    for one in public:
        inside = exact[one.key or ("", "", "")]
        assert one.variation in (None, inside.variation), one.name
        assert one.assurance in (None, inside.assurance), one.name
    assert not any(one.spc_note is SpcNote.ROUNDED for one in exact.values())


@pytest.mark.flow
def test_figures_that_are_hidden_are_not_said_to_be_missing(store_file: Path) -> None:
    public, exact = open_report(SMALL), open_report(SMALL, audience=Audience.FORUM)
    hidden = [one for one in public.home.rows if one.latest is None and one.status.facts.has_hidden_figures]
    assert hidden
    tables = [one.gaps.sections[0].table for one in (public, exact)]
    names = [list(one["Measure"]) for one in tables if one is not None]
    assert names[0] == names[1]
    assert "Small numbers only, which are not shown:" in shown(public)
    assert "small numbers only, which are not shown; for the other" in shown(public)


@pytest.mark.flow
def test_charts_say_what_hiding_and_rounding_do_to_them(store_file: Path) -> None:
    """A broken line, and a change that is no larger than the step of rounding, are explained beside the chart."""
    gaps, may_round = "A gap in the line is a period whose figure is not shown", "may be rounding alone"
    for audience in Audience:
        charted = [one for one in open_report(SMALL, audience=audience).home.rows if one.key and one.latest is not None]
        for one in charted:
            assert isinstance(one.row, MeasureRow)
            note, known = chart_note(one), one.figures.dropna(subset="value")
            assert (gaps in note) is one.status.facts.has_hidden_figures, one.name
            far = abs(known["value"].diff()).max() > 0.001
            if audience is Audience.PUBLISHED and one.row.what.kind is not MeasureKind.RATE and far:
                step = 5 / known["denominator"].fillna(1).min()
                assert known["step"].max() == pytest.approx(step), one.name
                assert may_round in note, one.name
            assert audience is Audience.PUBLISHED or may_round not in note
        assert any(gaps in chart_note(one) for one in charted) is (audience is Audience.PUBLISHED)


@pytest.mark.detail
@pytest.mark.workbook
def test_no_exact_count_stands_anywhere_in_the_files_of_a_published_report(store_file: Path, tmp_path: Path) -> None:
    """Counts of three digits and more that no rounding leaves as they are, looked for in page and notebook."""
    with Store.open() as store:
        trust, observations = store.organisation(SMALL), store.observations(SMALL)
    files = run_report(trust, tmp_path)
    counts = {
        int(one)
        for name in ("numerator", "denominator")
        for one in observations[name].dropna()
        if one % 5 and one == int(one)
    }
    looked_for = {f"{count:,}" for count in counts if count >= 100}
    assert len(looked_for) > 50
    for file in (files.page, files.notebook):
        text = re.sub(r"<svg.*?</svg>", " ", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        numbers = set(re.findall(r"(?<![\d,.\w])\d[\d,]*(?![\d\w]|\.\d| days)", words_of(text)))
        found = {one.rstrip(",") for one in numbers} & looked_for
        assert not found, (file.name, found)
    assert "Published figures: small numbers are hidden" in files.page.read_text(encoding="utf-8")


@pytest.mark.flow
def test_small_counts_of_courses_and_case_studies_are_published_and_those_of_people_are_not(store_file: Path) -> None:
    exact, public = (open_report("DEMO-MH", audience=one).home.rows for one in (Audience.FORUM, Audience.PUBLISHED))
    said, shown = (
        {one.label: (one.latest.value if one.latest else 0.0, one.status.word) for one in rows}
        for rows in (exact, public)
    )
    for name in ("Pre-employment courses with partners", "Case studies published"):
        assert 0 < said[name][0] <= policy().hidden_up_to
        assert shown[name] == said[name]
    assert shown["Union Learning Reps"] == (0.0, StatusWord.NOT_JUDGED)
