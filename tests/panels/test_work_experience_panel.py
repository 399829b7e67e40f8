"""The work experience page without a browser: what is typed, pasted and pressed, and what the page then says."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from t4c_lib.address import Address
from t4c_lib.panels.frame import Frame
from t4c_lib.panels.work_experience import WorkExperience
from t4c_lib.periods import Day, Month, today
from t4c_lib.programme.feeds import FEEDS, Fed
from t4c_lib.programme.records import record_kind
from t4c_lib.programme.register import Entry, Register
from t4c_lib.progress.figures import wilson
from t4c_lib.sections.home import HomeFigures
from t4c_lib.sections.programme import Evaluation, fed_views
from t4c_lib.store import Store
from tests.event_loops import run_apart
from tests.programme.test_records import TEN

pytestmark = pytest.mark.flow


def opened(store: Store, query: str = "") -> WorkExperience:
    async def make() -> WorkExperience:
        address = Address.from_query(f"organisation=DEMO-MH{query}")
        return WorkExperience(Frame("work_experience", store, address))

    return run_apart(make())


def do(page: WorkExperience, act: str, by: str = "Rowan Placeholder", **content: Any) -> str:
    """Send what the page's program would; gives the page's text after it."""
    page._came(None, {"act": act, "by": by, "turn": 1, **content}, [])
    return BeautifulSoup(page.element, "html.parser").get_text(" ", strip=True)


def form_of(page: WorkExperience, form: str) -> str:
    """The text of one of its forms; empty where it isn't shown."""
    found = BeautifulSoup(page.element, "html.parser").select_one(f"form[data-form={form}]")
    return found.get_text(" ", strip=True) if found else ""


TYPED = {"programme": "Work experience", "stage": "planned", "starts": "11/01/2027"}


def value_of(page: WorkExperience, form: str, field: str) -> str:
    """What stands in a field of one of its forms."""
    found = BeautifulSoup(page.element, "html.parser").select_one(f"form[data-form={form}] [name={field}]")
    assert found is not None
    chosen = found.select_one("[selected]") if found.name == "select" else None
    return chosen.text if chosen else str(found.get("value", ""))


def test_a_placement_is_added_corrected_and_its_history_told(store: Store) -> None:
    page = opened(store)
    before = len(page.register.of("placement"))
    typed = {"programme": "Work experience", "stage": "planned", "starts": "11/01/2027", "setting": "Older People"}
    do(page, "save", kind="placement", form="add-placement", values=typed)
    assert page.top.said == "Added: placement P-0401"
    assert len(page.register.of("placement")) == before + 1
    text = do(page, "open", record="P-0401")
    assert "Placement P-0401" in text
    text = do(page, "save", kind="placement", form="open", record="P-0401", values={**typed, "stage": "offered"})
    assert page.top.said == "Corrected: placement P-0401"
    text = do(page, "open", record="P-0401")
    assert "Stage: offered, before: planned" in text
    assert [one.content["stage"] for one in page.register.history("P-0401")] == ["planned", "offered"]


def test_what_is_refused_stays_typed_and_is_told_at_its_field(store: Store) -> None:
    page = opened(store)
    typed = {"programme": "Work experience", "stage": "planned", "starts": "11/13/2026", "setting": "Older Peple"}
    text = do(page, "save", kind="placement", form="add-placement", values=typed)
    assert "Did you mean '13 November 2026'?" in text
    assert "Not saved." in text
    form = BeautifulSoup(page.element, "html.parser").select_one("form[data-form=add-placement]")
    assert form is not None
    field = form.select_one("[name=starts]")
    assert field is not None
    assert (field["value"], field["aria-invalid"]) == ("11/13/2026", "true")
    assert len(page.register.of("placement")) == 400


def test_nobody_saves_without_a_name(store: Store) -> None:
    page = opened(store)
    text = do(page, "save", by="", kind="partner", form="add-partner", values={"name": "Another college"})
    assert "Enter your name." in text
    assert page.focus == "by"
    assert "Another college" not in page.register.known["partner"].values()


