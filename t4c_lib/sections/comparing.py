"""Organisations side by side: a funnel of a share of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from t4c_lib.charts import funnel
from t4c_lib.framework import MeasureKind, series_named
from t4c_lib.periods import parse_period
from t4c_lib.progress.standing import KNOWN
from t4c_lib.sections.section import Section


def funnel_section(
    observations: pd.DataFrame,
    names: Mapping[str, str],
    *,
    series: str,
    population: str,
    own: str = "",
    period: str | None = None,
) -> Section:
    """Everybody's figure of one period in a funnel: people out of people only, since chance's limits need people.

    Args:
        observations: of several organisations.
        names: what each code is called.
        series: key of a share of people.
        population: of whom.
        own: code of the organisation shown by name; empty for none.
        period: which; by default the one that most organisations have, the newest of those.

    Raises:
        UnknownNameError: no series of that name.
        ValueError: the series is no share of people.
    """
    what = series_named(series)
    if what.kind is not MeasureKind.SHARE:
        raise ValueError(f"A funnel compares shares of people; '{series}' is a {what.kind}.")
    heading = f"{what.label}: organisations side by side"
    chosen = observations[
        (observations["series"] == series)
        & (observations["population"] == population)
        & (observations["breakdown"] == "all")
        & observations["state"].isin(KNOWN)
        & (observations["denominator"] > 0)
    ]
    if period is None and not chosen.empty:
        counts = chosen.groupby("period")["organisation"].nunique()
        period = str(counts[counts == counts.max()].index.max())
    found = chosen[chosen["period"] == period]
    if len(found) < 2:
        return Section(heading, ("There are figures of fewer than two organisations to compare.",))
    assert period is not None  # noqa: S101
    when = parse_period(period).label
    table = pd.DataFrame(
        {
            "name": [names.get(code, code) for code in found["organisation"]],
            "numerator": found["numerator"].to_numpy(),
            "denominator": found["denominator"].to_numpy(),
        }
    )
    mine = names.get(own, own)
    picture = funnel(
        table,
        own=mine,
        measured=f"{what.label}, {population}, {when}, percent",
        base="people",
        title=f"{len(table)} organisations in {when}",
    )
    places = dict(zip(picture.table["Organisation"], picture.table["Place"], strict=True))
    shares = dict(zip(picture.table["Organisation"], picture.table["Share"], strict=True))
    if mine in places:
        title = f"{mine}: {shares[mine]} in {when}, {places[mine]}"
        picture = replace(picture, title=title)
    return Section(heading, picture=picture)
