"""Markup and script in every field of the forum page: shown as text, to whoever types it and to everybody else."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.browser.conftest import watched_page
from tests.browser.forum_row import YOUNG, press_save, refused, revision, said, saved_x, sentence, sign, visit, x_of
from tests.one_truth.extremes import ALONE
from tests.samples import ATTACKED_SAVES, LONG, some_of

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
TYPED = ("name", "post", "holder", "note", "evidence_0_what", "evidence_0_approved_by")


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
        page.get_by_label("Reworded", exact=True).check()
        page.get_by_text("Evidence", exact=True).click()
        page.get_by_text("Note", exact=True).click()
        for number in range(ATTACKED_SAVES.whole if LONG else ATTACKED_SAVES.sample):
            name, *typed = (f"{number} {one}" for one in (*ATTACKS[number:], *ATTACKS[:number]))
            x_of(page).fill(str(2 + number / 10))
            sign(page, name)
            for field, text in zip(TYPED, typed, strict=True):
                page.locator(f"form[data-form=save] [name={field}]").fill(text)
            press_save(page)
            expect(said(page)).to_contain_text("Saved:")
            expect(revision(page)).to_contain_text(f"by {name}")
            expect(said(other)).to_contain_text(f"{name} saved: ")
            expect(refused(other)).to_contain_text(f"{name} changed this row: ")
            expect(saved_x(other)).to_contain_text(f"+{2 + number / 10:g} points")
            assert injected(page) == injected(other) == 0
        assert rung_there == []
    visit(page, forum, ALONE)
    expect(page.locator(f"#{YOUNG} .f-opener")).to_contain_text(typed[0])
    page.get_by_role("button", name="History").click()
    expect(page.locator(".f-history li")).to_have_count(number + 2)
    for field, text in zip(TYPED, typed, strict=True):
        expect(page.locator(f"form[data-form=save] [name={field}]")).to_have_value(text)
    assert injected(page) == 0
    assert rung == []


@pytest.mark.parametrize("attack", some_of(ATTACKS, 2))
def test_markup_in_the_address_is_nothing(page: Page, forum: str, attack: str) -> None:
    rung = alarm(page)
    page.goto(f"{forum}?organisation={attack}&template={attack}&theme={attack}")
    expect(page.get_by_role("alert").filter(has_text="There is no organisation called")).to_be_visible()
    assert injected(page) == 0
    assert attack not in page.content()
    assert rung == []


@pytest.mark.detail
def test_what_somebody_else_saves_is_told_while_the_page_is_open_and_typing_stays(
    page: Page, chromium: Browser, forum: str
) -> None:
    visit(page, forum, "DEMO-AM")
    x_of(page).fill("1.7")
    with watched_page(chromium) as other:
        visit(other, forum, "DEMO-AM")
        x_of(other).fill("-1")
        expect(sentence(other)).to_contain_text("fewer people")
        sign(other, "Maria")
        press_save(other)
        expect(said(page)).to_have_text("Maria saved: 1m1 Staff aged 16 to 24")
    expect(refused(page)).to_contain_text("What you typed is still here.")
    expect(x_of(page)).to_have_value("1.7")
    expect(sentence(page)).to_contain_text("1.7% more than the baseline share")
    expect(saved_x(page)).to_contain_text("−1%")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("form[data-form=save]")).to_have_count(0)  # until then a press of the row's name folds it up
    page.get_by_role("button", name="Staff aged 16 to 24", exact=True).click()
    expect(x_of(page)).to_have_value("-1")
    expect(refused(page)).to_have_count(0)