def test_ten_rows_are_pasted_two_are_corrected_and_all_are_kept(store: Store) -> None:
    page = opened(store)
    text = do(page, "paste", values={"pasted": TEN})
    assert "Paste from Excel: 10 rows read, 8 ready, 2 to correct" in text
    do(page, "take")
    assert page.top.said == "Added: 8 placements, P-0401 to P-0408"
    assert page.pasted is not None
    assert (len(page.pasted.read), page.pasted.wrong) == (2, 2)
    mended = page.pasted_text
    for one in page.pasted.problems:
        mended = mended.replace(one.found, one.meant)
    do(page, "paste", values={"pasted": mended})
    text = do(page, "take")
    assert page.top.said == "Added: 2 placements, P-0409 to P-0410"
    for new, old in (("P-0409", "P-0402"), ("P-0410", "P-0407")):
        assert f"The same is on record as {old}. Is this somebody else? Open {new}" in text
    assert page.pasted is None
    assert len(page.register.of("placement")) == 410


def test_an_outcome_at_six_months_takes_the_follow_up_away(store: Store) -> None:
    page = opened(store)
    due = next(one for one in page.register.follow_ups["overdue"] if one.asked_at == "6 months")
    ref = due.placement.ref
    assert f"What became of {ref}" in do(page, "open", record=ref)
    told = {"placement": ref, "asked_at": "6 months", "on": "26/11/2026", "what": "NHS job", "stage": "started"}
    text = do(page, "save", kind="outcome", form="add-outcome", values=told)
    assert "asked at 6 months: NHS job, started" in text
    assert not any(one.placement.ref == ref and one.asked_at == "6 months" for one in page.register.all_follow_ups)


@pytest.mark.parametrize(
    ("kind", "values", "key", "name"),
    [
        ("campaign", {"title": "Open day", "month": "May 2026", "aim": "A tour with Jane Smith."}, "aim", "Jane Smith"),
        ("placement", {**TYPED, "before": "Jane Smith, school"}, "before", "Jane Smith"),
        ("reflection", {"quarter": "July to September 2026", "learned": "We asked Mr Brown."}, "learned", "Mr Brown"),
        ("ambassador", {"post": "Jane Smith", "employer": "Ours"}, "post", "Jane Smith"),
        ("story", {"title": "How we met Mrs Jones"}, "title", "Mrs Jones"),
    ],
)
def test_a_likely_name_is_asked_about_before_it_is_kept(
    store: Store, kind: str, values: dict[str, str], key: str, name: str
) -> None:
    page, before = opened(store), len(store.programme.register("DEMO-MH").entries)
    page.do_tab({"tab": {"campaign": "policies", "story": "policies", "ambassador": "people"}.get(kind, kind)})
    page.do_tab({"tab": {"placement": "register", "reflection": "reflection"}.get(kind, page.tab)})
    form = f"add-{kind}"
    do(page, "save", kind=kind, form=form, values=values)
    assert len(store.programme.register("DEMO-MH").entries) == before, "nothing is kept yet"
    asked = f"This may be personal data: {name}. If it identifies somebody, take it out: no names are kept here."
    assert form_of(page, form).startswith("Not saved yet.")
    assert asked in form_of(page, form)
    assert form_of(page, form).endswith("Save it all the same") or "Save it all the same Repeat" in form_of(page, form)
    assert (page.typed[key], page.focus) == (values[key], key)
    do(page, "save", kind=kind, form=form, values=values, asked=name)
    assert len(store.programme.register("DEMO-MH").entries) == before + 1
    assert asked not in page.element
    assert all(values[key] not in page.choices(kind, one) for one in record_kind(kind).fields)


def test_a_name_is_asked_about_in_a_correction_and_in_a_reason_too(store: Store) -> None:
    page = opened(store)
    do(page, "save", kind="placement", form="open-P-0001", record="P-0001", values={**TYPED, "words": "by Jane Smith"})
    assert page.unsure == "Jane Smith"
    do(page, "withdraw", record="P-0001", values={"reason": "Jane Smith stood twice"})
    assert page.unsure == "Jane Smith"
    assert "Take it out all the same" in do(page, "open", record="P-0001") or page.unsure == ""
    assert len(page.register.history("P-0001")) == 1
    do(page, "withdraw", record="P-0001", values={"reason": "Jane Smith stood twice"}, asked="Jane Smith")
    assert len(page.register.of("placement")) == 399


