"""A made-up trust and assumptions to test the engine with. The figures are examples, not estimates."""

from __future__ import annotations

from t4c_lib.whatif import Projection, Rates, WorkforceState
from t4c_lib.whatif.measures_and_costs import Costs
from t4c_lib.whatif.rates import Value

EXAMPLE: dict[str, Value] = {
    "leavers-support-under-25": 0.236,
    "leavers-support-25-and-over": 0.098,
    "leavers-rest-under-25": 0.17,
    "leavers-rest-25-and-over": 0.1,
    "ageing-out": 0.0125,
    "ageing-out-rest": 0.022,
    "joiners-qualified": 0.5,
    "qualified-at-level-3": 0.4,
    "apprentice-vacancy-young-share": 0.55,
    "apprenticeship-months": 15,
    "apprenticeship-achievement": 0.6,
    "apprenticeship-release": 6,
    "pathway-months": 36,
    "pathway-completion": 0.8,
    "pathway-retention": 0.9,
    "pathway-release": 10,
    "work-experience-into-nhs-job": 0.03,
    "pre-employment-into-our-job": 0.35,
    "pre-employment-course-places": 12,
    "ambassador-contacts": 80,
    "ambassador-contact-into-nhs-job": 0.002,
    "feeder-young-share": 0.9,
    "placement-months-to-start": 12,
    "pre-employment-months-to-start": 2,
    "ambassador-months-to-start": 9,
    "care-starter-share": 0.65,
    "care-certificate-in-time": 0.5465661415535328,
    "early-leaver-share": 0.25,
    "leavers-against-last-year": 1,
    "joiners-support": 1,
    "joiners-support-under-25": 1,
    "joiners-rest": 1,
    "joiners-rest-under-25": 1,
    "moves-into-registered": 1,
    "pathway-starts": 1,
    "care-certificate-spread": 0.35,
    "care-certificate-waiting": 0.35,
    "appraisal-received-assistants": 0.836,
    "appraisal-hours": 3,
    "placement-supervision": 10,
    "pre-employment-supervision": 20,
    "ambassador-hours": 12,
    "assessor-hours": 10,
    "release-allowance": 0.03,
    "contracted-hours": 32,
    "backfill-cost": 18,
    "pre-employment-course-cost": 8000,
    "apprenticeship-cost": 500,
    "pathway-cost": 3000,
    "young-joiner-cost": 500,
    "retention-cost": 1500,
}

TRUST = WorkforceState(
    apprentices_young_none=30,
    apprentices_young_level_2=12,
    pathway_young=3,
    support_young_none=60,
    support_young_level_2=50,
    support_young_level_3=19,
    registered_young=1,
    rest_young=210,
    apprentices_older_none=25,
    apprentices_older_level_2=20,
    pathway_older=27,
    support_older_none=1100,
    support_older_level_2=1000,
    support_older_level_3=704,
    registered_older=9,
    rest_older=4100,
    join_support_young=6,
    join_support_older=22,
    join_rest_young=7,
    join_rest_older=33,
    apprenticeship_starts=2.5,
    pathway_starts=1,
    apprentice_joiner_share=0.08,
    placements=150,
    pre_employment_courses=4,
    ambassadors=20,
)


def rates(**changed: Value) -> Rates:
    """The example assumptions with some changed; write "ageing_out" for "ageing-out"."""
    return Rates({**EXAMPLE, **{name.replace("_", "-"): value for name, value in changed.items()}})


def two_stock_rates(leave_young: Value, leave_older: Value, age_out: Value) -> Rates:
    """Assumptions under which nobody learns and no joiner is qualified; chances a month."""
    return rates(
        leavers_support_under_25=leave_young * 12,
        leavers_support_25_and_over=leave_older * 12,
        ageing_out=age_out,
        joiners_qualified=0.0,
    )


def costs_over(run: Projection, nothing: Projection) -> Costs:
    """What a run takes more than another."""
    mine, theirs = run.costs, nothing.costs
    return Costs(
        {name: mine.hours[name] - theirs.hours[name] for name in mine.hours},
        {name: mine.pounds[name] - theirs.pounds[name] for name in mine.pounds},
    )
