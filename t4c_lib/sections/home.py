"""Where an organisation stands and what comes next, in one screen: what the home page is made of, as HTML."""

from collections.abc import Iterator

from t4c_lib.address import Address
from t4c_lib.framework import catalogue
from t4c_lib.html_templates import environment, from_template
from t4c_lib.periods import Day
from t4c_lib.progress import format_representation
from t4c_lib.progress.reminders import WEEKS
from t4c_lib.quantities import count_of
from t4c_lib.sections.home_figures import HomeFigures
from t4c_lib.sections.known_figures import missing_table
from t4c_lib.sections.pledge_and_agreement import what_comes_next
from t4c_lib.sections.section import Fact
from t4c_lib.typed_text import capitalised

FIRST = 4  # of what is due, before the rest is unfolded
TEMPLATE = "sections/home.html.j2"

environment().filters["capitalised"] = capitalised

PARTS = ("gaps", "steps", "due", "all_due", "fixes", "local")


def opening_html(home: HomeFigures, address: Address) -> str:
    """The organisation's name, four facts, and the way to the forum. It waits for no chance of any target."""
    link = address.link("forum") if home.plan else ""
    return from_template(TEMPLATE, "opening", home.organisation.title, tuple(_facts(home)), link)


def parts_html(home: HomeFigures, address: Address) -> dict[str, str]:
    """The page's parts below the opening as HTML, by the names of PARTS; links keep the address that is asked for.

    - `gaps`: the ten intentions as a table with bars: where the plan and the figures have gaps.
    - `steps`: what to do next, each step with a link to where it is done.
    - `due`: what is due next, the overdue first. `all_due`: all of it, folded away; the same list as in reports.
    - `fixes`: what is to fix before the plan can be agreed, by intention, and the measures without a figure.
    - `local`: the local authorities that the organisation serves, and its workforce beside their residents.
    """
    until = Day(home.due_until).label
    due = [(Day(one.due).label, one) for one in home.due[:FIRST]]
    every = what_comes_next(home.plan, home.day, home.record, WEEKS) if len(home.due) > FIRST else None
    compared = [format_representation(one).split("\n") for one in home.local.compared]
    missing = missing_table(home.coverage.missing)
    strands = [
        (strand.name, [one for one in home.gaps if one.intention.strand == strand.key])
        for strand in catalogue().strands
    ]
    shown = (
        (home, strands),
        (tuple(home.next_steps),),
        (due, until, home.plan),
        (every, len(home.due), until),
        (home.to_fix_by_intention, len(home.to_fix), missing, address),
        (home.local, home.plan, compared),
    )
    return {name: from_template(TEMPLATE, name, *given) for name, given in zip(PARTS, shown, strict=True)}


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
        if home.monitored:
            post = f"{home.monitored} monitored without an X. {post}"
        yield Fact(str(home.x_set.done), f"Plan {years}", post, of=f"of {home.x_set.all} X set")
        yield known
        again = f"{len(record.reopened)} re-opened" if record.reopened else "None re-opened"
        yield Fact(str(home.agreed.done), "Agreed by both sides", again, of=f"of {home.agreed.all} rows")
    state = capitalised(str(record.pledge.state)) if record.pledge else "No wording yet"
    since = f" {count_of(home.reopened_since, 'rows')} re-opened since." if home.reopened_since else ""
    said = f"{record.pledge_sentence}{since}"
    yield Fact(state, "Pledge", said if record.pledge else "Nothing to agree or sign so far")


def way_in_html(*, anything_loaded: bool) -> str:
    """What to do where no organisation is chosen, or none is loaded."""
    return from_template(TEMPLATE, "way_in", anything_loaded)
