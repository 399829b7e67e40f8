"""The second source as a programme lead would have entered it: the page says what she said, and no more.

L. Faulkner, "Reflecting on a job well done", NHS Employers, 22 March 2016. Her trust is not among the demonstrations;
it stands here under a code of no trust.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from t4c_lib.address import Address
from t4c_lib.evidence import Loaded, Organisation, SourceFile
from t4c_lib.evidence.observation_frames import no_observations
from t4c_lib.panels.frame import Frame
from t4c_lib.panels.work_experience import WorkExperience
from t4c_lib.programme.evaluation import Tally, tally_of
from t4c_lib.programme.feeds import fed_figures
from t4c_lib.programme.register import Register
from t4c_lib.sections.home import HomeFigures
from t4c_lib.sections.programme import Evaluation, blog_draft, year_events
from t4c_lib.store import Store

from .programme_making import add

CODE = "ZZ1"
WRITTEN = dt.date(2016, 3, 22)
COURSE = "Pre-employment placements, spring 2016"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Her programme on the day on which she wrote."""
    store = Store.open(tmp_path_factory.mktemp("story") / "store.sqlite")
    source = SourceFile("story", "0" * 64, "story", 1, 0, None, "")
    store.add_evidence([Loaded(source, (Organisation(CODE, "A trust of a story"),), no_observations())])
    partners = ("Worcestershire Acute NHS Trust", "NHS organisation"), ("The Prince's Trust", "charity")
    add(store, "partner", *({"name": name, "type": kind} for name, kind in partners), code=CODE)
    places = "community hospitals; minor injuries; a respite unit for people with learning disabilities"
    said = "all trainees stated that they wanted to go on to a career in healthcare"
    course = {"name": COURSE, "programme": "Pre-employment course", "starts": "March 2016", "places": "7"}
    partners_named = "Worcestershire Acute NHS Trust; the Prince's Trust"
    add(store, "course", {**course, "partners": partners_named, "settings": places, "feedback": said}, code=CODE)
    hosted = {"programme": "Pre-employment course", "stage": "hosted", "starts": "01/03/2016", "course": COURSE}
    add(store, "placement", hosted, hosted, hosted, code=CODE)
    end = {"asked_at": "the end", "on": "22/03/2016"}
    one = {**end, "placement": "P-0001", "what": "NHS volunteering", "stage": "interested"}
    other = {**end, "placement": "P-0002", "what": "NHS job", "stage": "decided to apply"}
    add(store, "outcome", one, {**other, "words": "a six month paid placement with the Care Certificate"}, code=CODE)
    policy = {"title": "Work experience policy", "status": "under review", "review": "March 2016"}
    (ref,) = add(store, "policy", policy, code=CODE)
    content = store.programme.register(CODE).of("policy")[0].content
    store.programme.correct(CODE, ref, {**content, "review": "2016-06"}, by="the lead")
    campaign = {"title": "Talent for Care month", "month": "March 2016", "activities": "#NHSwhereIstarted"}
    add(store, "campaign", {**campaign, "pages": "work experience pages, internet and intranet"}, code=CODE)
    award = {"title": "Apprenticeship awards", "by": "Health Education England, regional", "on": "February 2016"}
    add(store, "recognition", {**award, "result": "highly commended", "categories": "2"}, code=CODE)
    return store


@pytest.fixture(scope="module")
def evaluation(told: Store) -> Evaluation:
    home = HomeFigures.of(told, told.organisation(CODE), dt.date(2016, 4, 30))
    return Evaluation(told.programme.register(CODE), home, "2015/16")


@pytest.mark.unit
def test_three_were_hosted_of_seven_in_the_programme(told: Store, evaluation: Evaluation) -> None:
    whole = Tally.of(tally_of(told.programme.register(CODE)), ["2015/16"]).whole
    assert (whole["hosted"], whole["completed"], whole["started"]) == (3, 0, 0)
    ((course, hosted),) = evaluation.courses
    assert (course.content["name"], hosted, course.content["places"]) == (COURSE, 3, 7)


@pytest.mark.unit
def test_feedback_without_a_number_has_no_share_and_no_interval(evaluation: Evaluation) -> None:
    assert evaluation.share("wants", "asked").text == ""
    assert evaluation.share("started", "completed").ends is None
    assert evaluation.sentence == ("3 placements were hosted in 2015/16; nobody is on record as having completed one")


@pytest.mark.unit
def test_the_two_outcomes_stand_at_their_stages(told: Store) -> None:
    told_of = told.programme.register(CODE).of("outcome")
    assert [(one.content["what"], one.content["stage"]) for one in told_of] == [
        ("NHS volunteering", "interested"),
        ("NHS job", "decided to apply"),
    ]


@pytest.mark.unit
def test_the_policy_was_put_back_once_to_june(told: Store) -> None:
    page = WorkExperience(Frame("work_experience", told, Address.from_query(f"organisation={CODE}&tab=policies")))
    assert "Review overdue since June 2016, put back once" in page.markup()


@pytest.mark.unit
def test_no_measure_gets_a_figure_from_a_single_month(told: Store) -> None:
    assert not len(fed_figures(told.programme.register(CODE), CODE)), "the record of the year is not whole"


@pytest.mark.unit
def test_the_year_and_the_text_say_no_more(told: Store) -> None:
    register = told.programme.register(CODE)
    assert [(str(day), label) for day, label, _ in year_events(register, "2015/16")] == [
        ("2016-02-01", "Award or event"),
        ("2016-03-01", "Campaign"),
        ("2016-03-01", "Course"),
    ]
    words = blog_draft(register, "2015/16")
    assert words.startswith("In 2015/16 we hosted some placements.\n"), "three could be known by the number"
    given = "we were highly commended in 2 categories of Apprenticeship awards, given by Health Education England"
    assert given in words
    assert "In March 2016 we ran a campaign:" in words
    early = blog_draft(Register(register.entries, dt.date(2016, 2, 15)), "2015/16")
    assert "we ran a campaign" not in early, "it is of a month to come"
    assert "Still to come, in March 2016:" in early
    assert "We are to review Work experience policy by June 2016." in early
    assert "We are to review" not in words, "the day is past"
    assert "%" not in words
    assert not any(name in words for name in ("Liz", "Faulkner"))


@pytest.mark.unit
def test_the_page_says_it(told: Store) -> None:
    address = Address.from_query(f"organisation={CODE}&tab=evaluation&cohort=2015/16")
    page = WorkExperience(Frame("work_experience", told, address)).markup()
    text = " ".join(BeautifulSoup(page, "html.parser").get_text(" ", strip=True).split())
    partners = "Worcestershire Acute NHS Trust; the Prince's Trust"
    assert f"3 hosted here of 7 in the whole programme. Partners: {partners}." in text
    assert "Settings offered: community hospitals; minor injuries; a respite unit" in text
    said = "all trainees stated that they wanted to go on to a career in healthcare"
    assert f"{said} (how many said so is not on record)." in text
    assert "want a career in healthcare (" not in text, "no share, and no interval"


@pytest.mark.unit
def test_it_is_no_demonstration(told: Store) -> None:
    assert not told.organisation(CODE).demonstration
    root = Path(__file__).resolve().parents[2]
    shipped = [*(root / "data").rglob("*.py"), *(root / "parameters").rglob("*.yaml")]
    assert not any("Worcestershire" in one.read_text(encoding="utf-8") for one in shipped)
