"""The progress of measures: each against its planned trajectory or with process limits, and all at a glance."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from t4c_lib import charts
from t4c_lib.framework import MeasureKind
from t4c_lib.plan import MeasureRow
from t4c_lib.progress import RowProgress, SpcNote, StatusWord, WhatIf, period_label
from t4c_lib.progress.figures import amount_text
from t4c_lib.progress.spc import Autocorrelation
from t4c_lib.progress.status import EVEN_CHANCE
from t4c_lib.progress.what_if_answers import levers_needed
from t4c_lib.sections.section import Section
from t4c_lib.typed_text import capitalised
from t4c_lib.whatif.target_probability import format_chance

NOT_IN_FORCE = "No assurance icon yet: the target is not due."
GAPS = "A gap in the line is a period whose figure is not shown, because it counts few people."


@dataclass(frozen=True, eq=False)
class Drawable:
    """A measure's figures as charts take them."""

    #: period in words, day, value, low, high and state; of a gap in percentage points, else as they are.
    figures: pd.DataFrame
    scale: charts.Scale  #: how they are written
    measured: str  #: what they are, with their unit
    factor: float = 1.0  #: by what values were multiplied (100 for a gap)


def drawable(progress: RowProgress) -> Drawable:
    """The figures of a measure's row. Raises TypeError for an action, which has none."""
    row = progress.row
    if not isinstance(row, MeasureRow):
        raise TypeError(f"{row.label} has no figures.")
    figures = progress.figures[["day", "value", "low", "high", "state"]].copy()
    periods = zip(progress.figures["period"], progress.figures["months"], strict=True)
    labels = [period_label(period, int(months), row.what.judged_on or 0) for period, months in periods]
    figures.insert(0, "period", labels)
    latest = progress.latest
    whose = row.population if latest is None else latest.population
    proxy = " (a proxy)" if latest is not None and latest.is_proxy else ""
    # Some measures name their population themselves: "Sickness absence of support staff".
    of_whom = f", {whose}{proxy}" if whose and (proxy or whose not in row.wording) else ""
    if row.is_closer:
        figures[["value", "low", "high"]] *= 100
        measured = f"{row.group}: percentage points below the comparison group{of_whom}"
        return Drawable(figures, charts.Scale(is_fraction=False, things="points"), measured, 100.0)
    if row.what.kind is MeasureKind.COUNT:
        scale = charts.Scale(is_fraction=False, things=row.what.unit)
        return Drawable(figures, scale, f"{row.wording}, {row.what.unit}")
    pooled = f"; {row.what.judged_on} months together" if row.what.judged_on else ""
    return Drawable(figures, charts.Scale(), f"{row.wording}{of_whom}, percent{pooled}")


def chart_note(progress: RowProgress) -> str:
    """The small print of a chart: the rules used, what to beware of, why there is no icon, what is not shown."""
    found, shown = progress.signals, progress.spc_note
    if shown is SpcNote.OVERLAPPING:
        words = [str(Autocorrelation.OVERLAPPING)]
    elif found is None:
        words = []
    elif shown is SpcNote.TOO_FEW:
        words = [charts.too_few_points(found.points)]
    elif shown is SpcNote.ROUNDED:
        words = ["No process limits or icons: rounding changes these counts by more than they vary themselves."]
    else:
        is_early = progress.trajectory is not None and found.target is None and progress.row.is_open
        words = [found.note, progress.autocorrelation, NOT_IN_FORCE if is_early else ""]
    if progress.status.facts.has_hidden_figures:
        words.append(GAPS)
    if progress.rounding:
        words.append(f"Counts are rounded: a change of up to {progress.rounding} may be rounding alone.")
    return " ".join(filter(None, words))