def test_a_correction_that_takes_a_name_out_deletes_it_from_what_was_saved_before(store: Store) -> None:
    page = opened(store)
    named = {**TYPED, "before": "Jane Smith, school", "words": "It went well."}
    do(page, "save", kind="placement", form="add-placement", values=named, asked="Jane Smith")
    do(page, "save", kind="placement", form="open", record="P-0401", values={**named, "days": "4"})
    do(page, "open", record="P-0401")
    assert "I am taking a name out" in form_of(page, "open-P-0401")
    mended = {**named, "before": "school", "days": "5", "was_name": "yes"}
    do(page, "save", kind="placement", form="open", record="P-0401", values=mended)
    text = do(page, "open", record="P-0401")
    assert "Before: school, before: (a name, removed)" in text
    assert "Days: 5, before: 4" in text
    history = store.programme.register("DEMO-MH").history("P-0401")
    assert [one.content["before"] for one in history] == ["(a name, removed)", "(a name, removed)", "school"]
    assert {one.content["words"] for one in history} == {"It went well."}
    assert "Jane Smith" not in page.element


def test_with_no_placement_there_is_nothing_to_repeat_and_it_says_so(store: Store) -> None:
    page = opened(store)
    do(page, "repeat")
    assert page.top.said == ""
    assert value_of(page, "add-placement", "programme") == page.text(page.register.of("placement")[-1], "programme")
    page._gather = lambda: None  # type: ignore[method-assign]
    page.register = Register((), today())
    do(page, "repeat")
    assert page.top.said == "There is no placement on record to repeat yet."
    assert page.typed == {}


@pytest.mark.usefixtures("known_day")
@pytest.mark.parametrize(
    ("hosted", "words"),
    [
        ("hosted", "The one placement on record for 2026/27 has been hosted."),
        ("planned", "The one placement on record for 2026/27 has not been hosted."),
    ],
)
def test_one_placement_is_told_as_one(store: Store, hosted: str, words: str) -> None:
    page = opened(store)
    content = {"programme": "Work experience", "stage": hosted, "starts": "2026-10-05"}
    page.register = Register([Entry(1, "placement", "P-0001", content, "Ann", dt.datetime.now(dt.UTC))], today())
    assert page.heading.startswith(words)


def test_an_empty_form_is_told_all_that_it_lacks_at_once(store: Store) -> None:
    page = opened(store)
    text = do(page, "save", by="", kind="placement", form="add-placement", values={})
    assert "Not saved. Enter your name." in text
    assert text.count("This can't be left empty.") == 3


def test_how_far_somebody_came_that_does_not_go_with_what_became_of_them_is_asked_about(store: Store) -> None:
    page = opened(store)
    told = {"placement": "P-0001", "asked_at": "6 months", "on": Day(today()).label}
    for what, stage, asked in (
        ("NHS apprenticeship", "interested", "it counts as wanting one, not as having begun one"),
        ("none yet", "started", "how far somebody came counts for an NHS job"),
        ("NHS job", "started", ""),
    ):
        do(page, "save", kind="outcome", form="add-outcome-P-0001", values={**told, "what": what, "stage": stage})
        said = [one.message for one in page.asked if "ount" in one.message and stage in one.message]
        assert [asked in one for one in said] == ([True] if asked else [])


def test_people_whose_time_is_over_are_forgotten_and_the_evaluation_stays(store: Store) -> None:
    page = opened(store, "&tab=evaluation&cohort=2024/25")
    before = page.evaluation
    gone = len(page.register.past_retention())
    assert gone > 0
    do(page, "purge")
    assert page.top.said == f"Deleted: what was known of {gone} people. The totals stay as they were"
    after = page.evaluation
    assert after.table.equals(before.table)
    assert after.sentence == before.sentence
    assert after.share("started", "completed") == before.share("started", "completed")


