"""Markup and script in every field of the forum page: shown as text, to whoever types it and to everybody else."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.browser.conftest import watched_page
from tests.browser.test_forum import visit
from tests.one_truth.extremes import ALONE

pytestmark = pytest.mark.browser

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    '"><svg onload=alert(3)>',
    "<a href=javascript:alert(4)>press</a>",
    "</p></section><iframe srcdoc='<script>parent.alert(5)</script>'></iframe>",
    "{{ 7 * 7 }} ${alert(6)} <b>bold</b>",
    "<style>* { display: none }</style>",
]


def alarm(page: Page) -> list[str]:
    """Collects whatever a script that got through would do."""
    rung: list[str] = []

    def ring(dialog: Dialog) -> None:
        rung.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", ring)
    page.add_init_script("window.alert = text => console.error('alarm ' + text)")
    page.on("console", lambda line: rung.append(line.text) if line.text.startswith("alarm ") else None)
    return rung


def injected(page: Page) -> int:
    """Elements that only an attack can have made."""
    return page.locator(
        ".t4c-main :is(script:not([type]), iframe, img[src='x'], svg[onload], a[href^='javascript'])"
    ).count()


def test_markup_in_every_field_is_shown_as_text_to_everybody(page: Page, chromium: Browser, forum: str) -> None:
    rung = alarm(page)
    visit(page, forum, ALONE)
    with watched_page(chromium) as other:
        rung_there = alarm(other)
        visit(other, forum, ALONE)
        for number, attack in enumerate(ATTACKS):
            page.get_by_label("How many percentage points").fill(str(2 + number / 10))
            page.get_by_label("Your name").fill(f"{number} {attack}")
            page.get_by_label("You speak for").select_option("Both sides together")
            page.get_by_label("Note (optional)").fill(attack)
            page.get_by_role("button", name="Save this target").click()
            saved = page.locator(".t4c-message").filter(has_text=f"{number} {attack}")
            expect(saved).to_contain_text("Saved:")
            expect(other.get_by_role("status").filter(has_text=f"{number} {attack} saved a newer X.")).to_be_visible()
            assert injected(page) == injected(other) == 0
        other.get_by_role("button", name="Show it").click()
        expect(other.get_by_text(f"The plan is at revision 8 by {len(ATTACKS) - 1} {ATTACKS[-1]}")).to_be_visible()
        assert rung_there == []
    visit(page, forum, ALONE)
    expect(page.get_by_text(ATTACKS[-1]).first).to_be_visible()
    assert injected(page) == 0
    assert rung == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_markup_in_the_address_is_nothing(page: Page, forum: str, attack: str) -> None:
    rung = alarm(page)
    page.goto(f"{forum}?organisation={attack}&template={attack}&theme={attack}")
    expect(page.get_by_role("alert").filter(has_text="There is no organisation called")).to_be_visible()
    assert injected(page) == 0
    assert attack not in page.content()
    assert rung == []


def test_what_somebody_else_saves_is_told_while_the_page_is_open_and_typing_stays(
    page: Page, chromium: Browser, forum: str
) -> None:
    visit(page, forum, "DEMO-MH")
    page.get_by_label("How many percentage points").fill("1.7")
    with watched_page(chromium) as other:
        visit(other, forum, "DEMO-MH")
        other.get_by_label("How many percentage points").fill("-1")
        expect(other.get_by_text("This is a fall, from")).to_be_visible()
        other.get_by_label("Your name").fill("Maria")
        other.get_by_label("You speak for").select_option("Both sides together")
        other.get_by_role("button", name="Save this target").click()
        expect(page.get_by_text("Maria saved a newer X.")).to_be_visible()
    expect(page.get_by_label("How many percentage points")).to_have_value("1.7")
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_label("How many percentage points")).to_have_value("-1")
    expect(page.get_by_text("Maria saved a newer X.")).to_have_count(0)
