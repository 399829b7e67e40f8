"""Whole tasks of a forum on its page, by mouse and by keyboard, alone and in two browsers."""

from __future__ import annotations

import os
import signal

import pytest
from playwright.sync_api import Browser, Page, expect

from t4c_lib.periods import today
from t4c_lib.plan import RowState
from t4c_lib.plan.partnership.pledge import PledgeState
from t4c_lib.store import Store
from tests.browser.conftest import SPILL, Axe, Readable, watched_page
from tests.forum_tasks import (
    IN_PLACE,
    LEFT_OUT,
    OWN_ACTION,
    OWN_MEASURE,
    POST,
    REWORDED,
    SPEAKERS,
    Forum,
    agree_everything,
    publish_the_pledge,
    set_everything,
    unset,
)
from tests.samples import LONG
from tests.served import Served

pytestmark = pytest.mark.browser

# All ten where the large sets are run whole; else one with every kind of share, and one with evidence and reviews.
INTENTIONS = range(1, 11) if LONG else (3, 6)
EMPTY = "ZZ9"  # of whom nothing is known but sickness, and who has no plan


def test_a_workshop_from_no_plan_to_a_published_pledge_and_its_minutes(
    chromium: Browser, served: Served, served_store: Store, axe: Axe, readable: Readable
) -> None:
    with watched_page(chromium) as page:
        forum = Forum(page)
        forum.open(f"{served.address}forum?organisation={EMPTY}")
        assert axe(page) == []
        set_everything(forum, INTENTIONS)
        assert axe(page) == []
        agree_everything(forum, INTENTIONS)
        publish_the_pledge(forum)
        readable(page, (1366, 320))
        forum.click(page.get_by_role("button", name="Back to the intentions"))
        forum.click(page.get_by_role("button", name="Minutes"))
        minutes = page.get_by_role("region", name="Minutes")
        expect(minutes.get_by_role("listitem").filter(has_text="(both sides)").first).to_be_visible()
        assert axe(page) == []
        with page.expect_download() as kept:
            forum.click(minutes.get_by_role("button", name="Download as Word"))
        assert kept.value.suggested_filename.endswith("-inside-the-forum.docx")
    record = served_store.partnership(EMPTY, today())
    assert record.pledge is not None
    assert record.pledge.state is PledgeState.PUBLISHED
    latest = served_store.latest_plan(EMPTY)
    assert latest is not None
    plan = latest.plan
    assert unset(plan, INTENTIONS) == []
    rows = [row for row in plan.every_row if row.intention_number in INTENTIONS]
    not_agreed = [
        one.title for row in rows if (one := record.of_row(row).standing) and len(one.agreed_by) < len(SPEAKERS)
    ]
    assert not_agreed == []
    for row in plan.actions:
        if row.suggestion is None or row.intention_number not in INTENTIONS:
            continue
        ref = row.suggestion.ref
        assert row.text == REWORDED.get(ref, "")
        assert row.reason == LEFT_OUT.get(ref, "")
        assert (row.state is RowState.IN_PLACE) == (ref in IN_PLACE)
        assert row.number == (40 if row.has_blank else None)
    assert OWN_ACTION in [row.text for row in plan.actions]
    assert OWN_MEASURE in [row.definition.name for row in plan.measures if row.definition]


MINE = "DEMO-CO"  # nobody else's tests save there


def tab_to(page: Page, what: str) -> int:
    """Press Tab until what has the focus is called like this; how many presses it took."""
    for presses in range(400):
        called = page.evaluate(
            "(() => { const one = document.activeElement; return one.getAttribute('aria-label')"
            " || one.labels?.[0]?.textContent.trim() || one.textContent.trim().slice(0, 80); })()"
        )
        if called.startswith(what):
            return presses
        page.keyboard.press("Tab")
    raise AssertionError(f"{what!r} can't be reached by keyboard")