def test_the_demonstration_s_figures_by_plain_pandas(store: Store) -> None:
    """The evaluation of 2025/26 once more, from the entries themselves and without the library's counting."""
    register = store.programme.register("DEMO-MH")
    rows = pd.DataFrame([{"ref": one.ref, **one.content} for one in register.of("placement")])
    assert len(rows) == 400
    mine = rows[(rows["starts"] >= "2025-04-01") & (rows["starts"] < "2026-04-01")]
    ended = mine[mine["stage"] == "completed"]
    hosted = mine[mine["stage"].isin(["hosted", "completed", "left"])]
    told = pd.DataFrame([one.content for one in register.of("outcome")])
    early = told[told["asked_at"] != "12 months"].merge(ended, left_on="placement", right_on="ref", suffixes=("", "_p"))
    nhs = early[early["what"].isin(["NHS job", "NHS apprenticeship", "course leading to an NHS role"])]
    started = nhs[nhs["stage"].isin(["started", "completed", "left"])]["placement"].nunique()
    asked = ended[ended["wants_career"].isin(["yes", "no", "unsure"])]
    home = HomeFigures.of(store, store.organisation("DEMO-MH"), dt.date(2026, 11, 26))
    evaluation = Evaluation(register, home, "2025/26")
    whole = evaluation.whole
    assert whole["planned"] == len(mine)
    assert whole["hosted"] == len(hosted)
    assert whole["completed"] == len(ended)
    assert whole["started"] == started
    assert whole["unknown"] == len(ended) - early["placement"].nunique()
    assert (whole["wants"], whole["asked"]) == ((asked["wants_career"] == "yes").sum(), len(asked))
    assert whole["rating"] / whole["rated"] == pytest.approx(asked["rating"].mean())
    ends = evaluation.share("started", "completed").ends
    assert ends == pytest.approx(tuple(map(float, wilson(started, len(ended)))))
    by_partner = hosted.groupby("partner").size()
    shown = {name: counts["hosted"] for name, counts, *_ in evaluation.groups["Partner"]}
    assert shown == {register.names[str(ref)]: count for ref, count in by_partner.items()}
    work = hosted[hosted["programme"] != "Volunteering"]
    (view,) = [one for one in fed_views(home) if one.name == "Work experience placements a year"]
    assert (view.latest, view.status) == (("68", "2025/26"), "on course")
    assert len(work) == 68


@pytest.mark.usefixtures("known_day")
def test_for_partners_nothing_but_the_evaluation_is_shown(store: Store) -> None:
    page = opened(store, "&audience=published&tab=register")
    text = BeautifulSoup(page.element, "html.parser").get_text(" ", strip=True)
    assert "From planned to started" in text
    for hidden in ("Add a placement", "P-0001", "Follow-ups", "95% interval", "What next year's intake"):
        assert hidden not in text
    counts = page.evaluation.whole
    assert counts.pop("early") == 0, "everybody's six months are over"
    assert all(np.isnan(one) or (one > 7 and one % 5 == 0) for one in counts.values())


def test_what_others_save_is_shown_and_told(store: Store) -> None:
    page, other = opened(store), opened(store)
    values = {"programme": "Work experience", "stage": "planned", "starts": "11/01/2027"}
    do(other, "save", by="Sorrel Example", kind="placement", form="add-placement", values=values)
    page._watch.look()
    assert page.top.said == "Sorrel Example saved: P-0401"
    assert "401 on record" in page.element


def test_the_lists_feed_the_plan_s_measures(store: Store) -> None:
    """A policy in force shows that the programme is in place, on every page, without being typed into the plan."""
    day = dt.date(2026, 11, 26)
    trust = store.organisation("DEMO-AC")
    document = {"title": "Directory of ambassadors", "status": "in force", "approved_on": "2026-10-14"}
    document |= {"approved_by": "Forum", "link": "intranet", "shows": "ambassador-directory"}
    event = {"title": "Celebration of learners", "on": "2026-10", "held": "2026-10-09", "shows": "celebration"}
    at = dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC)

    def statuses() -> list[str]:
        rows = HomeFigures.of(store, trust, day).rows
        return [str(one.status.word) for key in keys for one in rows if one.key and one.key[0] == key]

    keys = ("ambassador-directory", "celebration")
    seen, plan = [statuses()], store.latest_plan(trust.code)
    for kind, content in (("policy", {**document, "status": "draft"}), ("policy", document), ("recognition", event)):
        store.programme.add(trust.code, kind, [content], by="Rowan Placeholder", at=at)
        seen.append(statuses())
    none, there = "date missing", "in place"
    assert seen == [[none, none], [none, none], [there, none], [there, there]]
    assert store.latest_plan(trust.code) == plan, "the plan is as it was agreed"


