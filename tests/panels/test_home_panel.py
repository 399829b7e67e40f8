"""The home page without a browser: it says what commands and reports say, and takes and gives files whole or not."""

from __future__ import annotations

import datetime as dt
import io
import re
import subprocess
import sys
from pathlib import Path

import docx
import icalendar
import openpyxl
import pytest
from bs4 import BeautifulSoup
from typer.testing import CliRunner

from t4c_lib.address import Address
from t4c_lib.cli.main import app
from t4c_lib.evidence import Organisation, read_files
from t4c_lib.evidence.collection_workbook.workbook_writer import template_bytes
from t4c_lib.panels import Frame, home
from t4c_lib.panels.between_pages import unless_saved
from t4c_lib.panels.home import HomePanel
from t4c_lib.periods import Month, today
from t4c_lib.plan import Plan
from t4c_lib.plan.partnership.agreement_status import AgreementState
from t4c_lib.progress.baselines import plan_collection
from t4c_lib.reports.trust import open_report
from t4c_lib.sections.home import ATTENTION
from t4c_lib.store import Store
from tests.browser.conftest import SICKNESS_ALONE
from tests.days import on_day
from tests.plan.word_making import SourceRow, make_pledge, saved
from tests.residents import add_residents
from tests.signed import everybody, signed
from tests.store.store_making import loaded

pytestmark = pytest.mark.flow
CODES = ("DEMO-AC", "DEMO-MH", "DEMO-CO")
BAD = """\
DATE,NHSE_REGION_CODE,NHSE_REGION_NAME,ICS_CODE,ICS_NAME,ORG_CODE,ORG_NAME,ORG_TYPE,FTE_DAYS_LOST,\
FTE_DAYS_AVAILABLE,SICKNESS_ABSENCE_RATE_PERCENT
30/04/2024,Y60,Midlands,QGH,Nowhere,ZZ9,Yonder Trust,Acute,a lot,2000,5.00
30/04/2024,Y60,Midlands,QGH,Nowhere,ZZ8,Other Trust,Acute,90,,4.50
"""
GOOD = BAD.replace("a lot", "100").replace("90,,4.50", "90,2000,4.50")


def panel_for(store: Store, code: str) -> HomePanel:
    panel = home(Frame("home", store, Address(code))).in_detail
    assert isinstance(panel, HomePanel)
    return panel


def page_of(panel: HomePanel) -> BeautifulSoup:
    assert panel._opening is not None
    return BeautifulSoup(panel._opening.markup() + panel.element, "html.parser")


def send(panel: HomePanel, act: str, values: dict[str, str] | None = None, *buffers: bytes, **content: object) -> None:
    """As if the browser had sent this message."""
    panel._handle_custom_msg({"act": act, "values": values or {}, **content}, [memoryview(one) for one in buffers])


def hand_in(panel: HomePanel, field: str, name: str, content: bytes) -> None:
    send(panel, field, None, content, name=name, size=len(content))


def save_plan(panel: HomePanel, by: str = "Ada Example", side: str = "both") -> None:
    about = panel.plans.proposed.about if panel.plans.proposed else ""
    send(panel, "save_plan", {"plan-by": by, "plan-side": side}, about=about)


def words_of(panel: HomePanel, part: str) -> str:
    """What stands in a part of the page, as text; empty where it isn't there."""
    found = page_of(panel).select_one(part)
    return " ".join(found.get_text(" ").split()) if found else ""


def said_by(*words: str) -> str:
    return CliRunner().invoke(app, list(words)).output


def handed_over(panel: HomePanel, name: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, bytes]:
    sent: list[tuple[str, bytes]] = []
    monkeypatch.setattr(panel, "send", lambda content, buffers: sent.append((content["name"], bytes(buffers[0]))))
    assert page_of(panel).select(f"[data-act=download][data-name='{name}']")
    send(panel, "download", name=name)
    return sent[0]


@pytest.mark.parametrize("code", CODES)
def test_it_says_what_commands_and_the_report_say(store: Store, code: str) -> None:
    found = panel_for(store, code).home
    check = said_by("plan", "check", code)
    fix = re.search(r"To fix before agreement \((\d+)\)", check)
    assert len(found.to_fix) == (int(fix[1]) if fix else 0)
    posts = re.search(r"No responsible post named: (.*?) \(", check)
    assert found.without_post == (sum(map(int, re.findall(r"\d+", posts[1]))) if posts else 0)
    status = said_by("progress", "status", code)
    assert f"Agreed by both sides: {found.agreed.done} of {found.agreed.all} actions and measures" in status
    assert found.record.pledge_sentence in status
    due = said_by("progress", "reminders", code)
    assert re.search(rf": {len(found.due)} reminders? up to ", due)
    report = open_report(code, store=store, audience="forum")
    assert (
        f"Of the framework's {found.figures.all} measures that count something, {found.figures.done} "
        in report.gaps.sections[0].sentences[0]
    )
    counted = report.intentions._repr_html_()
    done = found.x_set.done or "none"
    assert f"Of the {found.x_set.all} open measures that count something, {done} ha" in counted
    report_words = [one.status.word for one in report.home.rows]
    shown = sum((one.attention for one in found.gaps), start=type(found.gaps[0].attention)())
    assert {word: shown[word] for word in ATTENTION} == {word: report_words.count(word) for word in ATTENTION}


