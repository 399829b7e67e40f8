"""What one page has gathered is found by the other pages of its server, and by nobody once something was saved."""

from __future__ import annotations

import datetime as dt
import os
import stat
from pathlib import Path

import pytest

from t4c_lib import whatif
from t4c_lib.filesystem import KEPT
from t4c_lib.panels import between_pages
from t4c_lib.panels.between_pages import home_figures, keep
from t4c_lib.panels.home import take_over
from t4c_lib.periods import today
from t4c_lib.plan import MeasureRow
from t4c_lib.progress.what_if import WhatIf
from t4c_lib.progress.what_if_answers import WhatIfQuestion
from t4c_lib.sections.home import HomeFigures
from t4c_lib.store import Store
from t4c_lib.whatif import DOING_NOTHING, Need

pytestmark = pytest.mark.unit
CODE = "DEMO-SC"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That of a server, which its kernels know."""
    place = tmp_path / "kept"
    place.mkdir()
    monkeypatch.setenv(KEPT, str(place))
    return place


def another_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(between_pages, "_made", {})
    monkeypatch.setattr(between_pages, "_kept", {})
    monkeypatch.setattr(between_pages, "_read", {})


def said(home: HomeFigures) -> list[tuple[str, str, str, float | None]]:
    return [(one.label, str(one.status.word), one.status.reason, one.chance) for one in home.rows]


def test_another_page_finds_the_same_and_gathers_nothing(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    another_kernel(monkeypatch)
    first = home_figures(store, store.organisation(CODE), today())
    words = said(first)
    keep("home")
    (file,) = folder.iterdir()
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    another_kernel(monkeypatch)
    monkeypatch.setattr(HomeFigures, "of", lambda *_: pytest.fail("it was gathered again"))
    found = home_figures(store, store.organisation(CODE), today())
    assert found is not first
    assert said(found) == words
    assert found.findings == first.findings
    rests_on = first.worked_out._known["what-if"][0]
    again = found.worked_out.once("what-if", rests_on, lambda: "worked out again")
    assert again == found.worked_out._known["what-if"][1]


def test_what_was_saved_since_is_gathered_anew(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    another_kernel(monkeypatch)
    home_figures(store, store.organisation(CODE), today())
    keep("home")
    revision = store.latest_plan(CODE)
    assert revision is not None
    row = next(one for one in revision.plan.actions if one.is_open)
    plan = revision.plan.with_row(row.changed(note="new"))
    store.save_plan(plan, by="Ann", side="both", parent_revision=revision.revision)
    another_kernel(monkeypatch)
    found = home_figures(store, store.organisation(CODE), today()).plan
    assert found is not None
    assert any(getattr(one, "note", "") == "new" for one in found.every_row)


def test_what_is_there_in_halves_or_of_another_program_counts_for_nothing(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    another_kernel(monkeypatch)
    home_figures(store, store.organisation(CODE), today())
    keep("home")
    (file,) = folder.iterdir()
    for content in (file.read_bytes()[:1000], b"", b"no pickle"):
        file.write_bytes(content)
        another_kernel(monkeypatch)
        assert home_figures(store, store.organisation(CODE), today()).plan is not None


def test_what_another_page_has_kept_meanwhile_is_found_by_who_had_the_figures_already(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    another_kernel(monkeypatch)
    trust = store.organisation(CODE)
    inherited = home_figures(store, trust, today())
    ours = between_pages._made, between_pages._kept, between_pages._read
    another_kernel(monkeypatch)
    home_figures(store, trust, today()).worked_out.once("asked", "", lambda: "answered")
    keep("home", "a page")
    for name, what in zip(("_made", "_kept", "_read"), ours, strict=True):
        monkeypatch.setattr(between_pages, name, what)
    found = home_figures(store, trust, today())
    assert found is not inherited
    assert found.worked_out.once("asked", "", lambda: "worked out again") == "answered"
    assert home_figures(store, trust, today()) is found


def test_the_warm_parent_holds_what_was_kept_of_the_organisation_of_the_last_address(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    another_kernel(monkeypatch)
    home_figures(store, store.organisation(CODE), today())
    keep("home")
    another_kernel(monkeypatch)
    take_over("organisation=DEMO-AC")
    assert not between_pages._made
    take_over(f"organisation={CODE}&measure=turnover")
    monkeypatch.setattr(HomeFigures, "of", lambda *_: pytest.fail("it was gathered again"))
    assert home_figures(store, store.organisation(CODE), today()) is between_pages._made["home"][1]


def test_no_more_than_some_are_kept(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(between_pages, "MOST_KEPT", 2)
    for code in ("DEMO-SC", "DEMO-AC", "DEMO-CO"):
        another_kernel(monkeypatch)
        between_pages.kept_between_pages(store, code, "test", lambda: "made")
    assert len(list(folder.iterdir())) == 2


def test_a_day_before_is_found_although_the_page_has_gathered_today_itself(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    another_kernel(monkeypatch)
    trust = store.organisation(CODE)
    before = today() - dt.timedelta(days=200)
    first = home_figures(store, trust, before, home_figures(store, trust, today()))
    words = said(first)
    keep(between_pages.home_name(before))
    another_kernel(monkeypatch)
    now = home_figures(store, trust, today())
    monkeypatch.setattr(HomeFigures, "of", lambda *_: pytest.fail("it was gathered again"))
    assert said(home_figures(store, trust, before, now)) == words


def test_what_a_page_has_answered_another_finds_without_running_the_model(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    another_kernel(monkeypatch)
    trust = store.organisation(CODE)

    def needs() -> list[Need]:
        home = home_figures(store, trust, today())
        row = next(one.row for one in home.rows if isinstance(one.row, MeasureRow) and one.chance is not None)
        assert isinstance(home.what_if, WhatIf)
        assert row.target is not None
        asked = WhatIfQuestion(home.what_if, row, row.target.due, row.target.goal)
        return [asked.need(DOING_NOTHING, name) for name in ("young-joiners", "ambassadors")]

    keep_after = home_figures(store, trust, today())
    keep("home")
    assert keep_after.rows
    first = needs()
    keep("home", "a page")
    (file,) = folder.iterdir()
    written = file.stat().st_mtime_ns
    another_kernel(monkeypatch)
    home_figures(store, trust, today())
    monkeypatch.setattr(whatif, "solve_each", lambda *_, **__: pytest.fail("it was worked out again"))
    assert needs() == first
    keep("home", "a page")  # which is in it already
    assert file.stat().st_mtime_ns == written
    keep("home", "another page")
    assert file.stat().st_mtime_ns > written