def signals_picture(progress: RowProgress, title: str) -> charts.Picture:
    """The XmR chart of a measure; a run chart where there are too few figures or they share months."""
    drawn, found = drawable(progress), progress.signals
    goal = None if progress.trajectory is None else progress.trajectory.target * drawn.factor
    note = chart_note(progress)
    if found is None or progress.spc_note is not SpcNote.SHOWN:
        return charts.run_chart(
            drawn.figures, scale=drawn.scale, measured=drawn.measured, title=title, target=goal, note=note
        )
    points = drawn.figures.assign(
        mean=found.mean * drawn.factor,
        lower=found.lower * drawn.factor,
        upper=found.upper * drawn.factor,
        phase=found.phase,
        special_cause=found.special_cause,
        point_type=found.point_type,
    )
    return charts.control_chart(
        points,
        note=note,
        scale=drawn.scale,
        measured=drawn.measured,
        title=title,
        target=goal,
        variation=progress.variation,
        assurance=progress.assurance,
    )


def measure_picture(progress: RowProgress, expected: pd.DataFrame | None = None) -> charts.Picture:
    """A measure's figures against the planned trajectory; without a target its XmR or run chart."""
    assert progress.latest is not None  # noqa: S101  (asked for where there is a figure)
    title = f"{progress.label}. {_finding(progress)}"
    if progress.trajectory is None:
        return signals_picture(progress, title)
    drawn = drawable(progress)
    return charts.against_trajectory(
        drawn.figures,
        _times(progress.trajectory.corners(), drawn.factor),
        None if expected is None else _times(expected, drawn.factor),
        scale=drawn.scale,
        measured=drawn.measured,
        title=title,
        status=progress.status.text,
        chance=progress.chance,
        variation=progress.variation,
        assurance=progress.assurance,
        note=chart_note(progress),
    )


def _finding(progress: RowProgress) -> str:
    assert progress.latest is not None  # noqa: S101
    now = f"{progress.text_of(progress.latest.value)} in {progress.latest.when}"
    if progress.trajectory is None:
        is_above = progress.status.word is StatusWord.ABOVE_COMPARISON
        return f"{capitalised(now)}: {'no target' if is_above else progress.status.text}"
    goal, word = progress.text_of(progress.trajectory.target), progress.status.text
    low = progress.status.word is StatusWord.MET and (progress.chance or 1.0) < EVEN_CHANCE
    still = f"; chance of still meeting it then {format_chance(progress.chance or 0.0)}" if low else ""
    return f"{capitalised(word)}: {now}, target {goal} by {progress.trajectory.due:%B %Y}{still}"


def _times(table: pd.DataFrame, factor: float) -> pd.DataFrame:
    values = [name for name in table.columns if name not in ("day", "is_checkpoint")]
    return table.assign(**{name: table[name] * factor for name in values})


TARGETS_TAKE = "What the targets take"


def targets_section(rows: Iterable[RowProgress], opened: WhatIf, whole: str = "") -> Section:
    """Every target that the plan's what-if can forecast: its chance, what each lever alone has to be; `whole` first."""
    found = []
    for one in rows:
        if not isinstance(one.row, MeasureRow) or one.row.target is None or one.chance is None:
            continue
        levers = levers_needed(opened, one.row)
        alone = "; ".join(f"{lever.label}: {lever.amount}, {lever.taken.text}" for lever in levers)
        is_expected = one.chance >= EVEN_CHANCE
        without = "none needed, it is expected with the plan" if is_expected else "no single lever is enough"
        target = one.row.target
        goal = f"{amount_text(one.row, target.goal)} by {target.due.label}"
        found.append((one.label, goal, format_chance(one.chance), alone or without))
    if not found:
        return Section(TARGETS_TAKE, ("No target of the plan can be forecast.",))
    sentence = "Each lever alone would be enough as expected, about an even chance. Costs run to the target's date."
    table = pd.DataFrame(found, columns=["Measure", "Target", "Chance with the plan", "Enough by itself"])
    said = tuple(filter(None, (whole, sentence)))
    return Section(TARGETS_TAKE, said, table=table, table_caption="Targets that can be forecast")