@pytest.mark.parametrize("code", CODES)
def test_the_ten_intentions_add_up_to_the_facts(store: Store, code: str) -> None:
    found = panel_for(store, code).home
    for name in ("x_set", "figures", "agreed"):
        parts, whole = [getattr(one, name) for one in found.gaps], getattr(found, name)
        assert (sum(one.done for one in parts), sum(one.all for one in parts)) == (whole.done, whole.all), name
    assert sum(one.posts.all - one.posts.done for one in found.gaps) == found.without_post


def test_the_page_shows_these_numbers(store: Store) -> None:
    panel = panel_for(store, "DEMO-AC")
    page, found = page_of(panel), panel.home
    facts = [one.get_text(" ", strip=True) for one in page.select(".t4c-four .t4c-figure")]
    assert facts[:3] == [f"{found.x_set} X set", f"{found.figures} counted measures", f"{found.agreed} rows"]
    assert len(page.select(".t4c-gaps tbody tr")) == 10
    cells = [one.get_text(strip=True) for one in page.select(".t4c-gaps td[data-label='X set']")]
    assert cells == [str(one.x_set) if one.x_set.all else "–none to do" for one in found.gaps]
    dues = [one.get_text("|").split("|")[0].strip() for one in page.select(".t4c-due td:first-child")]
    dates = [dt.datetime.strptime(one, "%d %B %Y") for one in dues]
    assert dates == sorted(dates)


