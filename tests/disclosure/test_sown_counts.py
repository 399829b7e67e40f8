"""A count that nobody else has is sown wherever figures come from, and looked for in all that is published."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
import zipfile
from pathlib import Path

import pytest

from t4c_lib.address import Address
from t4c_lib.disclosure import Audience
from t4c_lib.documents import word_paper
from t4c_lib.progress import provenance_table
from t4c_lib.progress.provenance import published_figures, write_provenance
from t4c_lib.sections.meeting import gather_pre_read
from t4c_lib.serving.run import WORKBOOKS
from t4c_lib.serving.snapshot import page_named, save_page
from t4c_lib.store import Store
from tests.report_making import run_report

SOWN, FEW = 9_973, 7  # of so many people so few; rounded it is 9,975, and hidden
CODE = "DEMO-SC"


def sow(file: Path) -> None:
    """The newest figures of every series are of as many people as nobody has; every fourth counts a few of them."""
    with sqlite3.connect(file) as database:
        newest = "period = (SELECT max(period) FROM observation o WHERE o.series = observation.series)"
        own = f"organisation = '{CODE}' AND {newest} AND state IN ('counted', 'zero')"
        sown = database.execute(
            f"UPDATE observation SET denominator = {SOWN}, numerator = CASE id % 4 WHEN 0 THEN {FEW}"
            f" ELSE {SOWN} - id % 9 END WHERE {own} AND denominator IS NOT NULL"
        ).rowcount
        database.execute(f"UPDATE observation SET value = numerator / denominator WHERE {own} AND denominator = {SOWN}")
        sown += database.execute(
            f"UPDATE observation SET value = {SOWN}, numerator = {SOWN} WHERE {own} AND denominator IS NULL"
        ).rowcount
    assert sown > 50


def found_in(folder: Path) -> set[str]:
    """The files that say it, in whatever place: text, title, description, metadata, or their own name."""
    said = re.compile(rf"(?<!\d){SOWN:,}(?!\d)|(?<!\d){SOWN}(?!\d)")
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert files
    return {file.name for file in files if said.search(f"{file}\n{text_of(file)}")}


def text_of(file: Path) -> str:
    """All that a file holds; of a paper in Word every part."""
    if file.suffix != ".docx":
        return file.read_text(encoding="utf-8")
    with zipfile.ZipFile(file) as parts:
        return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())


@pytest.mark.workbook
def test_a_sown_count_is_in_nothing_that_is_published_and_in_all_that_is_for_the_forum(
    store_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sow(store_file)
    done: list[tuple[str, float]] = []
    for audience in Audience:
        folder = tmp_path / audience
        folder.mkdir()
        monkeypatch.setenv("T4C_LOG", str(folder / "log.jsonl"))
        with Store.open() as store:
            trust, sources = store.organisation(CODE), store.sources(CODE)
            exact = store.observations(CODE)
            paper = gather_pre_read(store, trust, dt.date(2026, 9, 1), audience=audience)
        (folder / "pre-read.docx").write_bytes(word_paper(paper))
        run_report(trust, folder, audience=audience)
        address = Address().with_parts(organisation=CODE, measure="young-share", audience=audience)
        page, now = page_named("forum", WORKBOOKS), dt.datetime.now().astimezone()
        saved = save_page(page, address, now, lambda what, part: done.append((what, part)))
        (folder / "forum.html").write_text(saved, encoding="utf-8")
        figures = published_figures(exact, sources) if audience is Audience.PUBLISHED else exact
        write_provenance(provenance_table(figures, sources), folder / "figures.csv")
    assert ({what for what, _ in done}, done[0][1], done[-1][1] > 0) == ({f"The page forum of {CODE}"}, 0.0, True)
    assert found_in(tmp_path / "published") == set()
    forum = found_in(tmp_path / "forum")
    reports = {"report-inside-the-forum.html", "report-inside-the-forum.ipynb"}
    assert forum == {"figures.csv", "forum.html", "pre-read.docx", *reports}
