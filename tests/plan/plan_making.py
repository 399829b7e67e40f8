"""Plans for tests: drawn at random, and one that hypothesis would not think of."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from t4c_lib.errors import InputError
from t4c_lib.framework import Better, Measure, MeasureKind, catalogue
from t4c_lib.periods import FinancialYear, Month
from t4c_lib.plan import (
    ActionRow,
    Checkpoint,
    Comparison,
    Effect,
    EqualityAssessment,
    Evidence,
    GroupEffect,
    LocalMeasure,
    MeasureRow,
    Plan,
    Review,
    RowState,
    Status,
    Target,
    TimelineRow,
    Way,
    timelines_for,
)
from t4c_lib.plan.plan import LocalAuthority
from t4c_lib.quantities import Baseline, Change, ChangeKind, Unit

AWKWARD = [
    *("no", "12:30", "2026-03-31", "1e5", "~", "a: b", "# x", "- x", "O'Neill", "x\ny", " y", "é", "&a", "0x1f", "%"),
    *("x\n\n", "true", "=", "<<", "? x", "| x", "x #y", "[a]", "{x}", "12,5", "1_000", "\ufeffx", "x\u2028y"),
]
LETTERS = st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from("\n\t")
FILLED = st.sampled_from(AWKWARD) | st.text(LETTERS, min_size=1, max_size=12).map(lambda text: f"{text}." * 2)
TEXTS = st.just("") | FILLED
MONTHS = st.builds(Month, st.integers(2020, 2040), st.integers(1, 12))
DAYS = st.dates(dt.date(2015, 3, 1), dt.date(2040, 12, 31))
YEARS = st.builds(FinancialYear, st.integers(2015, 2040))
PERIODS = st.sampled_from(["2026-03", "2025/26-Q4", "2025/26", "2026-03-31"])
AMOUNTS = st.none() | st.integers(0, 100_000).map(float) | st.floats(0, 1e6)
EVIDENCE = st.builds(Evidence, what=FILLED, date=st.none() | DAYS, link=TEXTS, approved_by=TEXTS)
CHANGES = {
    ChangeKind.LEVEL: st.floats(0, 1),
    ChangeKind.POINTS: st.floats(-1, 1),
    ChangeKind.RELATIVE: st.floats(-1, 1),
    ChangeKind.MULTIPLE: st.floats(0.01, 3),
    ChangeKind.COUNT: st.integers(-100, 1000).map(float),
}


def with_action(plan: Plan, row: ActionRow) -> Plan:
    """The plan with this row in the place of the one of the same key, or at the end."""
    return plan.changed(actions=tuple({**{one.key: one for one in plan.actions}, row.key: row}.values()))


def _alike(draw: st.DrawFn) -> dict[str, Any]:
    """The fields that every row has."""
    return {
        "post": draw(TEXTS),
        "holder": draw(TEXTS),
        "start": draw(st.none() | MONTHS),
        "due": draw(st.none() | MONTHS),
        "status": draw(st.sampled_from(Status)),
        "closed": draw(st.none() | YEARS),
        "evidence": tuple(draw(st.lists(EVIDENCE, max_size=2))),
        "note": draw(TEXTS),
    }


TAGS = st.sampled_from(["wres", "wdes", "edi-2", "people-promise", "own: Care closer to home"])


@st.composite
def actions(draw: st.DrawFn, key: str) -> ActionRow:
    states = [state for state in RowState if state is not RowState.ADDED]
    state = draw(st.sampled_from(states)) if key in {one.key for one in catalogue().actions} else RowState.ADDED
    own = state in (RowState.REWORDED, RowState.ADDED)
    fields = _alike(draw) | {
        "action": key,
        "state": state,
        "intention": draw(st.integers(1, 10)) if state is RowState.ADDED else None,
        "text": draw(FILLED) if own else "",
        "reason": draw(FILLED) if state is RowState.LEFT_OUT else "",
        "cost": draw(AMOUNTS),
        "backfill_hours": draw(AMOUNTS),
        "tags": tuple(draw(st.lists(TAGS, max_size=3, unique=True))),
    }
    row = ActionRow(**fields)
    return row.changed(number=draw(st.none() | st.integers(0, 500))) if row.has_blank else row


def baselines(measure: Measure) -> st.SearchStrategy[Baseline]:
    """Of the unit that the measure has."""
    unit = measure.baseline_unit
    assert unit is not None

    @st.composite
    def one(draw: st.DrawFn) -> Baseline:
        source, period = draw(TEXTS), draw(PERIODS)
        if unit is Unit.COUNT:
            return Baseline.count(draw(st.integers(0, 5000)), draw(FILLED), period=period, source=source.strip())
        of = draw(st.integers(1, 90_000))
        return Baseline.of(draw(st.integers(0, of)), of, unit=unit, period=period, source=source)

    return one()


@st.composite
def changes(draw: st.DrawFn, measure: Measure) -> Change:
    kind = draw(st.sampled_from(measure.changes))
    return Change(kind, draw(CHANGES[kind]))


@st.composite
def checkpoints(draw: st.DrawFn, measure: Measure) -> Checkpoint:
    by_value = draw(st.booleans())
    return Checkpoint(
        due=draw(MONTHS),
        value=draw(st.floats(0, 1)) if by_value else None,
        change=None if by_value else draw(changes(measure)),
    )


@st.composite
def measures(draw: st.DrawFn, key: str) -> MeasureRow:
    known = {one.key: one for one in catalogue().measures}
    definition = None if key in known else draw(st.sampled_from(OWN_MEASURES))
    what = known[key] if definition is None else definition.measure(key)
    state = draw(st.sampled_from([one for one in RowState if one is not RowState.ADDED]))
    closer, amount = what.better is Better.CLOSER, what.baseline_unit is not None
    share = st.floats(0, 1).map(lambda value: round(value, 4))
    fields = _alike(draw) | {
        "measure": key,
        "definition": definition,
        "state": RowState.ADDED if definition else state,
        "name": draw(FILLED) if definition is None and state is RowState.REWORDED else "",
        "reason": draw(FILLED) if definition is None and state is RowState.LEFT_OUT else "",
        "group": draw(TEXTS) if closer else "",
        "comparison": draw(st.none() | st.builds(Comparison, share=share, source=TEXTS)) if closer else None,
        "baseline": draw(st.none() | baselines(what)) if amount else None,
        "change": draw(st.none() | changes(what)) if amount else None,
        "way": draw(st.none() | st.sampled_from(Way)) if amount else None,
        "checkpoints": tuple(draw(st.lists(checkpoints(what), max_size=2))) if amount else (),
        "review": draw(
            st.none()
            | st.builds(Review, every=st.none() | st.integers(1, 60), last=st.none() | DAYS, next=st.none() | MONTHS)
        ),
    }
    return MeasureRow(**fields)


OWN_MEASURES = [
    LocalMeasure(intention=8, name="Bursaries taken up", kind=MeasureKind.COUNT, unit="bursaries a year"),
    LocalMeasure(
        intention=4, name="Maths at level 2", kind=MeasureKind.SHARE, numerator="who hold it", denominator="all"
    ),
    LocalMeasure(intention=10, name="A noticeboard", kind=MeasureKind.EVIDENCE),
]
EQUALITY = st.none() | st.builds(
    EqualityAssessment,
    by=TEXTS,
    date=st.none() | DAYS,
    groups=st.lists(
        st.builds(GroupEffect, group=FILLED, effect=st.sampled_from(Effect), evidence=TEXTS, mitigation=TEXTS),
        max_size=3,
        unique_by=lambda one: one.group,
    ).map(tuple),
    note=TEXTS,
)


@st.composite
def timelines(draw: st.DrawFn) -> tuple[TimelineRow, ...]:
    rows = draw(st.lists(st.sampled_from(timelines_for([FinancialYear(2026)])), max_size=3, unique=True))
    return tuple(row.changed(then=draw(TEXTS), starting=draw(st.booleans()), note=draw(TEXTS)) for row in rows)


ACTION_KEYS = [*(one.key for one in catalogue().actions), "own-action", "another-of-ours"]
MEASURE_KEYS = [*(one.key for one in catalogue().measures), "own-measure"]


AUTHORITIES = st.from_regex(r"[EWSN][0-9]{8}", fullmatch=True)
LOCAL_AUTHORITIES = (
    st.lists(AUTHORITIES, max_size=3, unique=True).map(dict.fromkeys)
    | st.dictionaries(AUTHORITIES, st.integers(1, 10**6).map(float) | st.floats(1e-3, 1e6), max_size=3)
).map(lambda weights: tuple(LocalAuthority(code=code, weight=weights[code]) for code in sorted(weights)))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Any plan, with a few rows of each kind."""
    action_keys = draw(st.lists(st.sampled_from(ACTION_KEYS), unique=True, max_size=2))
    measure_keys = draw(st.lists(st.sampled_from(MEASURE_KEYS), unique=True, max_size=3))
    return Plan(
        organisation=draw(st.from_regex(r"[A-Z0-9][A-Z0-9]{0,5}", fullmatch=True)),
        organisation_name=draw(FILLED),
        years=draw(st.sampled_from([(FinancialYear(2026),), (FinancialYear(2026), FinancialYear(2027))])),
        actions=tuple(draw(actions(key)) for key in action_keys),
        measures=tuple(draw(measures(key)) for key in measure_keys),
        timelines=draw(timelines()),
        equality=draw(EQUALITY),
        local_authorities=draw(LOCAL_AUTHORITIES),
    )


def refusal(make: Any, *arguments: Any, **fields: Any) -> str:
    """The message with which something is refused."""
    try:
        make(*arguments, **fields)
    except InputError as error:
        return str(error)
    raise AssertionError("it was not refused")


def with_target(plan: Plan, target: Target) -> Plan:
    """The plan with that baseline, X and date in the row of its measure, all else of the row kept."""
    row = plan.row_of(target.key) or MeasureRow(measure=target.measure, population=target.population)
    return plan.with_row(row.changed(baseline=target.baseline, change=target.change, due=target.due))
