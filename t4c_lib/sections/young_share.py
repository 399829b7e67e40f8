"""Staff aged 16 to 24: where an organisation stands, and what an X would mean and take."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from t4c_lib.charts import Picture, ShareLines, share_and_target
from t4c_lib.evidence import Organisation
from t4c_lib.evidence.observation import SUPPORT_STAFF, TRUST_WORKFORCE
from t4c_lib.periods import parse_period
from t4c_lib.plan import Plan, Target
from t4c_lib.progress import Outcome, StartingPoint, a_year_before, history, latest_baseline
from t4c_lib.quantities import Baseline, ChangeKind, number, percent
from t4c_lib.sections.section import Fact, Section

MEASURE = "young-share"
WHOLE, SUPPORT = TRUST_WORKFORCE, SUPPORT_STAFF
# How the twin of an X is introduced: the reading it would have had.
TWIN_WORDS = {
    ChangeKind.POINTS: "Read as percentage points,",
    ChangeKind.RELATIVE: "Read as a percentage of today's share,",
    ChangeKind.LEVEL: "Read as the share to reach,",
    ChangeKind.COUNT: "Read as a number of people,",
    ChangeKind.MULTIPLE: "Read as a multiple,",
}
MEASURED = "Share of staff aged 16 to 24, month by month"


def where_we_stand(observations: pd.DataFrame, organisation: Organisation) -> Section:
    """The latest figures for the whole organisation (the measure) and its support staff beside it.

    With no figure it says plainly that nothing is known, and what would change that.
    """
    whole = latest_baseline(observations, MEASURE, WHOLE)
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
    support = latest_baseline(observations, MEASURE, SUPPORT)
    if support is not None:
        facts.append(_fact(support, "Support staff", "beside it, for comparison"))
    earlier = a_year_before(observations, MEASURE, WHOLE, whole)
    if earlier is not None:
        gap = (whole.value - earlier.value) * 100
        detail = f"all staff, from {percent(earlier.value)} a year before"
        facts.append(Fact(f"{gap:+.1f}".replace("-", "−"), "Percentage points in 12 months", detail))
    return Section(heading, facts=tuple(facts))


def _fact(baseline: Baseline, label: str, role: str) -> Fact:
    assert baseline.numerator is not None and baseline.denominator is not None  # noqa: S101, PT018  (a share has both)
    when = parse_period(baseline.period).label
    detail = f"{number(baseline.numerator)} of {number(baseline.denominator)} people, {when}; {role}"
    return Fact(percent(baseline.value), label, detail)


def saved_target(plan: Plan | None) -> Target | None:
    """The plan's target for staff aged 16 to 24 of the whole workforce; None while it has none, or there is no plan."""
    targets = plan.targets if plan else ()
    return next((one for one in targets if (one.measure, one.population) == (MEASURE, WHOLE)), None)


@dataclass(frozen=True)
class ShareHistory:
    """The share of staff aged 16 to 24, month by month: of the whole workforce and of support staff.

    Attributes:
        whole: as `progress.history` gives it; likewise `support`.
    """

    whole: pd.DataFrame
    support: pd.DataFrame

    @classmethod
    def of(cls, observations: pd.DataFrame) -> ShareHistory:
        """That of one organisation."""
        return cls(history(observations, MEASURE, WHOLE), history(observations, MEASURE, SUPPORT))


def share_picture(measured: ShareHistory, outcome: Outcome | None) -> Picture | None:
    """The history, and with an X the drift and the way to the target. None where there is no history."""
    whole, support = measured.whole, measured.support
    if whole["value"].dropna().empty:
        return None
    last = whole.dropna(subset=["value"]).iloc[-1]
    title = f"{percent(last['value'])} of all staff were aged 16 to 24 in {last['month']:%B %Y}"
    if outcome is not None:
        drift = float(outcome.drift["value"].iloc[-1])
        title += (
            f"; if nothing changes it is {percent(drift)} in {outcome.due.label}, the target is "
            f"{percent(outcome.reading.goal)}"
        )
    lines = ShareLines(
        ("All staff", whole[["month", "value"]]),
        ("Support staff", support[["month", "value"]]) if not support.empty else None,
        outcome.drift[["month", "value"]] if outcome else None,
        outcome.way[["month", "value"]] if outcome else None,
    )
    return share_and_target(lines, measured=MEASURED, title=title)


def what_it_means(outcome: Outcome) -> Section:
    """Goal, heads and joiners set large, and the reading that the X is most easily mistaken for."""
    reading, twin = outcome.reading, outcome.twin
    facts = (
        Fact(percent(reading.goal), f"Goal by {outcome.due.label}", f"in {outcome.months} months"),
        Fact(_heads(reading.heads), "In people", "aged 16 to 24, if the workforce stays as large as it is"),
        _joiners_fact(outcome),
    )
    aside = f"{TWIN_WORDS[twin.kind]} the same number would go {twin.sentence}." if twin is not None else ""
    return Section("What this X means", facts=facts, aside=aside, level=3)


def what_it_takes(outcome: Outcome) -> Section:
    """The change in words, and the joiners it takes under either reading of "the workforce"."""
    sentences = (
        f"The share goes {outcome.reading.sentence}.",
        f"If the workforce may grow: {_lower(outcome.joiners.sentence)}",
        f"If it keeps its size: {_lower(outcome.joiner_share.sentence)}",
    )
    return Section("What it would take", sentences, level=3)


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _heads(heads: int | None) -> str:
    if heads is None:
        return "not known"
    return f"{number(abs(heads))} {'more' if heads >= 0 else 'fewer'}"


def _joiners_fact(outcome: Outcome) -> Fact:
    label = "Joiners aged 16 to 24 needed"
    today = f"today it is {number(outcome.joiners_today)} a month"
    if outcome.joiners.heads is None:
        return Fact("Out of reach", label, f"by then, however many join; {today}")
    return Fact(f"{number(outcome.joiners.heads)} a month", label, today)


def what_it_rests_on(start: StartingPoint) -> Section:
    """The numbers the answers start from, and which of them are national figures for want of local ones."""
    table = pd.DataFrame(
        {
            "Number": [part.label for part in start.parts],
            "Value": [part.text for part in start.parts],
            "Where it comes from": [part.source for part in start.parts],
        }
    )
    names = "; ".join(part.label.lower() for part in start.defaults)
    warning = f"National figures stand in, for want of local ones: {names}." if start.defaults else ""
    sentence = (
        "Worked out month by month: people leave, some turn 25, others join. Flows stay as they are unless a target "
        "asks for more joiners. It is an expectation, not a promise: chance alone moves the share a little either way."
    )
    return Section(
        "What this rests on",
        (sentence,),
        table=table,
        table_caption=f"Starting point, {start.month.label}, {start.population}",
        warning=warning,
        level=3,
    )
