"""The home page in a browser: from the first look to a file brought in, by mouse and keyboard, at every width."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import icalendar
import pytest
from playwright.sync_api import Page, expect

from t4c_lib.store import Store
from tests.browser.conftest import SICKNESS_ALONE, SPILL, WIDTHS, Axe, Readable, alive
from tests.plan.word_making import SourceRow, make_pledge, saved
from tests.residents import add_residents
from tests.samples import LOOKED_AT
from tests.served import Served

pytestmark = pytest.mark.browser
FIELD = "Publication, staff extract or collection workbook, up to 20 MB"
NAME = "nhs_sickness_absence_2024-05.csv"
GOOD = SICKNESS_ALONE.replace("30/04/2024", "31/05/2024")


@pytest.fixture(scope="module")
def own_file(served_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the other tests, copied: what is loaded and saved here would change what they see."""
    return Path(shutil.copy(served_file, tmp_path_factory.mktemp("home") / "store.sqlite"))


@pytest.fixture(scope="module")
def served_store(own_file: Path) -> Iterator[Store]:
    with Store.open(own_file) as store:
        yield store


@pytest.fixture(scope="module")
def served(own_file: Path) -> Iterator[Served]:
    server = Served(database=f"sqlite:///{own_file}")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    server = Served(database=f"sqlite:///{tmp_path_factory.mktemp('empty') / 'store.sqlite'}")
    yield server
    server.stop()


def open_home(page: Page, server: Served, code: str) -> None:
    page.goto(f"{server.address}home?organisation={code}")
    expect(page.get_by_label(FIELD)).to_be_visible()


def test_the_address_alone_opens_home(page: Page, served: Served) -> None:
    page.goto(f"{served.address}?organisation=DEMO-CO")
    expect(page).to_have_url(re.compile(r"/home\?organisation=DEMO-CO$"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Home")).to_have_attribute("aria-current", "page")


@pytest.mark.detail
def test_the_answer_stands_on_the_first_screen(page: Page, served: Served) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    open_home(page, served, "DEMO-MH")
    expect(page.get_by_text("of 27 X set")).to_be_in_viewport(ratio=1)
    for number in (1, 8):
        expect(page.get_by_role("table", name="Gaps in the plan").get_by_role("row").nth(number)).to_be_in_viewport()
    expect(page.get_by_role("table", name="Due next").get_by_role("row").nth(1)).to_be_in_viewport(ratio=1)
    page.get_by_role("link", name="Continue in the forum").click()
    expect(page).to_have_url(re.compile(r"/forum\?organisation=DEMO-MH$"))


@pytest.mark.detail
def test_the_calendar_file_is_downloaded_by_keyboard(page: Page, served: Served) -> None:
    open_home(page, served, "DEMO-SC")
    button = page.get_by_role("button", name="Calendar file")
    button.focus()
    with page.expect_download() as kept:
        page.keyboard.press("Enter")
    assert kept.value.suggested_filename == "DEMO-SC-due.ics"
    events = icalendar.Calendar.from_ical(Path(kept.value.path()).read_bytes()).walk("VEVENT")
    assert len(events) > page.locator(".t4c-due tbody tr").count()
    expect(button).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="Downloaded: DEMO-SC-due.ics")).to_be_visible()


def test_a_file_with_faults_is_refused_whole_and_taken_once_it_is_corrected(
    page: Page, served: Served, served_store: Store, tmp_path: Path, axe: Axe
) -> None:
    open_home(page, served, "ZZ9")
    expect(page.get_by_text("Sickness absence of support staff: 5.0%, April 2024")).to_be_visible()
    file, before = tmp_path / NAME, served_store.mark()
    file.write_text(GOOD.replace(",100,", ",a lot,"), encoding="utf-8")
    page.get_by_label(FIELD).set_input_files(file)
    expect(page.get_by_text(f"{NAME} was not loaded: 1 problem, listed under Files handed in.")).to_be_visible()
    expect(page.get_by_text("Handing in")).to_have_count(0)
    table = page.get_by_role("table", name="Files handed in")
    expect(table).to_contain_text("Row 2, column FTE_DAYS_LOST")
    assert served_store.mark() == before
    assert axe(page) == []
    file.write_text(GOOD.replace(",100,", ",120,").replace("5.00", "6.00"), encoding="utf-8")
    page.get_by_label(FIELD).set_input_files([])
    page.get_by_label(FIELD).set_input_files(file)
    expect(page.get_by_text("Sickness absence of support staff: 6.0%, May 2024")).to_be_visible()
    expect(table.get_by_role("row").nth(1)).to_contain_text("loaded")
    expect(page.get_by_text("Newest: May 2024")).to_be_visible()


