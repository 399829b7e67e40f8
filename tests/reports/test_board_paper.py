"""The board paper as PDF: everybody can read it, it is short, says what a board must know, and hides what it must."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import outloud  # type: ignore[import-untyped]
import pdfua
import pikepdf
import pymupdf
import pytest

from t4c_lib.disclosure import Audience
from t4c_lib.documents.board_paper import board_paper
from t4c_lib.periods import today
from t4c_lib.reports import open_report
from t4c_lib.reports.trust import TrustReport
from tests.counted import table
from tests.report_making import report_of
from tests.reports.test_published_report import words_of
from tests.samples import some_of

pytestmark = pytest.mark.flow
PAPERS = (
    *(("DEMO-MH", Audience.FORUM), ("DEMO-SC", Audience.PUBLISHED)),
    *(("DEMO-MH", Audience.PUBLISHED), ("DEMO-SC", Audience.FORUM)),
)
MOST_PAGES = 6


Paper = tuple[TrustReport, Path]


@pytest.fixture(scope="module")
def papers() -> dict[object, Paper]:
    """Those that were made already: they are only read."""
    return {}


@pytest.fixture(params=some_of(PAPERS, 2), ids=str)
def paper(
    request: pytest.FixtureRequest,
    papers: dict[object, Paper],
    store_file: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Paper:
    code, audience = request.param
    if request.param not in papers:
        report, file = open_report(code, audience=audience), tmp_path_factory.mktemp("paper") / "paper.pdf"
        file.write_bytes(board_paper(report.board))
        papers[request.param] = report, file
    return papers[request.param]


def pages(file: Path) -> list[str]:
    with pymupdf.open(file) as opened:  # type: ignore[no-untyped-call]
        return [" ".join(page.get_text().split()) for page in opened]


def test_two_checkers_of_accessible_pdf_find_nothing_and_it_says_what_it_is(paper: Paper) -> None:
    _, file = paper
    assert [found for one in pdfua.validate(str(file)).outcomes for found in one.findings] == []
    checked = outloud.check(str(file))
    assert (checked.error, checked.verdict, checked.findings) == (None, "pass", [])
    with pikepdf.open(file) as opened, opened.open_metadata() as known:
        said: dict[str, Any] = {str(name).rpartition("}")[2]: known[name] for name in known}
        assert str(opened.Root.Lang) == "en-GB"
        raw = opened.Root.Metadata.read_bytes().decode()
    assert said["title"].startswith("Talent for Care, the Local Partnership Pledge: progress and ")
    assert ("pdfuaid:part" in raw, "pdfaid:part" in raw, "A</pdfaid:conformance>" in raw) == (True, True, True)


def test_its_first_two_pages_say_what_the_board_must_know_and_it_ends_after_six(paper: Paper) -> None:
    report, file = paper
    said, board = pages(file), report.board
    assert len(said) <= MOST_PAGES
    front, stand = said[:2]
    headings = ("Alert.", "Advise.", "Assure.", "The Board is asked to:")
    for words in (report.home.organisation.name, report.home.audience.marking, *headings):
        assert words in front
    assert front.count("decide whether to keep") == sum(one.kind == "target" for one in board.decisions)
    assert board.sentence in stand
    agreed = board.table.agreed
    assert f"All {' '.join(str(number) for number in _whole(report))} {agreed.done} of {agreed.all}" in stand
    whole = " ".join(said)
    exact = report.home.audience is Audience.FORUM
    assert (board.plan_takes in front, bool(board.plan_takes)) == (True, exact)
    assert ("Edition As it may be published: small numbers are hidden" in front) == (not exact)
    assert ("Costs rest on forecasts, which are in the forum's edition" in front) == (not exact)
    reasons = {one.progress.no_chance for one in board.targets if one.progress.latest is not None}
    assert all(reason in whole for reason in reasons)
    assert ("Why there is no chance. Forecasts start from exact counts" in whole) == (not exact)
    assert ("Mean, limits Chance" in whole) == exact  # a column in which nothing could stand is left out
    assert whole.count("with the plan as it is") >= sum(one.asked is not None for one in board.decisions)
    for place, one in enumerate(board.decisions, 1):
        assert f"Decision {place}. " in whole
        assert one.target is None or one.target.label in whole


def _whole(report: TrustReport) -> list[int]:
    table = report.board.table
    return [table.whole[(group, word)] for group, words in table.columns.items() for word in words]


def test_what_is_published_holds_no_exact_count(store_file: Path, tmp_path: Path) -> None:
    exact, public = (open_report("DEMO-SC", audience=one) for one in (Audience.FORUM, Audience.PUBLISHED))
    inside, outside = ({one.progress.counts for one in of.board.targets} for of in (exact, public))
    counted = inside - outside
    assert counted
    said = words_of(" ".join(pages(_written(public, tmp_path))))
    assert not [one for one in counted if one and one in said]
    assert any(one in " ".join(pages(_written(exact, tmp_path))) for one in counted if one)


def _written(report: TrustReport, folder: Path) -> Path:
    file = folder / f"{report.home.audience}.pdf"
    file.write_bytes(board_paper(report.board))
    return file


def test_without_a_plan_there_is_no_paper() -> None:
    with pytest.raises(ValueError, match="no plan to report on"):
        board_paper(report_of(None, table([]), today()).board)
