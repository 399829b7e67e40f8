"""Sickness absence: the published figures of an organisation, with what they are a proxy for."""

from __future__ import annotations

import pandas as pd

from t4c_lib.charts import ControlPoints, Picture, Scale, control_chart, run_chart, too_few
from t4c_lib.evidence import Organisation
from t4c_lib.framework import catalogue
from t4c_lib.periods import parse_period
from t4c_lib.progress import history, standing, xmr
from t4c_lib.quantities import number, percent
from t4c_lib.sections.section import Fact, Section

MEASURE = "sickness"
MEASURED = "FTE days lost to sickness as a share of FTE days available, percent"
_RATES = Scale(decimals=2)


def sickness_section(observations: pd.DataFrame, organisation: Organisation) -> Section:
    """The months known, each with days lost and days available; says whose days they are."""
    now = standing(observations, MEASURE)
    heading = "Sickness absence"
    if now is None:
        return Section(
            heading,
            warning=(
                f"Not known for {organisation.name}: no file with its sickness absence has been added. NHS England "
                "publishes it by organisation and month; a staff extract holds it too."
            ),
        )
    months = history(observations, MEASURE, now.population)
    first, last = months.iloc[0], months.iloc[-1]
    latest = now.baseline
    when = parse_period(latest.period).label
    title = f"Sickness absence was {percent(latest.value, 2)} in {when}"
    sentences = [
        f"{len(months)} months, {first['month']:%B %Y} to {last['month']:%B %Y}. The rate is the FTE days lost "
        "to sickness divided by the FTE days available in the month."
    ]
    asked = catalogue().measure(MEASURE).population
    warning = ""
    if now.is_proxy:
        warning = (
            f"A proxy: these figures are for all staff together. The pledge's measure is about {asked}, whose figures "
            "are not published; a staff extract would give them."
        )
    assert latest.numerator is not None and latest.denominator is not None  # noqa: S101, PT018  (a rate has both)
    facts = (
        Fact(
            percent(latest.value, 2),
            f"Sickness absence, {when}",
            f"{number(latest.numerator, 2)} of {number(latest.denominator, 2)} FTE days, "
            f"{'all staff (proxy)' if now.is_proxy else asked}",
        ),
    )
    picture = sickness_picture(months, title)
    return Section(
        heading,
        tuple(sentences),
        facts,
        picture,
        _table(months),
        f"Sickness absence by month, {'all staff, a proxy for ' + str(asked) if now.is_proxy else asked}",
        warning=warning,
    )


def sickness_picture(months: pd.DataFrame, title: str, target: float | None = None) -> Picture:
    """The months as an XmR chart, fewer days lost being better; as a run chart while there are too few of them.

    Args:
        months: as `t4c_lib.progress.history` gives them.
        title: the finding.
        target: a fraction, or None.
    """
    figures = pd.DataFrame(
        {
            "day": months["month"],
            "period": [f"{month:%B %Y}" for month in months["month"]],
            "value": months["value"].to_numpy(),
        }
    )
    found = xmr(figures["value"].to_numpy(), better="lower", target=target)
    if not found.has_enough_points:
        note = too_few(found.points)
        return run_chart(figures, scale=_RATES, measured=MEASURED, title=title, target=target, note=note)
    points = figures.assign(
        mean=found.mean,
        lower=found.lower,
        upper=found.upper,
        phase=found.phase,
        special_cause=found.special_cause,
        point_type=found.point_type,
    )
    drawn = ControlPoints(points, found.note, target, found.variation, found.assurance)
    return control_chart(drawn, scale=_RATES, measured=MEASURED, title=title)


def _table(months: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Month": [f"{month:%B %Y}" for month in months["month"]],
            "FTE days lost": [_days(days) for days in months["numerator"]],
            "FTE days available": [_days(days) for days in months["denominator"]],
            "Sickness absence": [
                state if pd.isna(value) else _RATES.text(value)
                for value, state in zip(months["value"], months["state"], strict=True)
            ],
        }
    )


def _days(days: float) -> str:
    return "" if pd.isna(days) else number(days, 2)