def test_with_nothing_loaded_the_first_file_opens_the_way(
    page: Page, empty: Served, tmp_path: Path, readable: Readable
) -> None:
    page.goto(empty.address)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 768})
        expect(page.get_by_role("heading", name="Three steps to the first figures")).to_be_visible()
        expect(page.get_by_label(FIELD)).to_be_visible()
    readable(page)
    file = tmp_path / NAME
    file.write_text(GOOD, encoding="utf-8")
    page.get_by_label(FIELD).set_input_files(file)
    expect(page.get_by_text("Reload the page to choose it at the top.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Yonder Trust")).to_be_visible()


@pytest.mark.parametrize("code", LOOKED_AT)
def test_axe_finds_nothing_at_any_width_folded_or_not(
    page: Page, served: Served, code: str, readable: Readable
) -> None:
    open_home(page, served, code)
    readable(page, contrast=False)  # what is to be seen now is to be seen unfolded, too
    for summary in page.locator(".t4c-main summary").all():
        summary.click()
    readable(page)


def test_what_is_pressed_is_large_enough_and_text_may_be_twice_as_large(page: Page, served: Served) -> None:
    open_home(alive(page), served, "DEMO-SC")
    found = page.evaluate(
        """() => [...document.querySelectorAll('.t4c-home :is(button, input, select)')]
            .map(e => [e.textContent || e.type, e.getBoundingClientRect().height, e.getBoundingClientRect().width])"""
    )
    assert len(found) > 6
    assert [one for one in found if one[1] < 36 or one[2] < 24] == []
    field = page.get_by_label("Add a local authority")
    field.focus()
    page.keyboard.press("Shift")  # so that the browser knows that a keyboard is at work
    assert field.evaluate("e => parseFloat(getComputedStyle(e).outlineWidth)") >= 3
    page.set_viewport_size({"width": 683, "height": 450})  # what 200% zoom leaves of 1366 by 900
    page.add_style_tag(content="html { font-size: 200% }")
    assert page.evaluate(SPILL) <= 0


def test_a_refused_field_says_why_with_its_name_and_has_the_focus(page: Page, served: Served) -> None:
    open_home(alive(page), served, "DEMO-SC")
    page.get_by_role("button", name="Add", exact=True).click()
    field = page.get_by_label("Add a local authority")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    help_text = "By name or code, as the Office for National Statistics has them."
    expect(field).to_have_accessible_description(f"{help_text} Enter its name or its code.")
    page.keyboard.type("E06000047")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Weight of E06000047 (optional)")).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(help_text)


@pytest.mark.detail
@pytest.mark.parametrize(
    ("named", "words"),
    [
        (("large.csv", 50_000_000), "large.csv has 50.0 MB; at most 20.0 MB can be uploaded here."),
        (("staff.exe", 10), "staff.exe is of another kind: only .csv, .gz, .xlsx can be read here."),
    ],
)
def test_a_file_that_is_too_large_or_of_another_kind_is_refused_at_its_field(
    page: Page, served: Served, tmp_path: Path, named: tuple[str, int], words: str
) -> None:
    open_home(alive(page), served, "DEMO-SC")
    file = tmp_path / named[0]
    file.write_bytes(b"x" * named[1])
    field = page.get_by_label(FIELD)
    field.set_input_files(file)
    expect(page.get_by_text(words)).to_be_visible()
    expect(field).to_have_accessible_description(words)
    assert field.evaluate("input => input.files.length") == 0
    with page.expect_file_chooser() as chooser:
        field.focus()
        page.keyboard.press("Enter")
    chooser.value.set_files([])


def test_on_paper_nothing_is_shown_that_can_only_be_pressed(page: Page, served: Served) -> None:
    open_home(alive(page), served, "DEMO-SC")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Calendar file")).to_be_hidden()
    expect(page.get_by_label(FIELD)).to_be_hidden()
    expect(page.get_by_role("table", name="Gaps in the plan")).to_be_visible()


def test_without_any_program_it_can_be_read(page: Page, served: Served) -> None:
    page.route("**/*.js*", lambda route: route.abort())
    page.goto(f"{served.address}home?organisation=DEMO-SC")
    expect(page.get_by_role("table", name="Gaps in the plan").get_by_role("row")).to_have_count(11)


