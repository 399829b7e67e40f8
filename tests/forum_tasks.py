"""A forum at work: what people do on the forum page, each click and key counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

from t4c_lib.framework import Measure, MeasureKind, catalogue
from t4c_lib.plan import Plan
from tests.browser.conftest import alive

NAME, SIDE = "Ada Example", "Both sides together"
POST = "Head of Learning and Development"
# One of each: what becomes of a row of the framework.
REWORDED = {"3a2": "Visit every secondary school of the district once a year"}
IN_PLACE = {"2a1"}
LEFT_OUT = {"6a4": "The bodies that set these targets were closed in 2018"}
OWN_ACTION = "Offer a bursary for travel to college"
OWN_MEASURE = "Staff who used the travel bursary"


def typed_x(measure: Measure) -> tuple[str, str, str, str]:
    """Amount and kind of an X for a measure, and what its baseline is typed as: value or share of a hundred."""
    if measure.kind is MeasureKind.COUNT:
        return "30", "level" if "level" in measure.readings else "count", "20", ""
    if measure.key == "certificate-in-12-weeks":
        return "100", "level", "60", "100"
    if measure.better == "lower":
        return "-1", "points", "12", "100"
    return "2", "points", "40", "100"


@dataclass
class Forum:
    """The page in one browser.

    Attributes:
        page: of the browser.
        done: how many clicks, keys and fields each kind of step took.
    """

    page: Page
    done: Counter[str] = field(default_factory=Counter)

    def open(self, address: str) -> None:
        """Go there, and wait until it is alive."""
        self.page.goto(address)
        alive(self.page)

    def click(self, what: Locator) -> None:
        """One click."""
        what.click()
        self.done["clicks"] += 1

    def fill(self, label: str, text: str, within: Locator | None = None) -> None:
        """One field typed: the click into it and each of its letters."""
        (within or self.page).get_by_label(label, exact=True).first.fill(text)
        self.done["clicks"] += 1
        self.done["keys"] += len(text)

    def choose(self, label: str, value: str, within: Locator | None = None) -> None:
        """One choice of a list: a click to open it and one to choose."""
        (within or self.page).get_by_label(label, exact=True).first.select_option(value)
        self.done["clicks"] += 2

    @property
    def form(self) -> Locator:
        return self.page.locator("form[data-form=save]")

    def sign_in(self) -> None:
        """Say who types; once for the meeting."""
        self.fill("Your name", NAME)
        self.choose("You speak for", "both")

    def go_to(self, number: int) -> None:
        """Another intention."""
        self.click(self.page.locator(f".f-intentions a[data-number='{number}']"))
        expect(self.page.locator("h1")).to_contain_text(f"{number} ")

    def open_row(self, row: str) -> None:
        """Open a row by its id."""
        self.click(self.page.locator(f".f-opener[data-row='{row}']"))
        expect(self.form).to_have_attribute("data-row", row)

    def show_measure(self, key: str) -> None:
        """Open the row of a measure, wherever it stands."""
        self.go_to(catalogue().measure(key).intention_number)
        self.click(self.page.locator(f".f-opener[data-row^='measure-{key}']").first)
        expect(self.page.locator(".f-opened")).to_have_attribute("id", re.compile(f"^measure-{key}"))

    def save(self, revision: int) -> None:
        """Save the opened row, and wait until it is told with its revision."""
        self.click(self.form.locator("button.f-primary"))
        self.saved(revision)

    def saved(self, revision: int) -> None:
        """Wait until the frame tells a revision, and the page stands as it was saved."""
        expect(self.page.locator("[data-part=revision]")).to_contain_text(f"Revision {revision},")
        expect(self.page.locator(f".f-grid[data-revision='{revision}']")).to_have_count(1)


def set_everything(forum: Forum, intentions: Collection[int] = range(1, 11)) -> None:
    """From no plan to every row of these intentions adopted, reworded, added or left out, and every X set."""
    forum.sign_in()
    forum.click(forum.page.get_by_role("button", name="Start the plan"))
    revision = 1
    forum.saved(revision)
    for intention in (one for one in catalogue().intentions if one.number in intentions):
        if intention.number > 1:
            forum.go_to(intention.number)
        bulk = forum.page.get_by_label("One responsible post", exact=False)
        if bulk.count():
            bulk.fill(POST)
            forum.done["keys"] += len(POST)
            forum.done["clicks"] += 1
            forum.click(forum.page.locator("form[data-form=posts] button"))
            revision += 1
            forum.saved(revision)
        for action in intention.actions:
            revision += _set_action(forum, action.ref, action.key, has_blank=action.x is not None, revision=revision)
        for measure in intention.measures:
            revision += _set_measure(forum, measure, revision)
    forum.go_to(4)
    forum.click(forum.page.get_by_role("button", name="Add an action of our own"))
    forum.fill("What we will do", OWN_ACTION)
    forum.click(forum.page.get_by_role("button", name="Add action"))
    forum.saved(revision + 1)
    forum.fill("Responsible post", POST, forum.form)
    forum.save(revision + 2)
    forum.click(forum.page.get_by_role("button", name="Add a measure of our own"))
    forum.fill("What is measured", OWN_MEASURE)
    forum.fill("Counted in (numbers and rates), such as people a year", "people a year")
    forum.click(forum.page.get_by_role("button", name="Add measure"))
    forum.saved(revision + 3)
    forum.fill("Responsible post", POST, forum.form)
    forum.save(revision + 4)


SPEAKERS = {"Management": "Pat Example, Chief Executive", "Staff side": "Kim Unreal, branch secretary"}


def agree_everything(forum: Forum, intentions: Collection[int] = range(1, 11)) -> None:
    """Name who may speak for each side, then both sides agree to all rows of these intentions."""
    page = forum.page
    told = page.locator(".t4c-strip [data-part=said]")
    forum.click(page.get_by_text("Who speaks for each side"))
    for side, who in SPEAKERS.items():
        forum.fill(side, who)
        forum.fill(f"{side}: a line each, name, post", who)
    forum.choose("Put forward for", "Management")
    forum.click(page.get_by_role("button", name="Put this list forward"))
    forum.click(page.get_by_role("button", name="Confirm this list"))
    expect(told).to_have_text("Both sides have confirmed who may speak and sign")
    for number in intentions:
        forum.go_to(number)
        forum.click(page.get_by_role("button", name="Agree all shown"))
        both = page.get_by_role("region", name="Agree all shown")
        for side in SPEAKERS:
            forum.click(both.get_by_role("button", name=f"{side} agrees"))
            expect(both.get_by_role("button", name=f"{side} agrees")).to_have_count(0)  # recorded; the other is next
        expect(both).to_have_count(0)


def publish_the_pledge(forum: Forum) -> None:
    """From its wording to publication."""
    page = forum.page
    forum.click(page.get_by_role("button", name="Pledge", exact=True))
    forum.click(page.get_by_role("button", name="Save this wording"))
    for side in SPEAKERS:
        forum.click(page.get_by_role("button", name=f"{side} agrees to this wording"))
    forum.fill("Meeting and item", "Trust Board, item 7")
    forum.click(page.get_by_role("button", name="Record the approval"))
    for side, who in SPEAKERS.items():
        forum.choose("Signed for", side)
        forum.fill("By: name, post", who)
        forum.click(page.get_by_role("button", name="Record the signature"))
        expect(page.locator(".f-signs")).to_contain_text(who.partition(",")[0])
    forum.fill("Where it was published", "intranet")
    forum.click(page.get_by_role("button", name="Record the publication"))
    expect(page.locator(".f-lead")).to_contain_text("The pledge is published.")


def _set_action(forum: Forum, ref: str, key: str, *, has_blank: bool, revision: int) -> int:
    if ref not in REWORDED and ref not in LEFT_OUT and ref not in IN_PLACE and not has_blank:
        return 0  # adopted as suggested, and its post is named already
    forum.open_row(f"action-{key}")
    if ref in REWORDED:
        forum.click(forum.form.get_by_label("Reworded", exact=True))
        forum.fill("Our wording", REWORDED[ref], forum.form)
    if ref in LEFT_OUT:
        forum.click(forum.form.get_by_label("Left out", exact=True))
        forum.fill("Why it is left out", LEFT_OUT[ref], forum.form)
    if ref in IN_PLACE:
        forum.click(forum.form.get_by_label("Already in place", exact=True))
    if has_blank:
        forum.form.locator("[name=number]").fill("40")
        forum.done["clicks"] += 1
        forum.done["keys"] += 2
    forum.save(revision + 1)
    return 1


def _set_measure(forum: Forum, measure: Measure, revision: int) -> int:
    if measure.on_record is not None:
        return 0  # it follows from the pledge
    row = forum.page.locator(f".f-opener[data-row^='measure-{measure.key}']").first
    forum.click(row)
    expect(forum.form).to_have_attribute("data-measure", measure.key)
    if measure.kind is MeasureKind.EVIDENCE:
        for name, text in (("what", f"{measure.name}, version 1"), ("link", "intranet"), ("approved_by", "Board")):
            forum.form.locator(f"[name=evidence_0_{name}]").fill(text)
            forum.done["keys"] += len(text)
        forum.form.locator("[name=evidence_0_date]").fill("2026-06-30")
        forum.done["keys"] += 8
        forum.done["clicks"] += 4
    elif measure.kind is MeasureKind.REVIEW:
        forum.choose("Reviewed", "12", forum.form)
        forum.form.locator("[name=last]").fill("2026-06-30")
        forum.done["clicks"] += 1
        forum.done["keys"] += 8
    else:
        _set_x(forum, measure)
    forum.save(revision + 1)
    return 1


def _set_x(forum: Forum, measure: Measure) -> None:
    amount, kind, part, whole = typed_x(measure)
    form = forum.form
    if measure.better == "closer":
        amount, kind = "-1", "points"
        texts = {
            "group": "disability",
            "comparison_share": "9",
            "comparison_period": "2021-03",
            "comparison_source": "census",
        }
        for name, text in texts.items():
            form.locator(f"[name={name}]").fill(text)
            forum.done["keys"] += len(text)
        forum.done["clicks"] += len(texts)
        part = "5"
    if form.locator("[name=base]").input_value() == "":
        form.locator("[name=base]").select_option("typed")
        forum.done["clicks"] += 2
        texts = {"b_part": part, "b_whole": whole} if whole else {"b_value": part}
        texts |= {"b_period": "2026-03", "b_source": "register"}
        for name, text in texts.items():
            form.locator(f"[name={name}]").fill(text)
            forum.done["keys"] += len(text)
        forum.done["clicks"] += len(texts)
    form.locator("[name=x_kind]").select_option(kind)
    form.locator("[name=x_amount]").fill(amount)
    form.locator("[name=due]").select_option("2028-03")
    forum.done["clicks"] += 5
    forum.done["keys"] += len(amount)


def unset(plan: Plan, intentions: Collection[int] = range(1, 11)) -> list[str]:
    """What of these intentions of a plan was not set: rows without what they need."""
    rows = [row for row in plan.measures if row.can_have_x and row.definition is None and row.target is None]
    posts = [row for row in (*plan.actions, *plan.measures) if row.is_open and row.on_record is None and not row.post]
    return [row.short_title for row in (*rows, *posts) if row.intention_number in intentions]
