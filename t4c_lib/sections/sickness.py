"""Sickness absence: the published figures of an organisation, with what they are a proxy for."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from t4c_lib.evidence import Organisation
from t4c_lib.periods import parse_period
from t4c_lib.plan import MeasureRow
from t4c_lib.progress import RowProgress, row_figures, row_progress
from t4c_lib.quantities import number
from t4c_lib.sections.section import Fact, Section
from t4c_lib.sections.signals import drawable, signals_picture

MEASURE = "sickness"


def sickness_section(observations: pd.DataFrame, organisation: Organisation, as_of: dt.date | None = None) -> Section:
    """The months known, each with days lost and days available; says whose days they are.

    Args:
        observations: of the organisation, as the store gives them.
        organisation: that they are of.
        as_of: nothing that ended after this day; None for all.
    """
    row = MeasureRow.of(measure=MEASURE)
    found = row_progress(row, row_figures(row, observations, as_of), as_of or dt.date.max)
    heading, latest = "Sickness absence", found.latest
    if latest is None:
        return Section(
            heading,
            warning=(
                f"Not known for {organisation.name}: no file with its sickness absence has been added. NHS England "
                "publishes it by organisation and month; a staff extract holds it too."
            ),
        )
    periods = [parse_period(period).label for period in found.figures["period"]]
    rate = found.text_of(latest.value)
    sentence = (
        f"{len(periods)} months, {periods[0]} to {periods[-1]}. The rate is the FTE days lost to sickness divided by "
        "the FTE days available in the month."
    )
    warning = ""
    if latest.is_proxy:
        warning = (
            f"A proxy: these figures are for all staff together. The pledge's measure is about {row.population}, whose "
            "figures are not published; a staff extract would give them."
        )
    whose = "all staff (proxy)" if latest.is_proxy else row.population
    facts = (Fact(rate, f"Sickness absence, {latest.when}", f"{found.counts}, {whose}"),)
    caption = f"all staff, a proxy for {row.population}" if latest.is_proxy else row.population
    return Section(
        heading,
        (sentence,),
        facts,
        signals_picture(found, f"Sickness absence was {rate} in {latest.when}"),
        _table(found),
        f"Sickness absence by month, {caption}",
        warning=warning,
    )


def _table(found: RowProgress) -> pd.DataFrame:
    drawn, figures = drawable(found), found.figures
    return pd.DataFrame(
        {
            "Month": drawn.figures["period"],
            "FTE days lost": [_days(days) for days in figures["numerator"]],
            "FTE days available": [_days(days) for days in figures["denominator"]],
            "Sickness absence": [
                state if pd.isna(value) else drawn.scale.text(value)
                for value, state in zip(figures["value"], figures["state"], strict=True)
            ],
        }
    )


def _days(days: float) -> str:
    return "" if pd.isna(days) else number(days, 2)  # as published
