"""A page saved as one file: it opens by double-click, asks for nothing, runs no program, and is the page."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Readable, watched_page

pytestmark = pytest.mark.browser
LARGEST_VIEW = 150_000  # bytes
SAVED_AT = re.compile(r"Copy saved on .*? at \d\d:\d\d")


def words(page: Path) -> str:
    """What a saved page says, but for the moment when it was saved."""
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    assert soup.body is not None
    return SAVED_AT.sub("", " ".join(soup.body.get_text(" ").split()))


def run(*command: str) -> tuple[int, str, str]:
    """A command in a process of its own, as a person gives it: its exit code, and what it said in one line each."""
    done = subprocess.run([sys.executable, "-m", "t4c_lib", *command], capture_output=True, text=True, check=False)
    return done.returncode, " ".join(done.stdout.split()), " ".join(done.stderr.split())


def save(page: Page, folder: Path) -> Path:
    """Save the page by its own link."""
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^Save th(is|e published) page$")).click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


@pytest.fixture(scope="module")
def saved(chromium: Browser, forum: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The forum page of a small trust, saved from the page for the forum."""
    with watched_page(chromium) as page:
        page.goto(f"{forum}?organisation=DEMO-SC&intention=1")
        return save(page, tmp_path_factory.mktemp("saved"))


@pytest.mark.detail
def test_what_is_saved_is_the_published_page_with_nothing_to_press(saved: Path, page: Page) -> None:
    assert re.fullmatch(r"forum-DEMO-SC-\d+-\d{4}-\d\d-\d\d\.html", saved.name)
    assert saved.stat().st_size <= LARGEST_VIEW
    page.goto(saved.as_uri())
    expect(page).to_have_title(re.compile(r"^Forum: .* \(demonstration\)$"))
    expect(page.locator(".t4c-strip")).to_contain_text("Published figures: small numbers are hidden")
    expect(page.locator(".t4c-strip")).to_contain_text(re.compile(r"Copy saved on \d+ \w+ \d{4} at \d\d:\d\d"))
    expect(page.get_by_role("table", name="Measures")).to_contain_text("Staff aged 16 to 24")
    expect(page.locator(".t4c-picture svg").first).to_be_visible()
    for gone in ("script", "input", "select", "textarea", "button", "a", "link[href]:not([href^='data:'])", "iframe"):
        expect(page.locator(gone)).to_have_count(0)


@pytest.mark.detail
def test_its_print_names_the_organisation_in_black(saved: Path, page: Page) -> None:
    page.emulate_media(media="print")
    page.goto(saved.as_uri())
    name = page.locator(".t4c-of-whom")
    expect(name).to_have_text("Plumbarrow Care (demonstration)")
    expect(name).to_have_css("color", "rgb(0, 0, 0)")


def test_it_is_read_without_network_and_without_javascript(saved: Path, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(saved.as_uri())
    expect(page.get_by_text("Counts are rounded to the nearest 5")).to_be_visible()
    page.get_by_text("The figures behind this chart").first.click()
    expect(page.get_by_role("table").first).to_be_visible()
    context.close()


def test_axe_finds_nothing_and_nothing_is_cut_off(saved: Path, page: Page, readable: Readable) -> None:
    page.goto(saved.as_uri())
    readable(page)


def test_the_command_saves_the_same_page_and_the_check_knows_both(
    saved: Path, tmp_path: Path, served_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("T4C_DATABASE_URL", f"sqlite:///{served_file}")
    out_folder = tmp_path / "out"
    out_folder.mkdir()
    file = out_folder / "by-command.html"
    code, out, err = run("snapshot", "forum", "DEMO-SC", "--intention", "1", "--out", str(file))
    assert (code, err) == (0, "")
    assert "Published figures: small numbers are hidden" in out
    assert words(file) == words(saved)
    (out_folder / saved.name).write_bytes(saved.read_bytes())
    code, _, err = run("disclosure", "check", str(out_folder))
    assert (code, err) == (0, "")
    file.write_text(file.read_text(encoding="utf-8").replace(" of ", " out of ", 1), encoding="utf-8")
    code, _, err = run("disclosure", "check", str(out_folder))
    assert code == 1
    assert "by-command.html: the whole file: it was changed after it was made" in err


def test_home_is_saved_for_the_forum_with_what_was_typed_left_out(page: Page, forum: str, tmp_path: Path) -> None:
    page.goto(f"{forum.removesuffix('forum')}home?organisation=DEMO-MH")
    file = save(page, tmp_path)
    assert file.name.endswith("-inside-the-forum.html")
    assert file.stat().st_size <= LARGEST_VIEW
    told = words(file)
    assert "Inside the forum: not for publication" in told
    assert "Gaps in the plan" in told
    assert "Bring figures in" not in told
    soup = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
    assert all(soup.find(id=str(one["href"])[1:]) for one in soup.select("a[href^='#']"))


@pytest.mark.detail
def test_a_page_that_has_no_published_version_and_one_that_is_none_are_refused(
    tmp_path: Path, store_file: Path
) -> None:
    file = tmp_path / "home.html"
    code, _, err = run("snapshot", "home", "DEMO-SC", "--out", str(file))
    assert (code, file.exists()) == (1, False)
    assert "The page home has exact figures only: add --audience forum" in err
    code, _, err = run("snapshot", "forums", "DEMO-SC", "--out", str(file))
    assert code == 1
    assert "There is no page called 'forums'. The closest: forum." in err