@pytest.mark.detail
def test_three_intentions_by_keyboard_alone(chromium: Browser, served: Served, served_store: Store) -> None:
    with watched_page(chromium) as page:
        forum = Forum(page)
        forum.open(f"{served.address}forum?organisation={MINE}&intention=7")
        tab_to(page, "Your name")
        page.keyboard.type("Ada Example")
        tab_to(page, "You speak for")
        page.keyboard.type("Staff")
        tab_to(page, "Keys:")
        page.keyboard.press("Space")
        for number, row, amount in (
            (7, "Planned progressions achieved", "80"),
            (8, "Staff using", "45"),
            (9, "Support workers", "14"),
        ):
            expect(page.locator("h1")).to_contain_text(f"{number} ")
            tab_to(page, "One responsible post")
            page.keyboard.type(POST)
            page.keyboard.press("Enter")
            expect(page.locator("form[data-form=posts]")).to_have_count(0)
            tab_to(page, row)
            page.keyboard.press("Enter")
            expect(forum.form).to_be_visible()
            tab_to(page, "X")
            page.keyboard.press("Control+a")
            page.keyboard.type(amount)
            tab_to(page, "Counted as")
            page.keyboard.type("per cent to reach" if number == 7 else "people")
            tab_to(page, "By the end of")
            page.keyboard.type("March 2028")
            tab_to(page, "Baseline")
            if forum.form.locator("[name=base]").input_value() == "":
                page.keyboard.type("Type one")
                tab_to(page, "How many" if number != 7 else "or in per cent")
                page.keyboard.type("20")
                tab_to(page, "When")
                page.keyboard.type("2026-03")
                tab_to(page, "Source")
                page.keyboard.type("register")
            page.keyboard.press("Enter")
            expect(page.locator("[data-part=said]")).to_contain_text("Saved: ")
            expect(page.locator("tr.f-is-open [data-label='X']")).not_to_contain_text("Set X")
            page.keyboard.press("Alt+PageDown")
        agree_by_keyboard(page)
    latest = served_store.latest_plan(MINE)
    assert latest is not None
    assert all(latest.plan.measure(ref).change is not None for ref in ("7m2", "8m2", "9m2"))
    record = served_store.partnership(MINE, today())
    for agreed in (latest.plan.measure(ref) for ref in ("7m2", "8m2", "9m2")):
        standing = record.of_row(agreed).standing
        assert standing is not None
        assert len(standing.agreed_by) == len(SPEAKERS), standing.title


def agree_by_keyboard(page: Page) -> None:
    """Both sides name who speaks and agree to what intentions 7 to 9 have, without a mouse."""
    for _ in range(3):
        page.keyboard.press("Alt+PageUp")  # none is lost, however quickly they follow each other
    expect(page.locator("h1")).to_contain_text("7 ")
    tab_to(page, "Who speaks for each side")
    page.keyboard.press("Enter")
    for side, who in SPEAKERS.items():
        tab_to(page, side)
        page.keyboard.type(who)
    for side, who in SPEAKERS.items():
        tab_to(page, f"{side}: a line each, name, post")
        page.keyboard.type(who)
    tab_to(page, "Put forward for")
    page.keyboard.type("Management")
    tab_to(page, "Put this list forward")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Confirm this list")).to_be_visible()
    tab_to(page, "Confirm this list")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=said]")).to_have_text("Both sides have confirmed who may speak and sign")
    for number in (7, 8, 9):
        expect(page.locator("h1")).to_contain_text(f"{number} ")
        tab_to(page, "Agree all shown")
        page.keyboard.press("Enter")
        both = page.get_by_role("region", name="Agree all shown")
        for side in SPEAKERS:
            button = both.get_by_role("button", name=f"{side} agrees")
            expect(button).to_be_visible()
            tab_to(page, f"{side} agrees (")
            page.keyboard.press("Enter")
            expect(button).to_have_count(0)
        page.keyboard.press("Alt+PageDown")


def test_a_save_is_told_in_the_other_browser_and_a_clash_is_shown_side_by_side(
    chromium: Browser, served: Served, served_store: Store
) -> None:
    with watched_page(chromium) as mine, watched_page(chromium) as other:
        ada, bob = Forum(mine), Forum(other)
        for forum, name in ((ada, "Ada Example"), (bob, "Bob Example")):
            forum.open(f"{served.address}forum?organisation={MINE}&measure=turnover")
            forum.fill("Your name", name)
            forum.choose("You speak for", "both")
        ada.form.locator("[name=x_amount]").fill("-1.1")
        bob.form.locator("[name=x_amount]").fill("-2.2")
        ada.click(ada.form.get_by_role("button", name="Save measure"))
        expect(mine.locator("[data-part=said]")).to_contain_text("Saved: 1m4-turnover")
        expect(other.locator("[data-part=said]")).to_contain_text("Ada Example saved")
        expect(other.locator(".f-notice")).to_contain_text("Ada Example changed this row")
        expect(bob.form.locator("[name=x_amount]")).to_have_value("-2.2")
        bob.click(bob.form.get_by_role("button", name="Save measure"))
        expect(other.locator("[data-part=said]")).to_contain_text("Saved: 1m4-turnover")
        expect(mine.locator("tr.f-is-open [data-label='X']")).to_contain_text("\u22122.2 points")
    latest = served_store.latest_plan(MINE)
    assert latest is not None
    change = latest.plan.measure("turnover").change
    assert change is not None
    assert change.amount == pytest.approx(-0.022)


