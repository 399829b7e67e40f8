"""Sickness absence: the published figures of an organisation, with what they are a proxy for."""

from __future__ import annotations

import pandas as pd

from t4c_lib.charts import sickness_over_time
from t4c_lib.evidence import Organisation
from t4c_lib.framework import catalogue
from t4c_lib.periods import parse_period
from t4c_lib.progress import history, standing
from t4c_lib.quantities import number, percent
from t4c_lib.sections.section import Fact, Section

MEASURE = "sickness"


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
    picture = sickness_over_time(months, title=title)
    return Section(
        heading,
        tuple(sentences),
        facts,
        picture,
        picture.table,
        f"Sickness absence by month, {'all staff, a proxy for ' + str(asked) if now.is_proxy else asked}",
        warning=warning,
    )