def test_nothing_can_be_entered_where_the_page_is_for_everybody(store: Store) -> None:
    page = opened(store, "&audience=published")
    do(page, "save", kind="partner", form="add-partner", values={"name": "Another college"})
    do(page, "purge")
    assert len(store.programme.register("DEMO-MH").of("placement")) == 400
    assert "Another college" not in store.programme.register("DEMO-MH").known["partner"].values()


def test_what_looks_like_a_slip_is_asked_about_and_kept(store: Store) -> None:
    page = opened(store)
    typed = {"programme": "Work experence", "stage": "planned", "starts": "11/01/2027"}
    do(page, "save", kind="placement", form="add-placement", values=typed)
    (new,) = page.register.of("placement")[-1:]
    assert page.top.said == f"Added: placement {new.ref}"
    asked = "'Work experence' is new under Programme. Did you mean Work experience ?"
    assert form_of(page, "add-placement").startswith(f"{new.ref} is saved. Please check: {asked}")
    do(page, "open", record=new.ref, key="programme", meant="Work experience")
    assert value_of(page, f"open-{new.ref}", "programme") == "Work experience"
    do(page, "save", kind="placement", form="add-placement", values=typed)
    assert f"The same is on record as {new.ref}. Is this somebody else?" in form_of(page, "add-placement")


def test_a_correction_that_takes_an_outcome_out_of_the_evaluation_says_so_there_too(store: Store) -> None:
    page = opened(store, "&tab=evaluation")
    told = page.register.outcomes["placement"]
    mine = page.register.placements.loc[told.unique()]
    ref = str(mine[(mine["stage"] == "completed") & (mine["year"] == page.evaluation.year)].index[0])
    before = page.evaluation
    assert ref not in before.not_counted
    texts = {key: page.text(page.register.history(ref)[-1], key) for key in record_kind("placement").fields}
    values = {**texts, "stage": "left"}
    do(page, "open", record=ref)
    do(page, "save", kind="placement", form=f"open-{ref}", record=ref, values=values)
    asked = f"{ref} is on record as left, not as completed: what became of them is kept, and is not among the outcomes"
    assert asked in form_of(page, f"open-{ref}")
    after = page.evaluation
    assert [*after.not_counted] == sorted([*before.not_counted, ref])
    assert after.whole["completed"] == before.whole["completed"] - 1
    assert "because their placement is not on record as completed:" in page.element
    entered = {"placement": ref, "asked_at": "12 months", "on": "26/11/2026", "what": "other work"}
    do(page, "save", kind="outcome", form=f"add-outcome-{ref}", values=entered)
    assert asked in form_of(page, f"add-outcome-{ref}")
    public = opened(store, "&audience=published&tab=evaluation")
    assert public.evaluation.not_counted == []


def test_a_course_that_nobody_was_on_is_asked_about_and_not_counted_as_run(store: Store) -> None:
    page = opened(store, "&tab=register")
    typed = {"name": "The course that fell through", "programme": "Pre-employment course", "starts": "October 2025"}
    do(page, "save", kind="course", form="add-course", values=typed)
    (ref,) = page.refs
    why = "Nobody is on record as having been on it, so it does not count as a course that was run."
    assert why in form_of(page, "add-course")
    assert "The course that fell through" in page.element
    assert "nobody yet: not counted as run" in page.element
    later = {**typed, "name": "The next one", "starts": "June 2027"}
    assert why not in do(page, "save", kind="course", form="add-course", values=later)
    counted = dict(FEEDS["pre-employment courses"](Fed(page.register)))
    do(page, "save", kind="course", form=f"open-{ref}", record=ref, values={**typed, "trainees": "6"})
    assert ref in page.hosted_by_course(page.register)
    assert dict(FEEDS["pre-employment courses"](Fed(page.register)))["2025/26"] == counted["2025/26"] + 1


def test_ambassadors_counts_stand_beside_the_measures_that_the_record_feeds(store: Store) -> None:
    page = opened(store, "&tab=people")
    trained, active = (dict(FEEDS[f"ambassadors {one}"](Fed(page.register))) for one in ("trained", "active"))
    year = max(trained)
    said = f"Ambassadors trained: {trained[year]:.0f} in {year}; active in an activity: {active[year]:.0f} in {year}."
    assert said in page.element
    assert "The plan has a number of them in an action: Recruit and train 30 staff" in page.element


