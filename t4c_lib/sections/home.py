"""Where an organisation stands and what comes next, in one screen: what the home page is made of, as HTML."""

import datetime as dt
from collections.abc import Iterator

from t4c_lib.framework import catalogue
from t4c_lib.html_templates import environment, from_template
from t4c_lib.periods import Day
from t4c_lib.plan import grouped
from t4c_lib.progress import format_representation
from t4c_lib.progress.reminders import WEEKS
from t4c_lib.quantities import count_of
from t4c_lib.sections.home_figures import Gaps, HomeFigures
from t4c_lib.sections.known_figures import missing_table
from t4c_lib.sections.pledge_and_agreement import what_comes_next
from t4c_lib.sections.section import Fact
from t4c_lib.typed_text import capitalised

WITH_PLAN = ("Responsible posts", "X set", "Figures in", "Agreed by both", "Needs attention")
WITHOUT_PLAN = ("Figures in", "Newest figure of each measure")
FIRST = 4  # of what is due, before the rest is unfolded
TEMPLATE = "sections/home.html.j2"

environment().filters["capitalised"] = capitalised


def opening_html(home: HomeFigures, forum: str = "") -> str:
    """The organisation's name, four facts, and the way to the forum.

    Args:
        home: what is said.
        forum: the link to the forum page; none if empty.
    """
    return from_template(TEMPLATE, "opening", home.organisation.title, tuple(_facts(home)), forum)


def _facts(home: HomeFigures) -> Iterator[Fact]:
    record, plan = home.record, home.plan
    newest = f"Newest: {home.newest.label}" if home.newest else "No monthly figures yet"
    known = Fact(str(home.figures.done), "Figures", newest, of=f"of {home.figures.all} counted measures")
    if plan is None:
        yield Fact("None yet", "Plan", "Nothing has been set or agreed")
        yield known
    else:
        years = " to ".join(dict.fromkeys((str(plan.years[0]), str(plan.years[-1]))))
        lacking, need = home.without_post, "needs" if home.without_post == 1 else "need"
        post = f"{count_of(lacking, 'rows')} {need} a responsible post"
        post = post if lacking else "Every open row has a responsible post"
        yield Fact(str(home.x_set.done), f"Plan {years}", post, of=f"of {home.x_set.all} X set")
        yield known
        again = f"{len(record.reopened)} re-opened" if record.reopened else "None re-opened"
        yield Fact(str(home.agreed.done), "Agreed by both sides", again, of=f"of {home.agreed.all} rows")
    state = capitalised(str(record.pledge.state)) if record.pledge else "No wording yet"
    yield Fact(state, "Pledge", record.pledge_sentence if record.pledge else "Nothing to agree or sign so far")


def gaps_html(home: HomeFigures) -> str:
    """The ten intentions as a table with bars: where the plan and the figures have gaps."""
    title, columns = ("Gaps in the plan", WITH_PLAN) if home.plan else ("What is known", WITHOUT_PLAN)
    strands = {
        strand.name: [_row(home, one, columns) for one in home.gaps if one.intention in intentions]
        for strand in catalogue().strands
        for intentions in [catalogue().intentions_of(strand.key)]
    }
    return from_template(TEMPLATE, "gaps", title, columns, list(strands.items()))


def _row(home: HomeFigures, one: Gaps, columns: tuple[str, ...]) -> dict[str, object]:
    parts = (one.posts, one.x_set, one.figures, one.agreed) if home.plan else (one.figures,)
    return {
        "intention": one.intention,
        "parts": list(zip(columns, parts, strict=False)),
        "known": None if home.plan else home.known_of(one.intention),
        "attention": one.attention,
    }


def due_html(home: HomeFigures) -> str:
    """What is due next, the overdue first, and the rest unfolded; what to do to begin with where there is no plan."""
    if home.plan is None:
        return steps_html(home)
    rows = [(Day(one.due).label, one) for one in home.due[:FIRST]]
    return from_template(TEMPLATE, "due", rows, _until(home))


def all_due_html(home: HomeFigures) -> str:
    """Everything that is due, folded away; the same list as in reports."""
    if len(home.due) <= FIRST:
        return ""
    section = what_comes_next(home.plan, home.day, home.record, WEEKS)
    return from_template(TEMPLATE, "all_due", section, len(home.due), _until(home))


def _until(home: HomeFigures) -> str:
    return Day(home.day + dt.timedelta(weeks=WEEKS)).label


def steps_html(home: HomeFigures) -> str:
    """What to do next, and what is to fix before the plan can be agreed, with what `t4c plan check` says of each."""
    missing = missing_table(home.coverage.missing)
    return from_template(TEMPLATE, "steps", home.next_steps, len(home.to_fix), grouped(home.to_fix), missing)


def local_html(home: HomeFigures) -> str:
    """The local authorities that the organisation serves, and its workforce beside their residents."""
    details = [format_representation(one).split("\n") for one in home.local.compared]
    return from_template(TEMPLATE, "local", home.local, home.plan, details)


def way_in_html(*, anything_loaded: bool) -> str:
    """What to do where no organisation is chosen, or none is loaded."""
    return from_template(TEMPLATE, "way_in", anything_loaded)
