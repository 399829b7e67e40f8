"""The page of the back-test: docs/reference/backtest.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from benchmarks.backtesting import settings as its
from benchmarks.backtesting.judging import (
    COVERED,
    FEWEST,
    MOST_STANDARD_ERRORS,
    SMALL_ERROR,
    Case,
    Judged,
    Measure,
    is_within,
)
from t4c_lib.framework import MeasureKind, catalogue

HEAD = """\
# How well the forecasts have held

Written by `python -m benchmarks.backtest --write`, which takes some minutes: don't edit it here.

Organisations are made by code that shares nothing with the what-if (`benchmarks/backtesting/`): {organisations:,} of
them, a fifth each of {sizes} people. Every other one has single years of age, joiners' qualifications and learners
counted, and the others have not. Their people are followed one by one for six years. They leave by age, by length of
service, by department and by season; posts grow, and vacancies are filled with a delay. The rates of leaving, joining,
learning and all else differ from year to year, which the what-if is not told. By how much is taken from published
figures. As standard deviations from one year to the next:

{spreads}

From 24 and from 12 months before the end the what-if says where each measure will be at the end if nothing is done
beyond today, as it does behind the chance of a target, and it makes no forecast where it would give no chance. A band
of 80% is right when it holds the figure that was counted in 80% of cases. A figure in whole numbers that falls onto the
edge of the band counts in part, as probability falls there; else small numbers would always do well.

These are other organisations than those that were looked at while the model was mended.

**A measure passes** when the band holds {low:.0%} to {high:.0%} of all figures; when the same is true of each size of
organisation, as far as chance allows ({most:g} standard errors); and when the mean error of each size is no more than
{most:g} of its own standard errors away from 0, or smaller than {small:.1%} of the figure. By chance alone, one measure
in twenty would fail. Sizes with fewer than {fewest} organisations are not judged. A measure that does not pass shows no
chance anywhere.
"""


def page(judged: dict[Measure, list[Judged]], passed: Sequence[Measure], own: Iterable[tuple[str, Case]]) -> str:
    """The page.

    Args:
        judged: of each measure, all sizes and then each.
        passed: the measures that pass.
        own: the cases of the demonstration organisations, each with its code.
    """
    organisations = max(rows[0].tried for rows in judged.values())
    head = HEAD.format(
        organisations=organisations, sizes=_listed([f"{size:,}" for size in its.SIZES]), spreads=_spreads(),
        low=COVERED[0], high=COVERED[1], most=MOST_STANDARD_ERRORS, small=SMALL_ERROR, fewest=FEWEST,
    )  # fmt: skip
    parts = [head, *_summary(judged, passed), *_by_size(judged), *_refusals(judged), *_demonstration(own)]
    return "\n".join(parts) + "\n"


def _spreads() -> str:
    rows = (
        ("leaving", its.LEAVING_BETWEEN_YEARS, "of the rate; England alone moved by 8.2%"),
        ("headcount of support staff", 0.03, "on top of 2% a year; so joiners differ by a quarter and more"),
        ("shares of joiners who are young, and qualified", its.JOINERS_BETWEEN_YEARS, "of the odds (judgement)"),
        ("apprenticeships and pathways begun", its.STARTS_BETWEEN_YEARS, "of the number; DfE, 2017/18 to 2021/22"),
        ("appraisals", its.APPRAISAL_BETWEEN_YEARS, "of the odds; NHS Staff Survey, 80% in 2011 and 83% in 2012"),
        ("weeks to the Care Certificate", its.CERTIFICATE_BETWEEN_YEARS, "of the weeks (judgement)"),
    )
    told = [f"- {what}: {spread:.1%} {how}" for what, spread, how in rows]
    return "\n".join(
        [*told, "", "(standard deviations from one year to the next; all sources are in `settings.py` there)"]
    )


def _summary(judged: dict[Measure, list[Judged]], passed: Sequence[Measure]) -> Iterator[str]:
    yield "## By measure\n"
    yield "| Measure | Of whom | Forecasts | None made | Within the band | Below | Above | Passes |"
    yield "|---|---|---:|---:|---:|---:|---:|---|"
    for measure, rows in judged.items():
        every = rows[0]
        shares = [f"{share:.0%}" if every.forecasts else "-" for share in (every.covered, every.below, every.above)]
        yield (
            f"| `{measure[0]}` {catalogue().measure(measure[0]).name} | {measure[1]} | {every.forecasts:,} | "
            f"{every.refusals.total():,} | {' | '.join(shares)} | {'yes' if measure in passed else 'no'} |"
        )
    yield ""


def _by_size(judged: dict[Measure, list[Judged]]) -> Iterator[str]:
    yield "## By size of organisation\n"
    yield (
        "The mean error is what was expected less what was counted, with its standard error in brackets; then over the "
        "mean figure. What lies outside is bold.\n"
    )
    yield "| Measure | People | Forecasts | None made | Within the band | Mean error | of the figure |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for measure, rows in judged.items():
        for row in rows[1:]:
            yield (
                f"| `{measure[0]}`, {measure[1]} | {row.size:,} | {row.forecasts:,} | {row.refusals.total():,} | "
                f"{_figures(row)} |"
            )
    yield ""


def _figures(row: Judged) -> str:
    if not row.is_enough:
        return "too few | |"
    unit = catalogue().measure(row.measure[0]).kind
    covered = f"{row.covered:.0%} ({row.covered_error:.0%})"
    scale, digits = (1, 2) if unit is MeasureKind.COUNT else (100, 2)
    points = "" if unit is MeasureKind.COUNT else " points"
    error = f"{row.error * scale:+.{digits}f}{points} ({row.error_error * scale:.{digits}f})"
    relative = f"{row.error / row.typical:+.1%}" if row.typical else "-"
    return f"{_bold(covered, row.is_covered)} | {_bold(error, row.is_unbiased)} | {relative}"


def _refusals(judged: dict[Measure, list[Judged]]) -> Iterator[str]:
    yield "## Why none was made\n"
    yield "| Measure | Times | Because |"
    yield "|---|---:|---|"
    for measure, rows in judged.items():
        for reason, times in rows[0].reasons.most_common():
            yield f"| `{measure[0]}`, {measure[1]} | {times:,} | {reason} |"
    yield ""


def _demonstration(own: Iterable[tuple[str, Case]]) -> Iterator[str]:
    yield "## The demonstration organisations\n"
    yield (
        "Their own counts, from 24 and from 12 months before the newest. They are made up by other code again "
        "(`data/demo/`).\n"
    )
    yield "| Organisation | Measure | Months ahead | Band of 80% | Counted | |"
    yield "|---|---|---:|---:|---:|---|"
    counts, held = 0, 0
    for code, case in own:
        name = f"`{case.measure[0]}`, {case.measure[1]}"
        if case.refusal:
            yield f"| {code} | {name} | {case.months} | none | | {case.refusal} |"
            continue
        counts, held = counts + 1, held + is_within(case)
        low, high, figure = (_amount(case, value) for value in (case.low, case.high, case.figure))
        where = "within" if is_within(case) else "**outside**"
        yield f"| {code} | {name} | {case.months} | {low} to {high} | {figure} | {where} |"
    yield ""
    if counts:
        yield f"Within the band: {held} of {counts}."


def _amount(case: Case, value: float) -> str:
    is_count = catalogue().measure(case.measure[0]).kind is MeasureKind.COUNT
    return f"{value:,.0f}" if is_count else f"{value:.1%}"


def _bold(text: str, is_right: bool) -> str:
    return text if is_right else f"**{text}**"


def _listed(parts: Sequence[str]) -> str:
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
