"""Staff aged 16 to 24: where an organisation stands, and what an X would mean and take."""

import datetime as dt
from collections.abc import Iterable

import pandas as pd

from t4c_lib import progress
from t4c_lib.evidence import Organisation
from t4c_lib.evidence.observations import SUPPORT_STAFF, TRUST_WORKFORCE
from t4c_lib.framework import catalogue
from t4c_lib.periods import FinancialYear, Month, parse_period
from t4c_lib.plan import MeasureRow, Plan, Target
from t4c_lib.quantities import Baseline, count_of, number, percent
from t4c_lib.sections.plan_rows import small_print
from t4c_lib.sections.section import Fact, Section

MEASURE = "young-share"
WHOLE, SUPPORT = TRUST_WORKFORCE, SUPPORT_STAFF


def where_we_stand(observations: pd.DataFrame, organisation: Organisation, as_of: dt.date) -> Section:
    """The latest figures for the whole organisation (the measure) and its support staff beside it, and their age.

    With no figure it says plainly that nothing is known, and what would change that.
    """
    until = Month.ended_by(as_of)
    whole = progress.latest_baseline(observations, MEASURE, WHOLE, as_of=until)
    heading = "Staff aged 16 to 24: where we stand"
    if whole is None:
        return Section(
            heading,
            warning=(
                f"Not known for {organisation.name}: official statistics do not count staff by age for each "
                "organisation. A staff extract from ESR gives it: t4c evidence add FILE"
            ),
        )
    facts = [_fact(whole, "All staff", "the measure of the pledge")]
    support = progress.latest_baseline(observations, MEASURE, SUPPORT, as_of=until)
    if support is not None:
        facts.append(_fact(support, "Support staff", "for comparison"))
    if (earlier := progress.a_year_before(observations, MEASURE, WHOLE, whole)) is not None:
        gap = (whole.value - earlier.value) * 100
        detail = f"all staff, from {percent(earlier.value)} a year before"
        facts.append(Fact(f"{gap:+.1f}".replace("-", "−"), "Percentage points in 12 months", detail))
    period = parse_period(whole.period)
    age = f"Newest figure: {period.label}, {Month.of(period.last_day).ago(as_of)}."
    row = MeasureRow(measure=MEASURE)
    intention = catalogue().intention(row.intention_number)
    place = f"{catalogue().strand(intention.strand).name}: {intention.short}."
    return Section(heading, (place, age, *small_print(row)), tuple(facts))


def _fact(baseline: Baseline, label: str, role: str) -> Fact:
    assert baseline.numerator is not None and baseline.denominator is not None  # noqa: S101, PT018  (a share has both)
    when = parse_period(baseline.period).label
    detail = f"{number(baseline.numerator)} of {count_of(baseline.denominator, 'people')}, {when}; {role}"
    return Fact(percent(baseline.value), label, detail)


def saved_target(plan: Plan | None) -> Target | None:
    """The plan's target for staff aged 16 to 24 of the whole workforce; None while it has none, or there is no plan."""
    targets = plan.targets if plan else ()
    return next((one for one in targets if (one.measure, one.population) == (MEASURE, WHOLE)), None)


SHARE = MeasureRow(measure=MEASURE, population=WHOLE)


def plan_with_rows(
    plan: Plan | None, organisation: Organisation, year: FinancialYear, rows: Iterable[MeasureRow] = (SHARE,)
) -> Plan:
    """The plan with a row for each of these measures; a first plan of one year where there is none."""
    known = plan or Plan(organisation=organisation.code, organisation_name=organisation.name, years=(year,))
    for row in rows:
        if all(row.key != one.key for one in known.measures):
            known = known.with_row(row)
    return known


TARGET = "The target for staff aged 16 to 24"