@pytest.mark.detail
def test_a_saved_row_is_taken_back_and_its_history_tells_it(chromium: Browser, served: Served) -> None:
    with watched_page(chromium) as page:
        forum = Forum(page)
        forum.open(f"{served.address}forum?organisation={MINE}&intention=4")
        forum.sign_in()
        forum.open_row("action-managers-accountable")
        forum.fill("Held by", "Wren Example", forum.form)
        forum.click(forum.form.get_by_role("button", name="Save action"))
        expect(page.locator("[data-part=said]")).to_contain_text("Saved: 4a3")
        forum.click(page.get_by_role("button", name="Undo"))
        expect(page.locator("[data-part=said]")).to_contain_text("undone")
        expect(forum.form.get_by_label("Held by")).not_to_have_value("Wren Example")
        forum.click(page.get_by_role("button", name="History"))
        expect(page.locator(".f-history li")).to_have_count(3)
        expect(page.locator(".f-history li").first).to_contain_text("Ada Example: holder")


@pytest.mark.detail
def test_what_cannot_be_saved_is_said_at_its_field_and_stays(chromium: Browser, served: Served) -> None:
    with watched_page(chromium) as page:
        forum = Forum(page)
        forum.open(f"{served.address}forum?organisation={MINE}&measure=turnover")
        forum.form.locator("[name=x_amount]").fill("a tenth")
        forum.click(forum.form.get_by_role("button", name="Save measure"))
        field = forum.form.locator("[name=x_amount]")
        expect(field).to_be_focused()
        expect(field).to_have_value("a tenth")
        expect(page.locator("#f-x_amount-e")).to_have_text("A number belongs here, not 'a tenth'.")
        field.fill("-1")
        forum.click(forum.form.get_by_role("button", name="Save measure"))
        expect(page.locator(".f-notice")).to_contain_text("Enter your name at the left")
        expect(page.get_by_label("Your name")).to_be_focused()
        expect(field).to_have_value("-1")


def test_a_killed_kernel_loses_nothing_that_was_typed(chromium: Browser, served: Served) -> None:
    with watched_page(chromium) as page:
        forum = Forum(page)
        before = set(served.kernels())
        forum.open(f"{served.address}forum?organisation={MINE}&measure=turnover&fresh=2")
        forum.form.locator("[name=x_amount]").fill("-1.7")
        (kernel,) = set(served.kernels()) - before
        os.kill(kernel.pid, signal.SIGKILL)
        notice = page.get_by_role("alert").filter(has_text="The program behind this page has ended.")
        notice.get_by_role("button", name="Reload the page").click()
        page.get_by_role("button", name="Put it back").click()
        expect(forum.form.locator("[name=x_amount]")).to_have_value("-1.7")
        forum.sign_in()
        forum.click(forum.form.get_by_role("button", name="Save measure"))
        expect(page.locator("tr.f-is-open [data-label='X']")).to_contain_text("\u22121.7 points")


# One of each kind: share, closer, count, evidence, review, a share of a year's newcomers, and what the pledge settles.
KINDS = (
    *("young-share", "local-diversity", "work-experience-placements", "work-experience-in-place"),
    *("apprenticeship-review", "certificate-in-12-weeks", "pledge-published"),
)


def test_every_kind_of_row_is_accessible_and_fits_the_narrowest_window(
    chromium: Browser, served: Served, axe: Axe
) -> None:
    with watched_page(chromium) as page:
        forum = Forum(page)
        forum.open(f"{served.address}forum?organisation=DEMO-MH")
        assert axe(page) == []
        for measure in KINDS:
            forum.show_measure(measure)
            for width in (1366, 320):
                page.set_viewport_size({"width": width, "height": 768})
                assert page.evaluate(SPILL) <= 0, (measure, width)
                contrast = width > 320 or measure == KINDS[0]  # a narrow form has the colours of a wide one
                assert axe(page, contrast=contrast) == [], (measure, width)
            page.set_viewport_size({"width": 1366, "height": 768})
