"""The figures of every organisation, gathered so that they can be set side by side.

Whoever is compared is of one kind: made-up organisations stand beside made-up ones only. Figures that an organisation
brought itself count as they may be published, so that nobody learns more here than from its papers; official ones
count as they are. All are of the same people, the row's own where enough is known of them, else all staff.
"""

import datetime as dt
from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from t4c_lib.disclosure.published import PublishedFigures
from t4c_lib.evidence import Organisation
from t4c_lib.evidence.observations import ALL, TRUST_WORKFORCE
from t4c_lib.framework import catalogue
from t4c_lib.plan import MeasureRow, Plan
from t4c_lib.plan.partnership.pledge import PledgeState
from t4c_lib.progress import row_progress
from t4c_lib.progress.figures import FigureTables, end_and_kind, interval_ends, interval_method
from t4c_lib.progress.provenance import SOURCE_KEY, published_figures, published_plan
from t4c_lib.progress.turnover_and_derived_series import KNOWN, parts_of_series
from t4c_lib.sections.row_view import RowView
from t4c_lib.store import Store

FEWEST = 2  # organisations that can be compared


class OthersX(NamedTuple):
    """What an organisation set for this measure in a pledge that both sides signed."""

    organisation: Organisation
    view: RowView


class Compared:
    """The figures of every organisation of one kind, gathered once and asked for measure by measure.

    `own`: whose page it is. `day`: nothing that ended after it counts. `once`: keeps what is made until a save of it.
    """

    def __init__(
        self, store: Store, own: Organisation, day: dt.date, once: Callable[[str, str, Callable[[], object]], object]
    ) -> None:
        self.store, self.own, self.day, self._once = store, own, day, once
        employers = (one for one in store.organisations() if one.is_employer)
        self.organisations = {one.code: one for one in employers if one.demonstration == own.demonstration}
        sources = store.sources()
        self._official = {(one.digest, one.publication, one.reader_version) for one in sources if one.attribution}
        self._frames: dict[str, pd.DataFrame] = {}

    def published(self, code: str) -> tuple[PublishedFigures, Plan | None]:
        """An organisation's figures and plan as they may be published."""

        def make() -> object:
            revision, store = self.store.latest_plan(code), self.store
            saved = revision.plan if revision else None
            sources, groups = store.sources(code), [row.group for row in saved.measures] if saved else []
            figures = published_figures(store.observations(code), sources, groups)
            return figures, published_plan(saved, sources)[0] if saved else None

        return self._once(code, f"published {code}", make)  # type: ignore[return-value]

    def figures(self, row: MeasureRow) -> pd.DataFrame:
        """What is known of every organisation, all periods, of the same people for all.

        A table with organisation, period, end, population, numerator, denominator, value, low and high.
        """
        if row.measure not in self._frames:
            self._frames[row.measure] = self._gather(row)
        return self._frames[row.measure]

    def _gather(self, row: MeasureRow) -> pd.DataFrame:
        series = row.what.series
        found = self.store.observations(series=[series, *parts_of_series(series)], breakdown=ALL)
        found = found[found["organisation"].isin(set(self.organisations))]
        keys = zip(*(found[name] for name in SOURCE_KEY), strict=True)
        is_official = np.array([key in self._official for key in keys], dtype=bool)
        own_files = sorted(set(found.loc[~is_official, "organisation"]))
        parts = [found[is_official & ~found["organisation"].isin(own_files)]]
        parts += [self.published(code)[0].table for code in own_files]
        whole = pd.concat(parts, ignore_index=True)
        whole = whole[(whole["series"] == series) & (whole["breakdown"] == ALL) & whole["state"].isin(KNOWN)]
        if whole.empty:
            return whole.assign(end=[], kind=[], low=[], high=[])
        ends, kinds = zip(*map(end_and_kind, whole["period"]), strict=True)
        whole = whole.assign(end=list(ends), kind=list(kinds))
        whole = whole[whole["end"] <= self.day]
        people = [row.population, TRUST_WORKFORCE]
        mine = whole[whole["organisation"] == self.own.code]
        counted = {one: whole.loc[whole["population"] == one, "organisation"].nunique() for one in people}
        asked = set(mine["population"]) & set(people) or set(people)
        whole = whole[whole["population"] == max(asked, key=lambda one: (counted[one], one == row.population))]
        value, part, of = (whole[name].to_numpy(dtype=float) for name in ("value", "numerator", "denominator"))
        low, high = interval_ends(interval_method(row.what), value, part, of)
        events = np.where(np.isnan(part), value * of, part)
        made: pd.DataFrame = whole.assign(numerator=events, low=low, high=high)
        return made

    @cached_property
    def rows(self) -> dict[str, MeasureRow]:
        """The measures that can be compared, by key: shares and rates of which two organisations or more are known."""
        every = [MeasureRow.of(measure=one.key) for one in catalogue().measures if one.kind.is_divided]
        known = self.store.organisations_by_series(self.organisations)
        return {
            row.measure: row
            for row in every
            if not row.is_closer
            and max((known.get(one, 0) for one in (row.what.series, *parts_of_series(row.what.series))), default=0)
            >= FEWEST
        }

    @cached_property
    def _signed(self) -> list[tuple[Organisation, Plan, FigureTables]]:
        """The organisations whose pledge both sides have signed, with plan and figures as they may be published."""
        found = []
        for code in sorted(self.store.organisations_with_plans() & set(self.organisations)):
            figures, plan = self.published(code)
            pledge = self.store.partnership(code, self.day, plan).pledge if plan else None
            if plan and pledge and pledge.state in (PledgeState.SIGNED, PledgeState.PUBLISHED):
                found.append((self.organisations[code], plan, FigureTables(figures.table, self.day)))
        return found

    def xs_of(self, measure: str) -> list[OthersX]:
        """The X's for a measure in pledges that both sides have signed."""
        return [
            OthersX(whose, RowView(row_progress(row, tables.of([row])[0], self.day), published=True))
            for whose, plan, tables in self._signed
            for row in plan.measures
            if row.measure == measure and row.change is not None
        ]
