"""Where an organisation stands and what comes next, in one screen: what the home page is made of, as HTML."""

import pandas as pd

from t4c_lib.address import Address
from t4c_lib.framework import catalogue
from t4c_lib.html_templates import from_template
from t4c_lib.periods import Day, Month
from t4c_lib.progress import format_representation
from t4c_lib.sections.home_figures import HomeFigures
from t4c_lib.sections.known_figures import missing_table
from t4c_lib.typed_text import capitalised

FIRST = 4  # of what is due, before the rest is unfolded
TEMPLATE = "sections/home.html.j2"


PARTS = ("gaps", "steps", "due", "all_due", "fixes", "local")


def opening_html(home: HomeFigures, address: Address) -> str:
    """The organisation's name, four facts, and the way to the forum. It waits for no chance of any target."""
    return from_template(TEMPLATE, "opening", home, address)


def parts_html(home: HomeFigures, address: Address) -> dict[str, str]:
    """The page's parts below the opening as HTML, by the names of PARTS; links keep the address that is asked for.

    - `gaps`: the ten intentions as a table with bars: where the plan and the figures have gaps.
    - `steps`: what to do next, each step with a link to where it is done.
    - `due`: what is due next, the overdue first. `all_due`: all of it, folded away.
    - `fixes`: what is to fix before the plan can be agreed, by intention, and the measures without a figure.
    - `local`: the local authorities that the organisation serves, and its workforce beside their residents.
    """
    until = Day(home.due_until).label
    due = [(Day(one.due).label, one) for one in home.due[:FIRST]]
    lines = [(one.when, one.who, str(one.intention), capitalised(one.what)) for one in home.due]
    every = pd.DataFrame(lines, columns=["Due", "Who", "Intention", "What"]) if len(lines) > FIRST else None
    compared = [format_representation(one).split("\n") for one in home.local.compared]
    missing = missing_table(home.coverage.missing)
    strands = [(one.name, [gap for gap in home.gaps if gap.intention.strand == one.key]) for one in catalogue().strands]
    shown = (
        (home, strands),
        (home, Month.of(home.day).financial_year),
        (due, until, home.plan),
        (every, f"All {len(lines)} up to {until}"),
        (home.to_fix_by_intention, len(home.to_fix), missing, address),
        (home.local, home.plan, compared),
    )
    return {name: from_template(TEMPLATE, name, *given) for name, given in zip(PARTS, shown, strict=True)}


def way_in_html(*, anything_loaded: bool) -> str:
    """What to do where no organisation is chosen, or none is loaded."""
    return from_template(TEMPLATE, "way_in", anything_loaded)
