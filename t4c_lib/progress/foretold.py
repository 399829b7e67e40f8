"""Which targets the what-if can give a chance, and why it can give none to the others.

A chance is given only where it would be one of the very figure that the partners follow: of the same people, and
started from what was counted here. Else it would be that of another organisation, or of another measure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from t4c_lib.evidence.observation import SUPPORT_STAFF, TRUST_WORKFORCE
from t4c_lib.parameters import Layer, Layered
from t4c_lib.plan import MeasureRow
from t4c_lib.progress.figures import Figure
from t4c_lib.progress.intended import DECIDED
from t4c_lib.progress.interval import byar
from t4c_lib.progress.starting_state import StartingState
from t4c_lib.progress.wording import amount_texts
from t4c_lib.whatif.measures import NOT_COMPUTED

MOST_MONTHS = 120
# A figure that is older than this beside month 0 is one that the organisation may well have left since.
SAME_TIME_DAYS = 92
NEAR_ENOUGH = 0.05  # of a figure that has no interval
# People in a year: from fewer nobody can tell what the years to come are like.
LEAST_EVENTS = 5
EVENTS = ("support-to-registered",)


@dataclass(frozen=True)
class Modelled:
    """What the what-if gives for a measure of some people.

    Attributes:
        outcome: its name there.
        rests_on: the starting number, or the assumption, that must have been counted here.
        label: what that is, for people.
    """

    outcome: str
    rests_on: str
    label: str


_QUALIFIED = "the qualifications of support staff"
MODELLED = {
    ("young-share", TRUST_WORKFORCE): Modelled("young-share", "rest_young", "the age of all staff"),
    ("young-share", SUPPORT_STAFF): Modelled("support_young_share", "support_young", "the age of support staff"),
    ("turnover", SUPPORT_STAFF): Modelled("turnover", "leavers-support-25-and-over", "a year of leavers"),
    ("attainment", SUPPORT_STAFF): Modelled("attainment", "level_2", _QUALIFIED),
    ("support-qualifications", SUPPORT_STAFF): Modelled("support-qualifications", "level_2", _QUALIFIED),
    ("appraisal-received", SUPPORT_STAFF): Modelled(
        "appraisal-received", "appraisal-received-assistants", "the share of support staff with an appraisal"
    ),
    ("certificate-in-12-weeks", "clinical support starters"): Modelled(
        "certificate-in-12-weeks", "care-certificate-weeks", "the weeks to the Care Certificate"
    ),
    ("staff-on-new-pathways", SUPPORT_STAFF): Modelled(
        "staff-on-new-pathways", "pathway", "who is on a registered pathway"
    ),
    ("support-to-registered", SUPPORT_STAFF): Modelled(
        "support-to-registered", "support_to_registered", "who moved into a registered role"
    ),
}
_OTHER_FIGURE = {
    "local-applications": "The what-if knows all applications for support jobs, and not which of them are local.",
    **dict.fromkeys(
        ("nhs-as-career-choice", "young-people-choosing-nhs"),
        "The what-if knows who comes by the organisation's own placements, courses and ambassadors, and not the "
        "choices of a whole area.",
    ),
    **dict.fromkeys(DECIDED, "It is decided outright: the what-if takes it as given, and does not foretell it."),
}


def obstacle(row: MeasureRow, figure: Figure | None, start: StartingState, figures: Layered) -> str:
    """Why a target gets no chance, one sentence; empty if nothing is in the way.

    Args:
        row: of the plan, with its target.
        figure: its newest.
        start: of the what-if.
        figures: the assumptions that it runs with.
    """
    return next(_obstacles(row, figure, start, figures), "")


def _obstacles(row: MeasureRow, figure: Figure | None, start: StartingState, figures: Layered) -> Iterator[str]:
    if row.definition is not None:
        yield "The what-if knows the measures of the framework only."
    if row.measure in NOT_COMPUTED:
        yield NOT_COMPUTED[row.measure]
    if row.measure in _OTHER_FIGURE:
        yield _OTHER_FIGURE[row.measure]
    modelled = MODELLED.get((row.measure, row.population))
    if modelled is None or row.group:
        yield f"The what-if does not follow this measure for {row.group or row.population}."
        return
    months = start.month.months_until(row.target.due) if row.target is not None else 0
    if months < 1:
        yield f"Its date is no later than the newest counts ({start.month.label})."
    if months > MOST_MONTHS:
        yield f"Its date is more than {MOST_MONTHS // 12} years after the newest counts ({start.month.label})."
    if figure is not None and figure.is_proxy:
        yield f"The newest figure is of others ({figure.population}), and the what-if starts from these people."
    if not _is_counted(modelled.rests_on, start, figures):
        yield f"Nobody counted {modelled.label} here, so a national figure would stand in."
    if row.measure in EVENTS and figure is not None and figure.value < LEAST_EVENTS:
        yield f"Fewer than {LEAST_EVENTS} were counted in a year ({figure.when}), too few to foretell from."


def disagreement(row: MeasureRow, figure: Figure | None, start: StartingState, first: float) -> str:
    """Why the figure that the what-if starts from can't be the one that is followed; empty if it can be.

    Args:
        row: of the plan.
        figure: its newest.
        start: of the what-if.
        first: what the what-if has for it in month 0.
    """
    if figure is None or abs((figure.day - start.month.last_day).days) > SAME_TIME_DAYS:
        return ""
    if _is_same(row, first, figure):
        return ""
    starts, counted = amount_texts(row, first, figure.value)
    return f"The what-if would start at {starts}, and {counted} was counted ({figure.when}): not the same figure."


def _is_counted(name: str, start: StartingState, figures: Layered) -> bool:
    """Whether a starting number, or an assumption, is the organisation's own."""
    if name in figures.applied:
        return figures.layer(name) is not Layer.national
    return any(part.name == name and not part.is_default for part in start.parts)


def _is_same(row: MeasureRow, value: float, figure: Figure) -> bool:
    if figure.interval is not None:
        return figure.interval.low <= value <= figure.interval.high
    if row.measure in EVENTS:
        low, high = byar(np.array([figure.value]), np.array([1.0]))
        return bool(low[0] <= value <= high[0])
    return abs(value - figure.value) <= NEAR_ENOUGH * abs(figure.value)