def test_the_calendar_file_is_read_back(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = panel_for(store, "DEMO-MH")
    name, content = handed_over(panel, "calendar", monkeypatch)
    events = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert name == "DEMO-MH-due.ics"
    dates, plan = [one.decoded("dtstart") for one in events], panel.home.plan
    assert plan is not None
    assert dates[: len(panel.home.due)] == [one.due for one in panel.home.due]
    # However far away: nothing of the plan that is still to come is missing.
    ends = {row.due.last_day for row in plan.measures if row.due is not None and row.is_open}
    assert {day for day in ends if day >= panel.home.day} <= set(dates)
    assert max(dates) > panel.home.day + dt.timedelta(days=90)
    assert len({str(one["uid"]) for one in events}) == len(events)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert panel.states["calendar"] == "Downloaded: DEMO-MH-due.ics"
    # The follow-ups of placements too: how many people are to be asked, and not who.
    asked = [one for one in panel.register.all_follow_ups if one.state != "missed"]
    follow_ups = [str(one["summary"]) for one in events if "what became of them" in str(one["summary"])]
    assert sum(int(re.findall(r"ask (\d+) pe", one)[0]) for one in follow_ups) == len(asked) > 0
    assert {one.due for one in asked} <= set(dates)
    assert not re.search(rb"P-\d{4}", content)
    said = words_of(panel, "section:has(#t4c-placements)")
    for state, words in (("overdue", "follow-ups overdue the first since"), ("due", "due by"), ("missed", "missed:")):
        count = len(panel.register.follow_ups[state])
        assert (f"{count} follow-up" in said and words in said) if count else words not in said


def test_the_collection_workbook_asks_for_what_is_missing_and_can_be_brought_back(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    panel = panel_for(store, "DEMO-MH")
    name, content = handed_over(panel, "workbook", monkeypatch)
    (tmp_path / name).write_bytes(content)
    missing = {one.key for one in panel.home.coverage.missing}
    asked = plan_collection(panel.organisation, panel.home.plan, Month.of(today()) + -1, only=missing)
    assert f"Collection workbook for the {len(missing)} measures without a figure (.xlsx)" in page_of(panel).text
    assert (
        openpyxl.load_workbook(io.BytesIO(content)).sheetnames
        == openpyxl.load_workbook(io.BytesIO(template_bytes(asked))).sheetnames
    )
    assert {one.organisations[0].code for one in read_files([tmp_path / name])} == {"DEMO-MH"}


def test_the_plan_as_a_file_is_the_plan_that_was_saved(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    name, content = handed_over(panel_for(store, "DEMO-AC"), "plan.yaml", monkeypatch)
    revision = store.latest_plan("DEMO-AC")
    assert revision is not None
    assert name == "DEMO-AC-plan-1.yaml"
    assert Plan.from_yaml(content.decode(), name) == revision.plan


def test_a_bad_file_loads_nothing_and_each_fault_is_told_with_row_and_column(store: Store) -> None:
    panel, before = panel_for(store, "DEMO-AC"), store.mark()
    hand_in(panel, "figures", "nhs_sickness_absence_2024-04.csv", BAD.encode())
    assert store.mark() == before
    assert panel.errors["figures"] == (
        "nhs_sickness_absence_2024-04.csv was not loaded: 2 problems, listed under Files handed in."
    )
    told = BeautifulSoup(str(page_of(panel).select_one(".t4c-files")), "html.parser")
    points = [one.text for one in told.select("li")]
    assert re.match(r"Row 2, column FTE_DAYS_LOST: .*a lot", points[0])
    assert re.match(r"Row 3, column FTE_DAYS_LOST: only one of ", points[1])
    hand_in(panel, "figures", "nhs_sickness_absence_2024-04.csv", GOOD.encode())
    assert panel.errors == {}
    assert store.organisation("ZZ9").name == "Yonder Trust"
    told = BeautifulSoup(str(page_of(panel).select_one(".t4c-files")), "html.parser")
    assert [one.text for one in told.select("td:nth-of-type(1)")] == ["loaded", "not loaded"]
    linked = {one.text: re.findall(r"organisation=(\w+)", str(one["href"])) for one in told.select("td a")}
    assert linked == {"Other Trust": ["ZZ8"], "Yonder Trust": ["ZZ9"]}


@pytest.mark.parametrize("name", ["..", "x" * 300 + ".csv", "nul\0.csv", "<b>bold</b>.csv"])
def test_a_file_of_any_name_is_refused_in_words(store: Store, name: str) -> None:
    panel = panel_for(store, "DEMO-AC")
    panel.figures.told = []
    hand_in(panel, "figures", name, b"a,b\n1,2\n")
    assert panel.errors["figures"]
    assert "<b>" not in panel.element


def test_a_refused_collection_workbook_comes_back_with_its_problems_marked(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    panel = panel_for(store, "DEMO-MH")
    _, content = handed_over(panel, "workbook", monkeypatch)
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = (cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    empty = next(cell for cell in cells if not cell.protection.locked and cell.value is None)
    empty.value = "a few"
    out = io.BytesIO()
    book.save(out)
    hand_in(panel, "figures", "figures.xlsx", out.getvalue())
    assert "was not loaded" in panel.errors["figures"]
    name, marked = handed_over(panel, "marked", monkeypatch)
    assert name == "figures-marked.xlsx"
    assert openpyxl.load_workbook(io.BytesIO(marked)).sheetnames[0] != book.sheetnames[0]


def test_without_a_plan_it_says_what_is_known_what_is_missing_and_what_to_do(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "nhs_sickness_absence_2024-04.csv"
    file.write_text(GOOD, encoding="utf-8")
    store.add_evidence(read_files([file]))
    panel = panel_for(store, "ZZ9")
    page = page_of(panel)
    assert "Sickness absence of support staff: 5.0%, April 2024, all staff: a proxy for support staff" in page.text
    assert "5.0%" in said_by("evidence", "show", "ZZ9")
    assert page.select("ol > li")[0].text.startswith("Start the plan for ")
    assert f"The framework's {len(panel.home.coverage.missing)} counted measures without a figure" in page.text
    assert words_of(panel, "[data-act=next_year]") == f"Start the plan for {Month.of(today()).financial_year}"


def test_a_plan_is_started_here_as_the_command_starts_it(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "nhs_sickness_absence_2024-04.csv"
    file.write_text(GOOD, encoding="utf-8")
    store.add_evidence(read_files([file]))
    panel = panel_for(store, "ZZ9")
    send(panel, "next_year")
    assert store.latest_plan("ZZ9") is None
    save_plan(panel, "", "")
    assert store.latest_plan("ZZ9") is None
    assert panel.errors["plan-by"] == "Enter your name: it is saved with the plan."
    assert page_of(panel).select("[name=plan-by][data-focus][aria-invalid=true]")
    save_plan(panel)
    here, year = store.latest_plan("ZZ9"), str(Month.of(today()).financial_year)
    told = said_by("plan", "new", "ZZ8", "--year", year, "--by", "Ada Example", "--side", "both", "--yes")
    there = store.latest_plan("ZZ8")
    assert here is not None
    assert there is not None, told
    assert here.plan.actions == there.plan.actions
    assert here.plan.measures == there.plan.measures
    assert panel.plans.answer.text == f"The plan is now at {here}."


def test_next_years_plan_is_the_one_that_the_command_makes(store: Store) -> None:
    now = store.latest_plan("DEMO-MH")
    assert now is not None
    plan = now.plan.changed(years=now.plan.years[:2])  # of which this is the last
    store.save_plan(plan, by="Ada Example", side="both", parent_revision=now.revision)
    panel = panel_for(store, "DEMO-MH")
    assert words_of(panel, "[data-act=next_year]") == "Start the plan for 2027/28 from this one"
    send(panel, "next_year")
    shown = [one.text for one in page_of(panel).select(".h-proposed section li")]
    told = said_by("plan", "roll", "DEMO-MH", "--to", "2027/28", "--by", "Ada Example", "--side", "both", "--yes")
    assert [line.strip() for line in told.splitlines() if line.startswith("  ")] == shown
    assert len(set(shown)) == len(shown)
    assert not any(re.search(r"\b(measure|action|timeline) [a-z]+-|blank|closed set", line) for line in shown)
    rolled = store.latest_plan("DEMO-MH")
    assert rolled is not None
    save_plan(panel, "Bo Example")  # from the plan as it was shown, which is no longer the newest
    assert panel.said["plan"].lead == "Not saved."
    assert store.latest_plan("DEMO-MH") == rolled


@pytest.mark.usefixtures("known_day")
def test_a_year_that_the_plan_covers_is_not_offered_as_the_next(store: Store) -> None:
    page = page_of(panel_for(store, "DEMO-MH"))
    assert page.select("[data-act=next_year]") == []
    assert "The plan covers 2025/26 to 2027/28: the next one can be started in its last year." in page.text


def test_each_step_leads_to_where_it_is_done(store: Store) -> None:
    panel = panel_for(store, "DEMO-AC")
    page = page_of(panel)
    (steps,) = (one for one in page.select("section") if one.h2 and one.h2.text == "What to do next")
    links = {str(link["href"]): link.text for link in steps.select("a")}
    assert all(page.select_one(where) for where in links)
    # What is counted is what is listed there.
    assert f"Deal with {sum(one.overdue_days > 0 for one in panel.home.due)} things overdue" in links["#t4c-due"]
    assert page.select_one("details > #t4c-fix"), "a link to what is folded away unfolds it"


def test_what_is_to_fix_is_told_by_intention_with_a_link_to_each(store: Store) -> None:
    panel = panel_for(store, "DEMO-AC")
    (fixes,) = page_of(panel).select("#t4c-fix")
    told = list(fixes.select(":scope > li"))
    counts = [int(re.search(r"\((\d+)\)", one.text)[1]) for one in told]  # type: ignore[index]
    assert sum(counts) == len(panel.home.to_fix)
    # What is told there of an intention needs attention in the table of the ten, too.
    attention = [re.search(r"(\d+) to fix", one.text) for one in page_of(panel).select(".t4c-gaps td.t4c-attention")]
    listed = counts[:-1] if "The plan as a whole" in fixes.text else counts
    assert [int(one[1]) for one in attention if one] == listed
    links = [str(one["href"]) for one in fixes.select("a")]
    assert all(re.fullmatch(r"forum\?organisation=DEMO-AC&intention=\d+", one) for one in links)
    assert len(links) == len(told) - ("The plan as a whole" in fixes.text)


def test_shares_of_residents_that_the_plan_compares_with_are_told_of_where_no_authority_is_chosen(store: Store) -> None:
    said, without = (words_of(panel_for(store, code), ".t4c-local") for code in ("DEMO-SC", "DEMO-CO"))
    assert "None chosen yet." in said
    assert (
        "One measure of the plan compares with residents already, by shares that were entered in the plan (made up"
        in said
    )
    assert "compares with residents already" not in without


def test_words_of_alarm_are_explained_as_in_the_glossary(store: Store) -> None:
    glossary = (Path(__file__).resolve().parents[2] / "GLOSSARY.md").read_text(encoding="utf-8")
    said = page_of(panel_for(store, "DEMO-MH")).select_one("#t4c-gaps ~ p.t4c-sub")
    assert said is not None
    meanings = [one.strip() for one in said.text.split(". ") if one.strip()]
    assert [one.split(":")[0] for one in meanings] == ["Off course", "Overdue", "Behind"]
    for one in meanings:
        word, meaning = one.rstrip(".").split(": ")
        assert f"**{word}**: {meaning}." in glossary


def test_a_pledge_that_was_signed_says_how_many_rows_were_opened_again_since(store: Store) -> None:
    found, revision = panel_for(store, "DEMO-MH").home, store.latest_plan("DEMO-MH")
    assert revision is not None
    assert found.record.pledge is not None
    assert found.record.pledge.signatures
    agreed = [one for one in found.record.standings if one.state is AgreementState.AGREED]
    row = next(one for one in revision.plan.actions if found.record.of_row(one).standing in agreed)
    changed = revision.plan.changed(
        actions=tuple(one.changed(post="Somebody else") if one is row else one for one in revision.plan.actions)
    )
    store.save_plan(changed, by="Ada Example", side="both", parent_revision=revision.revision)
    after = panel_for(store, "DEMO-MH")
    assert after.home.reopened_since == found.reopened_since + 1
    assert f"{found.record.pledge_sentence} {after.home.reopened_since} rows re-opened since." in page_of(after).text


def test_a_changed_plan_is_brought_back_and_each_difference_is_shown_first(store: Store) -> None:
    panel = panel_for(store, "DEMO-AC")
    revision = store.latest_plan("DEMO-AC")
    assert revision is not None
    lacking = [one.row_key for one in panel.home.findings if one.field == "post"]
    first = next(row for row in revision.plan.actions if row.row_key in lacking)
    actions = (row.changed(post="Head of Learning") if row is first else row for row in revision.plan.actions)
    changed = revision.plan.changed(actions=tuple(actions))
    hand_in(panel, "plan", "plan.yaml", changed.to_yaml().encode())
    assert panel.errors == {}
    assert "Head of Learning" in words_of(panel, ".h-proposed")
    before = panel.home.without_post
    save_plan(panel)
    assert panel.home.without_post == before - 1
    assert page_of(panel).select(".h-proposed") == []
    # A file of the plan as it was before, by its name or by all that is in it, is taken with a warning only.
    saved = store.latest_plan("DEMO-AC")
    assert saved is not None
    older = f"This file is older than the saved plan: it is of revision {revision.revision}, and takes back"
    for name in ("before.yaml", f"DEMO-AC-plan-{revision.revision} (1).yaml"):
        hand_in(panel, "plan", name, revision.document.encode())
        assert f"{older} what was saved since (revision {saved.revision})." in words_of(panel, ".h-proposed"), name
    hand_in(panel, "plan", f"DEMO-AC-plan-{saved.revision}.yaml", revision.document.encode())
    assert older not in words_of(panel, ".h-proposed")


def test_the_table_in_word_comes_back_with_what_was_changed_in_it_and_leaves_what_others_saved(store: Store) -> None:
    panel = panel_for(store, "DEMO-AC")
    revision = store.latest_plan("DEMO-AC")
    assert revision is not None
    name, content = panel.plans.file(".docx")
    assert name == f"DEMO-AC-plan-{revision.revision}.docx"
    hand_in(panel, "plan", name, content)
    assert page_of(panel).text.count("Nothing was changed in this file, so the plan stays as it is saved.") == 1
    document = docx.Document(io.BytesIO(content))
    row = next(row for row in document.tables[0].rows if row.cells[1].text.startswith("1a1 "))
    row.cells[2].text = "Careers Lead"
    hand_in(panel, "plan", name, saved(document))
    assert panel.errors == {}
    assert "Careers Lead" in words_of(panel, ".h-proposed")
    # Somebody else saves meanwhile: that stays, and so does what is proposed.
    other = revision.plan.changed(measures=tuple(row.changed(note="since") for row in revision.plan.measures))
    store.save_plan(other, by="Ben Example", side="both", parent_revision=revision.revision)
    panel._watch.look()
    assert "Careers Lead" in words_of(panel, ".h-proposed")
    save_plan(panel)
    now = store.latest_plan("DEMO-AC")
    assert now is not None
    assert {row.note for row in now.plan.measures} == {"since"}
    assert now.plan.actions[0].post == "Careers Lead"
    # Of another organisation it is refused.
    others = panel_for(store, "DEMO-MH")
    hand_in(others, "plan", name, content)
    assert (
        "this is the plan of DEMO-AC, and the page is of DEMO-MH. Choose that organisation first."
        in (others.errors["plan"])
    )


def test_faults_of_a_file_are_a_list_and_a_far_date_is_asked_about(store: Store) -> None:
    panel = panel_for(store, "DEMO-MH")
    name, content = panel.plans.file(".docx")

    def with_dates(*dates: str) -> bytes:
        document = docx.Document(io.BytesIO(content))
        for row, date in zip(list(document.tables[0].rows)[2:], dates, strict=False):
            row.cells[3].text = date
        return saved(document)

    hand_in(panel, "plan", name, with_dates("soonish", "some day"))
    error = BeautifulSoup(panel.element, "html.parser").select_one(".t4c-wrong .t4c-error")
    assert error is not None
    said = [one.text for one in error.select("ul li")]
    assert error.text.startswith(f"{name}: 2 problems, nothing was saved")
    assert ["soonish" in said[0], "some day" in said[1], len(said)] == [True, True, 2]
    hand_in(panel, "plan", name, with_dates("by March 2099"))
    shown = words_of(panel, ".h-proposed")
    assert re.search(r"To mend, before or after it is saved:\s+1a1 .*due: It is due in March 2099, more than 5", shown)


def test_what_an_x_from_word_contradicts_is_said_first_and_a_new_post_has_no_holder_yet(store: Store) -> None:
    panel = panel_for(store, "DEMO-MH")
    name, content = panel.plans.file(".docx")
    document = docx.Document(io.BytesIO(content))
    row = next(row for row in document.tables[0].rows if row.cells[4].text.startswith("1m1 "))
    row.cells[4].text = row.cells[4].text.replace("1 percentage point up", "0.5 percentage points up")
    row.cells[2].text = "Careers Lead"
    hand_in(panel, "plan", name, saved(document))
    assert panel.errors == {}
    said = words_of(panel, ".h-proposed")
    assert "To mend, before or after it is saved:" in said
    assert "1m1 Staff aged 16 to 24, checkpoints: " in said
    proposed = panel.plans.proposed
    assert proposed is not None
    (young,) = (one for one in proposed.plan.measures if one.measure == "young-share")
    assert (young.post, young.holder) == ("Careers Lead", "")


def test_a_press_that_was_made_for_an_earlier_list_of_changes_saves_nothing(store: Store) -> None:
    panel, revision = panel_for(store, "DEMO-AC"), store.latest_plan("DEMO-AC")
    assert revision is not None
    for name in ("one.yaml", "other.yaml"):
        before = panel.plans.proposed.about if panel.plans.proposed else ""
        hand_in(panel, "plan", name, f"# {name}\n{revision.document}".encode())
    send(panel, "save_plan", {"plan-by": "Ada Example", "plan-side": "both"}, about=before)
    assert "Look at it again, then press." in words_of(panel, ".h-proposed form")
    assert store.latest_plan("DEMO-AC") == revision
    save_plan(panel)
    assert store.latest_plan("DEMO-AC") != revision


def test_who_has_signed_in_has_no_field_for_a_name_and_saves_under_their_own(store: Store) -> None:
    store.set_people(everybody(), "people.yaml")
    with signed("facilitator") as name:
        panel = panel_for(store, "DEMO-AC")
        send(panel, "add", {"add": "E06000047"})
        assert page_of(panel).select("[name=list-side]")
        assert page_of(panel).select("[name=list-by]") == []
        send(panel, "save_list", {"list-by": "Somebody Else", "list-side": "both"})
        revision = store.latest_plan("DEMO-AC")
        assert revision is not None
        assert revision.by == name


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("plan.docx", b"PK", "the Word document is damaged, or saved in an unusual way."),
        ("plan.ods", b"PK", "only .yaml, .yml, .xlsx, .docx, .doc can be read here"),
        ("plan.xlsx", b"PK", "this workbook was not downloaded here"),
        ("plan.yaml", b"\xff\xfe", "text in UTF-8"),
        ("plan.yaml", b"organisation: [", "plan.yaml"),
        ("plan.yaml", b"organisation: {code: RWP, name: A Trust}\nplan: {years: [2026/27]}\n", "A Trust (RWP)"),
    ],
)
def test_a_plan_file_that_cannot_be_taken_is_refused_in_words(
    store: Store, name: str, content: bytes, words: str
) -> None:
    panel, before = panel_for(store, "DEMO-AC"), store.mark()
    hand_in(panel, "plan", name, content)
    assert words in panel.errors["plan"]
    assert page_of(panel).select(".h-proposed") == []
    assert store.mark() == before


IN_WORD = SourceRow(
    ("1. Increase opportunities for young people",),
    ("Offer work experience to schools", "Bake a cake every Friday"),
    ("Head of Learning",),
    ("By March 2027",),
    ("The share of staff aged 16 to 24 rises by 2%", "Number of work experience placements rises by 20%"),
)


def test_of_a_plan_in_word_only_the_x_that_holds_is_set_and_it_is_saved_as_the_command_saves_it(
    store: Store, tmp_path: Path
) -> None:
    panel, before = panel_for(store, "DEMO-AC"), store.latest_plan("DEMO-AC")
    assert before is not None
    document = saved(make_pledge([IN_WORD]))
    hand_in(panel, "plan", "pledge.docx", document)
    assert panel.errors == {}
    shown = words_of(panel, ".h-word")
    for words in (
        "Rows of the framework: 1. Rows of our own: 3. Rows of the framework that are not in it: 73; they would be",
        "Row 4, 1m1: a) 2 percentage points up, or b) 2% more than the baseline",
        "Bake a cake every Friday action of our own: nothing in the framework is similar enough",
    ):
        assert words in shown
    for own, accepted, words in (
        ("9", "", "9: rows have numbers from 1 to 5."),
        ("", "1", "there is no such X. Available: 1a, 1b."),
        ("4", "1a", "there is no such X. Available: none."),
    ):
        send(panel, "read_word", {"own": own, "accepted": accepted})
        assert words in panel.plans.word_answer.text
        assert page_of(panel).select(".h-proposed") == []
    send(panel, "read_word", {"own": "", "accepted": "1b"})
    assert "Nothing is saved yet." in panel.plans.word_answer.text
    save_plan(panel)
    now = store.latest_plan("DEMO-AC")
    assert now is not None
    assert now.revision == before.revision + 1
    assert page_of(panel).select(".h-word") == []
    file = tmp_path / "pledge.docx"
    file.write_bytes(document)
    who = ("--by", "Ada Example", "--side", "both", "--yes")
    done = CliRunner().invoke(
        app, ["plan", "import", str(file), "--organisation", "DEMO-AC", "--accept-x", "1b", "--year", "2026/27", *who]
    )
    assert done.exit_code == 0, done.output
    commanded = store.latest_plan("DEMO-AC")
    assert commanded is not None
    assert now.plan.years == before.plan.years
    assert commanded.plan.actions == now.plan.actions
    assert commanded.plan.measures == now.plan.measures


def test_a_word_plan_of_somebody_else_says_so_before_anything_else(store: Store) -> None:
    document = make_pledge([IN_WORD])
    document.core_properties.title = "Nowhere NHS Foundation Trust"
    panel = panel_for(store, "DEMO-AC")
    hand_in(panel, "plan", "pledge.docx", saved(document))
    (warning,) = page_of(panel).select(".h-word .t4c-warning")
    assert "names Nowhere NHS Foundation Trust" in warning.get_text(" ")


def test_local_authorities_are_chosen_by_name_weighed_and_saved_with_the_plan(store: Store, tmp_path: Path) -> None:
    add_residents(store, tmp_path)
    panel = panel_for(store, "DEMO-AC")
    before = store.latest_plan("DEMO-AC")
    for typed, words in (
        ("Farshir", "There is no local authority called 'Farshir'. The closest: Farshire."),
        ("E06000048", "There is no local authority called 'E06000048'. The closest: E06000047"),
        (" ", "Enter its name or its code."),
    ):
        send(panel, "add", {"add": typed})
        assert words in panel.errors["add"]
        assert page_of(panel).select("[name=add][data-focus]")
    for typed in ("nearham", "E06000047"):
        send(panel, "add", {"add": typed})
        assert (panel.errors, panel.typed.get("add")) == ({}, None)
    send(panel, "add", {"add": "Nearham"})
    assert panel.errors["add"] == "Nearham is in the list already."
    send(panel, "weigh", {"weight-E06000001": "3"})
    assert "Farshire has no weight, though others have. Give a weight to all, or to none." in page_of(panel).text
    send(panel, "weigh", {"weight-E06000047": "much"})
    assert "The weight of Farshire is a number above 0, up to a billion, not 'much'." in page_of(panel).text
    assert page_of(panel).select("[data-act=save_list]") == []
    send(panel, "save_list", {"list-by": "Ada Example", "list-side": "both"})
    assert store.latest_plan("DEMO-AC") == before
    send(panel, "save_list", {"weight-E06000047": "1", "list-by": "", "list-side": ""})
    assert panel.errors["list-by"] == "Enter your name: it is saved with the list."
    assert store.latest_plan("DEMO-AC") == before
    send(panel, "save_list", {"list-by": "Ada Example", "list-side": "both"})
    saved = store.latest_plan("DEMO-AC")
    assert saved is not None
    assert saved.plan.parameters()["plan"]["local_authorities"] == {"E06000001": 3, "E06000047": 1}
    assert panel.said["authorities"].text == f"The plan is now at {saved}."
    words = page_of(panel).text
    assert "E06000001, counts 75%" in words
    assert "Residents aged 16 to 24: 17.5% of those aged 16 to 64 (30 June 2020). Your support staff: " in words
    staff = re.search(r"support staff, .*?by age\n +16-24: (\S+) of staff", said_by("evidence", "local", "DEMO-AC"))
    assert staff is not None
    assert f"Your support staff: {staff[1]} (March 2026)." in words


def test_what_was_chosen_is_taken_away_again_and_others_saves_do_not_touch_what_is_not_saved_yet(
    store: Store, tmp_path: Path
) -> None:
    add_residents(store, tmp_path)
    revision = store.latest_plan("DEMO-AC")
    assert revision is not None
    both = revision.plan.changed(local_authorities=["E06000001", "E06000047"])
    store.save_plan(both, by="Ada Example", side="both", parent_revision=revision.revision)
    panel = panel_for(store, "DEMO-AC")
    assert words_of(panel, "[data-code=E06000001]") == "Take away Nearham"
    send(panel, "take_away", code="E06000001")
    assert list(panel.weights) == ["E06000047"]
    assert "local authorities Nearham; Farshire → Farshire" in panel.changes.text
    with Store.open() as other:
        latest = other.latest_plan("DEMO-AC")
        assert latest is not None
        changed = latest.plan.changed(equality=None)
        other.save_plan(changed, by="Bo Example", side="staff", parent_revision=latest.revision)
    panel._watch.look()
    assert list(panel.weights) == ["E06000047"]
    send(panel, "save_list", {"list-by": "Ada Example", "list-side": "both"})
    saved = store.latest_plan("DEMO-AC")
    assert saved is not None
    assert saved.plan == changed.changed(local_authorities=["E06000047"])


def test_ids_are_unique_and_each_tie_leads_to_one(store: Store) -> None:
    panel = panel_for(store, "DEMO-AC")
    send(panel, "add", {"add": "E06000047"})
    hand_in(panel, "plan", "pledge.docx", saved(make_pledge([IN_WORD])))
    send(panel, "read_word", {"accepted": "1b"})
    save_plan(panel, "", "")
    page = page_of(panel)
    ids = [one["id"] for one in page.select("[id]")]
    assert len(ids) == len(set(ids)) > 20
    ties = [
        str(one[name]) for name in ("for", "aria-labelledby", "aria-describedby") for one in page.select(f"[{name}]")
    ]
    assert {one for tie in ties for one in tie.split()} <= set(ids)


def test_without_residents_it_says_which_file_to_bring_in_and_without_a_plan_that_one_comes_first(
    store: Store, tmp_path: Path
) -> None:
    panel = panel_for(store, "DEMO-AC")
    assert "bring in the residents by single year of age and local authority" in page_of(panel).text
    send(panel, "add", {"add": "Leeds"})
    assert panel.errors["add"] == (
        "'Leeds' is not the code of a local authority. Write it as E06000047. Names can be typed once the file of "
        "residents is in."
    )
    store.add_evidence([loaded("list", organisations=(Organisation("RZZ", "Yonder Trust", "NHS trust"),))])
    without = panel_for(store, "RZZ")
    assert "They are kept in the plan: start the plan first." in page_of(without).text
    assert page_of(without).select("[name=add]") == []


def test_with_nothing_loaded_it_shows_the_way_in_and_takes_the_first_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("T4C_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.sqlite'}")
    with Store.open() as store:
        page = BeautifulSoup(home(Frame("home", store, Address())).opening.markup(), "html.parser")
    assert "t4c evidence add FILE" in page.text
    assert page.select_one("input[type=file]") is not None
    commands = [one.text for one in page.select("code") if one.text.startswith("t4c ")]
    for command in commands:
        group, verb = command.split()[1:3]
        assert f"Usage: t4c {group} {verb}" in said_by(group, verb, "--help")


def test_it_follows_what_others_save(store: Store) -> None:
    panel = panel_for(store, "DEMO-AC")
    revision = store.latest_plan("DEMO-AC")
    assert revision is not None
    lacking = [one.row_key for one in panel.home.findings if one.field == "post"]
    first = next(row for row in revision.plan.actions if row.row_key in lacking)
    changed = revision.plan.changed(
        actions=tuple(row.changed(post="Head of Learning") if row is first else row for row in revision.plan.actions)
    )
    before = panel.home.without_post
    with Store.open() as other:
        other.save_plan(changed, by="Ada Example", side="both", note="", parent_revision=revision.revision)
    panel._watch.look()
    assert panel.home.without_post == before - 1
    assert f"{before - 1} rows need a responsible post" in page_of(panel).text
    assert "by Ada Example" in panel.top.revision


def test_markup_in_a_name_is_shown_and_not_obeyed(store: Store) -> None:
    store.add_evidence(
        [loaded("list", organisations=(Organisation("RZZ", "A <script>x</script> Trust", "NHS trust"),))]
    )
    assert "<script" not in str(page_of(panel_for(store, "RZZ")))


def test_it_is_not_published(store: Store) -> None:
    top = Frame("home", store, Address.from_query("organisation=DEMO-AC&audience=published"))
    assert top.marking == "Inside the forum: not for publication"
    assert "be shown as it may be published" in top.markup()


def shorter(plan: Plan) -> Plan:
    return plan.changed(measures=plan.measures[:-1])


def test_what_a_page_was_made_of_is_used_again_until_anything_of_it_changes(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made() -> object:
        return unless_saved(store, "DEMO-AC", "test", object)

    first = made()
    assert made() is first
    with Store.open() as other:
        mine, others = other.latest_plan("DEMO-AC"), other.latest_plan("DEMO-MH")
        assert mine is not None
        assert others is not None
        other.save_plan(shorter(others.plan), by="Ada Example", side="management", parent_revision=others.revision)
        assert made() is first, "another organisation's plan is none of its"
        other.save_plan(shorter(mine.plan), by="Ada Example", side="management", parent_revision=mine.revision)
    second = made()
    assert second is not first
    monkeypatch.setenv("T4C_OWN_PARAMETERS", str(tmp_path))
    (tmp_path / "DEMO-AC.yaml").write_text("{}", encoding="utf-8")
    third = made()
    assert third is not second
    with on_day(today() + dt.timedelta(days=1)):
        assert made() is not third


def test_home_shows_what_others_saved_since_it_was_last_made(store: Store) -> None:
    before = panel_for(store, "DEMO-AC").home
    assert panel_for(store, "DEMO-AC").home is before
    assert before.revision is not None
    with Store.open() as other:
        saved = other.save_plan(
            shorter(before.revision.plan), by="Bo Example", side="staff", parent_revision=before.revision.revision
        )
    now = panel_for(store, "DEMO-AC").home.revision
    assert now is not None
    assert (now.revision, now.by) == (saved.revision, "Bo Example")


@pytest.mark.detail
def test_kernels_are_made_ready_without_drawing_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The renderer's threads would be missing in every kernel, and the first chart of a page would be its last."""
    file = tmp_path / "store.sqlite"
    sickness = tmp_path / "nhs_sickness_absence_2024-04.csv"
    sickness.write_text(SICKNESS_ALONE, encoding="utf-8")
    with Store.open(file) as store:
        store.add_evidence(read_files([sickness]))
        one = store.organisations()[0]
        plan = Plan.suggested(one.code, one.name, ["2026/27"], since=Month(2026, 4))
        store.save_plan(plan, by="Ada Example", side="management")
    monkeypatch.setenv("T4C_DATABASE_URL", f"sqlite:///{file}")
    asked = "from t4c_lib.panels.home import warm_up; warm_up(); import sys; print('vl_convert' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