@pytest.mark.detail
def test_a_first_plan_is_started_and_taken_along_and_brought_back(
    page: Page, served: Served, served_store: Store, tmp_path: Path, readable: Readable
) -> None:
    open_home(page, served, "ZZ9")
    page.get_by_role("button", name="Start the plan for").click()
    expect(page.get_by_text("A first plan: ")).to_be_visible()
    readable(page, (1366, 400))
    shown = page.locator("form").filter(has=page.get_by_role("button", name="Save this plan"))
    shown.get_by_label("Your name").fill("Ada Example")
    page.get_by_role("button", name="Save this plan").click()
    expect(shown.get_by_text("Choose for whom you speak.").first).to_be_visible()
    shown.get_by_label("You speak for").select_option("Management side")
    page.get_by_role("button", name="Save this plan").click()
    expect(page.get_by_role("status").filter(has_text="The plan is now at revision 1 by Ada Example")).to_be_visible()
    expect(page.get_by_role("heading", name="Gaps in the plan")).to_be_visible()
    with page.expect_download() as kept:
        page.get_by_role("button", name="The plan as a file").click()
    revision = served_store.latest_plan("ZZ9")
    assert revision is not None
    text = Path(kept.value.path()).read_text(encoding="utf-8")
    assert text == revision.document
    file = tmp_path / "plan.yaml"
    file.write_text(f"# looked through\n{text}", encoding="utf-8")
    page.get_by_label("Bring back a changed plan").set_input_files(file)
    expect(page.get_by_text("Only comments or the layout of the file.")).to_be_visible()
    page.get_by_role("button", name="Don't save it").click()
    expect(page.get_by_text("Only comments or the layout of the file.")).to_be_hidden()


def test_a_plan_in_word_is_looked_through_row_by_row_before_it_changes_anything(
    page: Page, served: Served, served_store: Store, tmp_path: Path, readable: Readable
) -> None:
    open_home(alive(page), served, "DEMO-CO")
    before = served_store.latest_plan("DEMO-CO")
    row = SourceRow(("1. Young people",), ("Visit schools",), (), (), ("The share of staff aged 16 to 24 rises by 2%",))
    file = tmp_path / "pledge.docx"
    file.write_bytes(saved(make_pledge([row])))
    page.get_by_label("Bring back a changed plan").set_input_files(file)
    page.get_by_text("All 3 rows, and what each was taken for").click()
    expect(page.get_by_text("wording 100% similar")).to_be_visible()
    page.get_by_label("X's that hold").fill("7")
    page.get_by_role("button", name="Show what it would change").click()
    expect(page.get_by_text("there is no such X. Available: 1a, 1b.")).to_be_visible()
    page.get_by_label("X's that hold").fill("1a")
    page.get_by_role("button", name="Show what it would change").click()
    expect(page.get_by_text("X's set: 1. Kept in the notes of their rows: 0. Nothing is saved yet.")).to_be_visible()
    expect(page.get_by_role("heading", name="What this would change (from pledge.docx)")).to_be_visible()
    readable(page, (1366, 320))
    assert served_store.latest_plan("DEMO-CO") == before


@pytest.mark.detail
def test_local_authorities_are_chosen_and_what_they_mean_is_shown(
    page: Page, served: Served, served_store: Store, tmp_path: Path, readable: Readable
) -> None:
    add_residents(served_store, tmp_path)
    open_home(alive(page), served, "DEMO-CO")
    field, add = page.get_by_label("Add a local authority"), page.get_by_role("button", name="Add", exact=True)
    field.fill("Farshir")
    add.click()
    expect(page.get_by_text("The closest: Farshire.")).to_be_visible()
    for name in ("farshire", "Nearham"):
        field.fill(name)
        field.press("Enter")
        expect(page.get_by_label(f"Weight of {name.capitalize()}")).to_be_visible()
    page.get_by_label("Weight of Nearham").fill("3")
    expect(page.get_by_text("Farshire has no weight, though others have.")).to_be_visible()
    readable(page, (1366, 320))
    page.get_by_label("Weight of Farshire").fill("1")
    form = page.locator(".t4c-live-only").filter(has=page.get_by_label("Weight of Farshire"))
    form.get_by_label("Your name").fill("Ada Example")
    form.get_by_label("You speak for").focus()
    page.keyboard.type("Both")  # as a person does it; what a test's own tool chooses doesn't count as typed
    page.reload()
    alive(page).get_by_role("button", name="Put it back").click()
    expect(page.get_by_text("What you had typed is back.")).to_be_visible()
    expect(page.get_by_label("Weight of Nearham")).to_have_value("3")
    expect(page.get_by_label("Weight of Farshire")).to_have_value("1")
    expect(form.get_by_label("Your name")).to_have_value("Ada Example")
    assert form.get_by_label("You speak for").locator("option:checked").inner_text() == "Both sides together"
    readable(page, (1366, 320))
    form.get_by_role("button", name="Save this list").click()
    expect(form.get_by_role("status").filter(has_text="by Ada Example")).to_be_visible()
    expect(page.get_by_text("Residents aged 16 to 24: 17.5% of those aged 16 to 64 (30 June 2020).")).to_be_visible()
    page.get_by_role("button", name="Take away Nearham").click()
    expect(page.get_by_label("Weight of Nearham")).to_be_hidden()
    expect(form.get_by_text("local authorities Nearham (weight 3); Farshire (weight 1)")).to_be_visible()
    revision = served_store.latest_plan("DEMO-CO")
    assert revision is not None
    assert [(one.code, one.weight) for one in revision.plan.local_authorities] == [("E06000001", 3), ("E06000047", 1)]