def test_the_share_that_the_intake_rests_on_says_of_whom_it_is(store: Store) -> None:
    page = opened(store, "&tab=evaluation&cohort=2024/25")
    intake = page.evaluation.intake
    assert intake is not None
    each = " and ".join(f"{count} in {year}" for year, count in intake.hosted.items())
    assert intake.hosted["2025/26"] == 68, "as the plan's measure has it"
    assert f"people hosted in the years that are over ({each}; volunteers not counted" in page.element
    assert sum(intake.hosted.values()) == intake.share.counted[1]
    assert "Before anything was counted" not in page.element


def test_the_page_for_partners_says_of_which_programmes_it_is_and_why_its_groups_differ(store: Store) -> None:
    text = opened(store, "&audience=published&cohort=2025/26").element
    assert "Placements that began in 2025/26: all programmes." in text
    assert "Each count is rounded to the nearest 5 by itself" in text


def test_a_reflection_is_of_a_quarter_of_a_financial_year(store: Store) -> None:
    page = opened(store, "&tab=reflection")
    form = BeautifulSoup(page.element, "html.parser").select_one("form[data-form=add-reflection] select[name=quarter]")
    assert form is not None
    now = Month.of(today()).quarter
    assert [one.text for one in form.select("option")][1:3] == [now.label, (now + -1).label]
    text = do(page, "save", kind="reflection", form="add-reflection", values={"quarter": "Autumn", "did": "Much."})
    assert f"Choose a quarter of a financial year, such as {now.label}." in text
    do(page, "save", kind="reflection", form="add-reflection", values={"quarter": now.label, "did": "Much."})
    assert page.register.of("reflection")[-1].content["quarter"] == now.label


def test_pasted_rows_that_make_one_ask_are_named(store: Store) -> None:
    page = opened(store)
    rows = ["Starts\tProgramme", *["2027-01-11\tWork experence"] * 2, "2027-01-18\tWork experence", "soon\tVolunteerng"]
    do(page, "paste", values={"pasted": "\n".join(rows)})
    assert "Row 2, row 3, row 4: 'Work experence' is new under Programme. Did you mean" in form_of(page, "paste")
    assert "Row 5: 'Volunteerng' is new under Programme. Did you mean" in form_of(page, "paste")
    assert "Row 3: The same stands twice among these. Is this somebody else?" in form_of(page, "paste")
    do(page, "take")
    assert page.pasted is not None
    assert [(one.column, one.found) for one in page.pasted.problems] == [("Starts", "soon")], (
        "the heading stays with it"
    )


def test_a_booking_into_a_full_week_and_one_that_has_begun_are_asked_about(store: Store) -> None:
    page = opened(store)
    name, places = next((name, free) for name, free in page.register.free_places().items() if free[0][1])
    monday = page.register.coming_weeks[-1]
    typed = {"programme": "Work experience", "stage": "planned", "setting": page.register.names[name]}
    typed |= {"starts": monday.isoformat(), "days": "5"}
    for number in range(places[-1][0] + 1):
        do(page, "save", kind="placement", form="add-placement", values={**typed, "own": f"Y{number}"})
    full = f"{typed['setting']} is full in the week from {Day(monday).label}."
    assert full in form_of(page, "add-placement")
    ref = page.register.of("placement")[-1].ref
    again = {**typed, "own": "Y", "days": "4"}
    do(page, "save", kind="placement", form=f"open-{ref}", record=ref, values=again)
    assert full not in form_of(page, f"open-{ref}"), "it was booked before"
    begun = page.register.day - dt.timedelta(days=3)
    do(page, "save", kind="placement", form="add-placement", values={**typed, "starts": begun.isoformat()})
    asked = f"It began on {Day(begun).label}. Was it hosted?"
    assert asked in form_of(page, "add-placement")


def test_what_is_refused_in_one_form_stands_in_no_other(store: Store) -> None:
    page = opened(store)
    do(page, "open", record="P-0001")
    refused = {"placement": "P-0001", "asked_at": "", "on": "1 May 2026", "what": "", "stage": "", "words": ""}
    do(page, "save", kind="outcome", form="add-outcome-P-0001", values=refused)
    (mine,) = [one for one in page.register.of("placement") if one.ref == "P-0001"]
    for form, stage in (("add-placement", "planned"), ("open-P-0001", mine.content["stage"])):
        assert value_of(page, form, "stage") == stage