def what_it_means_and_takes(outcome: progress.TargetOutcome, *before: str) -> Section:
    """The X: goal, heads and joiners set large; then in words, after other sentences, what it is and takes.

    Joiners are those it takes under either reading of "the workforce"; the dates are those of the trajectory, and
    aside stands the reading that the X is most easily mistaken for.
    """
    reading, months = outcome.reading, outcome.months
    left = "in this month" if months < 1 else f"in {months} month{'' if months == 1 else 's'} from now"
    goal = Fact(percent(reading.goal), f"Target for {outcome.due.label}", left)
    facts = [goal, _heads_fact(outcome)]
    if outcome.joiners is not None:
        facts.append(_joiners_fact(outcome.joiners))
    found = (outcome.joiners, outcome.kept_joiners)
    sentences = [*before, f"The share goes {reading.sentence}."]
    sentences += [one.sentence for one in found if one is not None]
    if outcome.no_forecast:
        sentences.append(f"Where it goes from here is not forecast. {outcome.no_forecast}")
    return Section(
        TARGET,
        tuple(sentences),
        tuple(facts),
        table=_stops(outcome.trajectory),
        table_caption="Planned trajectory",
        points=outcome.checkpoint_problems,
        aside=outcome.twin_sentence,
    )


def _stops(trajectory: progress.Trajectory) -> pd.DataFrame:
    """The dates of a trajectory on which a value was agreed."""
    rows = [
        (trajectory.start, trajectory.baseline, "Baseline"),
        *((stop.day, stop.value, "Checkpoint") for stop in trajectory.stops),
        (trajectory.due, trajectory.target, "Target"),
    ]
    return pd.DataFrame(
        [(f"End of {Month.of(day).label}", percent(value), what) for day, value, what in rows],
        columns=["When", "Planned", "What it is"],
    )


def _heads_fact(outcome: progress.TargetOutcome) -> Fact:
    heads, today, label = outcome.reading.heads, outcome.today, "In people"
    if heads is None or today is None or today.denominator is None:
        return Fact("Not known", label, "the number of staff behind the figure is not known")
    of_whom = f"of today's {count_of(today.denominator, 'people')}"
    if heads <= 0 if outcome.trajectory.is_rising else heads >= 0:
        return Fact("No more", label, f"{number(today.numerator or 0)} {of_whom} are aged 16 to 24 already")
    more = "more" if outcome.trajectory.is_rising else "fewer"
    return Fact(f"{number(abs(heads))} {more}", label, f"than now, {of_whom}")


def _joiners_fact(joiners: progress.JoinersNeeded) -> Fact:
    label = "Joiners aged 16 to 24 needed"
    target, today = joiners.need.target, f"today it is {number(joiners.today)} a year"
    if joiners.is_met:
        then = target.format_value(joiners.need.outcome)
        return Fact("No more", label, f"if nothing changes it is {then} then; {today}")
    if joiners.a_year is None:
        return Fact("Out of reach", label, f"{joiners.text}; {today}")
    a_year, a_month = joiners.text.split(" (", 1)
    return Fact(a_year, label, f"({a_month} into support roles; {today}")


def what_it_rests_on(start: progress.StartingState) -> Section:
    """The numbers the answers start from, and which of them are national figures for want of local ones."""
    table = pd.DataFrame(
        {
            "Number": [one.label for one in start.numbers],
            "Value": [one.text for one in start.numbers],
            "Where it comes from": [one.source for one in start.numbers],
        }
    )
    names = "; ".join(f"{part.label[0].lower()}{part.label[1:]}" for part in start.defaults)
    some = f"{len(start.defaults)} of {len(start.numbers)} numbers"
    warning = f"{some} are stand-ins for figures not counted here: {names}." if start.defaults else ""
    sentence = (
        "Worked out month by month: people leave, some turn 25, learn or move up, others join. Everything goes on as "
        "it is unless a target asks for more joiners. The figures are expected values, with about an even chance of "
        "more or less."
    )
    return Section(
        "What this rests on",
        (sentence,),
        table=table,
        table_caption=f"Starting point, {start.month.label}",
        warning=warning,
        level=3,
    )
