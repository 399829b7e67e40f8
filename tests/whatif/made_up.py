"""A made-up trust for tests of the what-if engine, livelier than real ones so that every flow is seen; strategies."""

from __future__ import annotations

from hypothesis import strategies as st

from t4c_lib.whatif import LEVERS, LeverSetting, Rates, WorkforceState
from tests.whatif.pipeline_making import EXAMPLE

# Everything moves faster than in the example, so that a slip shows within few copies of the trust.
CHANCES: dict[str, float] = {
    **{name: float(value) for name, value in EXAMPLE.items()},
    "leavers-support-under-25": 0.30,
    "leavers-support-25-and-over": 0.12,
    "leavers-rest-under-25": 0.20,
    "leavers-rest-25-and-over": 0.09,
    "ageing-out": 1 / 70,
    "ageing-out-rest": 0.03,
    "joiners-qualified": 0.45,
    "apprentice-vacancy-young-share": 0.6,
    "apprenticeship-months": 14,
    "pathway-months": 24,
    "pathway-retention": 0.85,
    "work-experience-into-nhs-job": 0.25,
    "ambassador-contact-into-nhs-job": 0.004,
    "placement-months-to-start": 9,
    "ambassador-months-to-start": 5,
}
PEOPLE = {
    "apprentices_young_none": 40,
    "apprentices_young_level_2": 15,
    "pathway_young": 12,
    "support_young_none": 150,
    "support_young_level_2": 60,
    "support_young_level_3": 40,
    "registered_young": 5,
    "rest_young": 90,
    "apprentices_older_none": 35,
    "apprentices_older_level_2": 25,
    "pathway_older": 50,
    "support_older_none": 700,
    "support_older_level_2": 450,
    "support_older_level_3": 420,
    "registered_older": 40,
    "rest_older": 1200,
}
FLOWS: dict[str, float] = {
    "join_support_young": 9.0,
    "join_support_older": 14.5,
    "join_rest_young": 3.0,
    "join_rest_older": 8.5,
    "apprenticeship_starts": 3.2,
    "pathway_starts": 2.1,
    "apprentice_joiner_share": 0.1,
    "placements": 100,
    "pre_employment_courses": 2,
    "ambassadors": 30,
}

TRUST = WorkforceState(**PEOPLE, **FLOWS)
RATES = Rates(CHANCES)
CLOSURES = ("additive", "constant establishment")

closures = st.sampled_from(CLOSURES)
people = st.one_of(st.just(0.0), st.floats(min_value=0.5, max_value=5_000))
yearly = st.floats(min_value=0.0, max_value=0.9)
shares = st.floats(min_value=0.0, max_value=1.0)
months = st.integers(min_value=1, max_value=40)


@st.composite
def states(draw: st.DrawFn, *, learning_starts: bool = True) -> WorkforceState:
    """Any trust; without `learning_starts` nobody in post starts an apprenticeship or a pathway."""
    values = {name: draw(people) for name in PEOPLE}
    values |= {name: draw(st.floats(0, 60)) for name in FLOWS if name.startswith("join")}
    values["apprentice_joiner_share"] = draw(shares)
    values |= {name: draw(st.floats(0, 300)) for name in ("placements", "pre_employment_courses", "ambassadors")}
    if learning_starts:
        values |= {name: draw(st.floats(0, 40)) for name in ("apprenticeship_starts", "pathway_starts")}
    return WorkforceState(**values)


@st.composite
def rates(draw: st.DrawFn) -> Rates:
    """Any assumptions that steer people; the others as in CHANCES."""
    values: dict[str, float] = dict(CHANCES)
    for name in values:
        if name.startswith("leavers"):
            values[name] = draw(yearly)
        elif name.startswith("ageing"):
            values[name] = draw(st.floats(0, 0.2))
        elif name in {"apprenticeship-months", "pathway-months"}:
            values[name] = draw(months)
        elif name.endswith("months-to-start"):
            values[name] = draw(st.integers(0, 30))
        elif name in SHARES:
            values[name] = draw(shares)
    return Rates(values)


SHARES = (
    "joiners-qualified",
    "qualified-at-level-3",
    "apprentice-vacancy-young-share",
    "apprenticeship-achievement",
    "pathway-completion",
    "pathway-retention",
    "early-leaver-share",
    "work-experience-into-nhs-job",
    "pre-employment-into-our-job",
    "ambassador-contact-into-nhs-job",
    "feeder-young-share",
)


@st.composite
def settings(draw: st.DrawFn, names: tuple[str, ...] = tuple(LEVERS)) -> tuple[LeverSetting, ...]:
    """Any settings of any of the levers."""
    chosen = draw(st.lists(st.sampled_from(names), unique=True, max_size=5))
    return tuple(
        LeverSetting(
            name,
            draw(st.floats(LEVERS[name].low, LEVERS[name].high)),
            draw(st.integers(1, 30)),
            draw(st.integers(0, 24)),
        )
        for name in chosen
    )