def test_what_cannot_be_so_is_refused_at_its_field(store: Store) -> None:
    page = opened(store)
    ahead = (today() + dt.timedelta(days=9)).isoformat()
    values = {"programme": "Work experience", "stage": "completed", "starts": ahead}
    text = do(page, "save", kind="placement", form="add-placement", values=values)
    assert "so nobody was hosted yet." in text
    text = do(page, "paste", values={"pasted": f"Programme\tStarts\tStage\nWork experience\t{ahead}\thosted"})
    assert "1 row read, 0 ready, 1 to correct" in text
    assert "so nobody was hosted yet." in text


def test_a_person_is_found_by_a_reference_of_ones_own_and_a_follow_up_opens_filled_in(store: Store) -> None:
    page = opened(store)
    typed = {"programme": "Work experience", "stage": "planned", "starts": "11/01/2027", "own": "Y12/7"}
    do(page, "save", kind="placement", form="add-placement", values=typed)
    ref = page.register.of("placement")[-1].ref
    assert f"Placement {ref}" in do(page, "open", form="find", values={"number": "y12/7"})
    due = page.register.follow_ups["overdue"][0]
    do(page, "open", record=due.placement.ref, asked=due.asked_at)
    form = f"add-outcome-{due.placement.ref}"
    assert value_of(page, form, "asked_at") == due.asked_at
    assert value_of(page, form, "on") == Day(today()).label


def test_the_first_complete_year_is_said_on_the_page(store: Store) -> None:
    page = opened(store, "&tab=evaluation")
    text = do(page, "whole_from", values={"year": "2025/26"})
    assert page.top.said == "The record counts as whole from 2025/26"
    assert "The record counts as complete from 2025/26; earlier years have no figures." in text


def test_where_everybody_is_hidden_the_page_for_partners_says_so(store: Store) -> None:
    home = HomeFigures.of(store, store.organisation("DEMO-MH"), dt.date(2026, 11, 26))
    few = Evaluation(store.programme.register("DEMO-MH"), home, "2025/26", "Pre-employment course", is_public=True)
    words = (
        "About 10 people completed a placement in 2025/26 (Pre-employment course); those who started in the NHS by six "
        "months are too few to be shown"
    )
    assert few.sentence == words


def test_what_one_person_was_called_stands_on_no_page_for_partners_nor_in_the_ready_text(store: Store) -> None:
    page = opened(store)
    typed = {"programme": "Work experience", "stage": "completed", "starts": "05/11/2025", "days": "5"}
    said = {"before": "Jane Smith", "area": "M1 4AB", "target_group": "sister of Jane"}
    asked = "Jane Smith; M1 4AB; Jane"
    do(page, "save", kind="placement", form="add-placement", values={**typed, **said}, asked=asked)
    assert page.top.said == "Added: placement P-0401"
    public = opened(store, "&audience=published&cohort=2025/26")
    inside = opened(store, "&tab=evaluation&cohort=2025/26")
    for words in said.values():
        assert words in inside.element
        assert words not in public.element
    reflection = {"quarter": "January to March 2026", "did": "Jane Brown of ward 4 got a job."}
    do(page, "save", kind="reflection", form="add-reflection", values=reflection, asked="Jane Brown")
    back = BeautifulSoup(opened(store, "&tab=reflection&cohort=2025/26").element, "html.parser")
    ready = back.select_one(".w-draft")
    assert ready is not None
    text = ready.get_text(" ", strip=True)
    assert text.startswith("In 2025/26 we hosted about 70 placements and about 60 volunteers with")
    assert "Two courses ran, and March was our month of campaigns." in text
    assert "Left out, because it may name a person: what was said of January to March 2026" in text
    assert "Jane" not in text


def test_rounded_counts_of_everybody_are_called_nearly_all(store: Store) -> None:
    page = opened(store, "&audience=published&cohort=2025/26")
    whole = {name: (wants.part, wants.whole, wants.of) for name, _, _, wants in page.evaluation.groups["Partner"]}
    assert any(part == of for part, of, _ in whole.values())
    assert all(words.startswith("all or nearly all of") for part, of, words in whole.values() if part == of)
    assert "were not asked or did not say" not in page.element
