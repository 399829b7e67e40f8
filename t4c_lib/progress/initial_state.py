"""From what was counted to where the connected what-if starts: its State, and the chances that were counted here.

Support staff by age are those of the newest month counted; the rest of the workforce is the trust less its support
staff. What nobody counted here is worked out from a national figure and marked as a default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from t4c_lib.errors import SettingError, T4CError
from t4c_lib.evidence.observations import ALL, SUPPORT_STAFF, TRUST_WORKFORCE
from t4c_lib.evidence.staff_extract.time_to_certificate import POPULATION as CLINICAL_STARTERS
from t4c_lib.framework import ModelPath, series_followed
from t4c_lib.parameters import Assumption, Assumptions, Layered, assumptions, layered
from t4c_lib.periods import Month
from t4c_lib.progress.derived_series import yearly_turnover
from t4c_lib.progress.initial_figures import NOT_COUNTED, StartingNumbers, learners, stocks_by_qualification
from t4c_lib.progress.observed_rates import (
    APPRAISALS_VARIATION,
    CERTIFICATE_VARIATION,
    OLDER,
    STARTS_VARIATION,
    YOUNG,
    Counts,
    LocalRates,
    StartingNumber,
    Window,
    counted_share,
    has_enough,
    monthly_counts,
    ratio_to_last_year,
)
from t4c_lib.quantities import number
from t4c_lib.whatif import WorkforceState

# What goes on today and no staff extract says: the part of State, for people.
ACTIVITY_LABELS = {
    "placements": "Work experience placements a year",
    "pre_employment_courses": "Pre-employment courses a year",
    "ambassadors": "Active ambassadors",
}
ACTIVITY_POPULATIONS = (ALL, SUPPORT_STAFF, TRUST_WORKFORCE, "local young people", "")
AGES = (("young", YOUNG), ("older", OLDER))
AGED = {"young": "aged 16 to 24", "older": "aged 25 and over"}
BANDS = {"young": "under-25", "older": "25-and-over"}
LEAVING_VARIES = "leavers-against-last-year"
MOVES, APPRAISED, IN_TIME = "moves-into-registered", "appraisal-received-assistants", "care-certificate-in-time"
WHO = {"support": "Support staff", "rest": "All other staff"}


def activity_series() -> dict[str, str]:
    """What goes on today and no staff extract says: the part of State, and the series by which a register counts it."""
    placements, courses = (series_followed(path) for path in (ModelPath.PLACEMENTS, ModelPath.COURSES))
    return {"placements": placements, "pre_employment_courses": courses, "ambassadors": "ambassadors-active"}


class NoStartError(T4CError):
    """There is no count of staff by age, so nothing to start a what-if from."""


@dataclass(frozen=True)
class StartingState:
    """Month 0 of the connected what-if.

    Attributes:
        state: who is there and what goes on.
        month: month 0, the newest month in which support staff were counted by age (else all staff).
        counted: assumptions that the organisation's own counts give, each with its interval.
        numbers: what each number rests on, for people; `is_default` marks what stands in for want of a local figure.
    """

    state: WorkforceState
    month: Month
    counted: Mapping[str, Assumption]
    numbers: tuple[StartingNumber, ...]

    @property
    def defaults(self) -> tuple[StartingNumber, ...]:
        """The numbers for which a national figure, or nothing, stands in."""
        return tuple(one for one in self.numbers if one.is_default)

    def assumptions(
        self,
        national: Assumptions | None = None,
        *,
        own: Assumptions | None = None,
        live: Mapping[str, Assumption | float] | None = None,
    ) -> Layered:
        """The assumptions used: national figures, local counts, the organisation's own values, the page's."""
        return layered(national or assumptions(), counted=self.counted, own=own, live=live)


def starting_state(
    observations: pd.DataFrame,
    as_of: Month | None = None,
    *,
    national: Assumptions | None = None,
    known: Mapping[str, float] | None = None,
) -> StartingState:
    """Where an organisation's connected what-if starts.

    Args:
        observations: of one organisation, as the store gives them.
        as_of: month 0 is the newest month counted by age no later than this; None for the newest.
        national: the figures that stand in; parameters/national.yaml unless given.
        known: what goes on today by name (ACTIVITY_LABELS), as partners know it, such as from the plan's baselines. It
            counts for more than a series of the same thing.

    Raises:
        NoStartError: no month has a count of staff by age.
        SettingError: `known` names something else, or is no number of 0 or more.
    """
    unknown = sorted(set(known or {}) - set(ACTIVITY_LABELS))
    if unknown:
        raise SettingError(
            [f"'{name}' is not a current activity. Choose from: {', '.join(ACTIVITY_LABELS)}" for name in unknown]
        )
    return _Start(observations, as_of, national or assumptions(), known or {}).made()


class _Start:
    def __init__(
        self, observations: pd.DataFrame, as_of: Month | None, national: Assumptions, known: Mapping[str, float]
    ) -> None:
        self.national, self.known = national, known
        self.counted: dict[str, Assumption] = {}
        support, trust = (monthly_counts(observations, of) for of in (SUPPORT_STAFF, TRUST_WORKFORCE))
        now = _newest(support, as_of) or _newest(trust, as_of)
        if now is None:
            raise NoStartError(
                "There is no headcount by age yet. Add a staff extract: t4c evidence add FILE "
                "(data/dictionary.csv lists its columns)."
            )
        made_up_of_months = pd.concat([observations, yearly_turnover(observations)], ignore_index=True)
        self.now, self.numbers = now, StartingNumbers(made_up_of_months, now)
        self.figures_of_last_year: dict[str, float] = {}
        self.everybody = trust.get(now, {})
        rest = {month: found for month, found in _less(trust, support).items() if month <= now}
        # Where one of the two was not counted in month 0, there is nothing to look back on.
        self.windows = {
            "support": Window(support, now) if now in support else None,
            "rest": Window(rest, now) if now in rest and OLDER in rest[now] else None,
        }

    def made(self) -> StartingState:
        support, rest = self._support(), self._rest()
        self._rates()
        flows = self._joiners()
        learning = learners(self.numbers, self.national, sum(support.values()))
        stocks = stocks_by_qualification(self.numbers, self.national, support, learning)
        self._shares()
        if learning.moves_are_counted and learning.moves_into_registered:
            moves = 12 * learning.moves_into_registered
            self.counted[MOVES] = ratio_to_last_year(
                self.national.get(MOVES),
                moves,
                STARTS_VARIATION,
                source=f"{number(moves)} moves in 12 months",
                date=str(self.now),
            )
        state = WorkforceState(
            **stocks,
            **rest,
            **flows,
            **self._last_year(sum(support.values())),
            apprenticeship_starts=learning.apprenticeship_starts,
            moves_into_registered=learning.moves_into_registered,
            on_pathway=np.nan if learning.pathway is None else learning.pathway,
            apprentices_are_counted=learning.apprentices is not None,
            **{name: self._activity(name) for name in ACTIVITY_LABELS},
        )
        return StartingState(state, self.now, self.counted, tuple(self.numbers.found))

    def _support(self) -> dict[str, float]:
        window = self.windows["support"]
        labels = {age: f"Support staff, {aged}" for age, aged in AGED.items()}
        if window is not None:
            found = window.counts[self.now]
            return {age: self.numbers.counted(f"support_{age}", labels[age], found[key]) for age, key in AGES}
        share, young = (self.national.get(name) for name in ("support-share-of-staff", "young-share-support"))
        source = f"national figures over all staff: {share.source}; {young.source}"
        people = share.central * (self.everybody[YOUNG] + self.everybody[OLDER])
        parts = {"young": young.central, "older": 1 - young.central}
        return {
            age: self.numbers.stand_in(f"support_{age}", labels[age], people * part, source)
            for age, part in parts.items()
        }

    def _rest(self) -> dict[str, float]:
        window = self.windows["rest"]
        found = {}
        for age, key in AGES:
            name, label = f"rest_{age}", f"All other staff, {AGED[age]}"
            if window is not None:
                found[name] = self.numbers.counted(name, label, window.counts[self.now].get(key, 0.0))
            elif self.windows["support"] is not None:
                missing = "not known: no headcount of all staff by age for that month"
                found[name] = self.numbers.stand_in(name, label, 0.0, missing)
            else:
                support = {part.name: part.value for part in self.numbers.found}
                others = max(self.everybody[key] - support[f"support_{age}"], 0.0)
                source = "all staff less support staff, estimated at the national share"
                found[name] = self.numbers.stand_in(name, label, others, source)
        return found

    def _rates(self) -> None:
        nothing = Window({}, self.now)
        for who, window in self.windows.items():
            for age, key in AGES:
                name, label = f"leavers-{who}-{BANDS[age]}", f"{WHO[who]} leaving each month, {AGED[age]}"
                looked_at = nothing if window is None else window.for_people(key)
                if has_enough(looked_at, key):
                    elsewhere = self._left_on_completing() if (who, age) == ("support", "older") else 0.0
                    self.counted[name] = self._local(looked_at).leaving(name, key, elsewhere)
                else:
                    looked_at = nothing
                self.numbers.found.append(looked_at.leaving(name, key, label, name, self.national))
            name = "ageing-out" if who == "support" else "ageing-out-rest"
            looked_at = nothing if window is None else window.for_people(YOUNG)
            turning = self._local(looked_at).turning_25(name) if has_enough(looked_at, YOUNG) else None
            label = f"{WHO[who]} aged 16 to 24 turning 25 each month"
            self.numbers.assumption(name, label, turning, self.national)
            if turning is not None:
                self.counted[name] = turning
        support = self.windows["support"]
        if support is not None:
            rates = self._local(support)
            differing = rates.leaving_in_other_years(LEAVING_VARIES)
            self.counted |= {one.name: one for one in (*rates.qualified(), differing) if one is not None}

    def _left_on_completing(self) -> float:
        """Those a year who completed a pathway and left: the model counts them apart from all others who leave."""
        moves = self.numbers.series(series_followed(ModelPath.REGISTERING), SUPPORT_STAFF)
        stay = self.national.get("pathway-retention").central
        return moves[0] * (1 - stay) / stay if moves is not None else 0.0

    def _local(self, window: Window) -> LocalRates:
        return LocalRates(self.national, window.counts, window)

    def _joiners(self) -> dict[str, float]:
        found = {}
        for who, window in self.windows.items():
            looked_at = window or Window({}, self.now)
            for age, key in AGES:
                name, label = f"join_{who}_{age}", f"{WHO[who]} joining each month, {AGED[age]}"
                part = looked_at.for_people(key).joining(name, key, label)
                self.numbers.found.append(part)
                found[name] = part.value
            rates = self._local(looked_at.for_people(YOUNG, OLDER))
            young = self._local(looked_at.for_people(YOUNG))
            varying = (rates.joining(f"joiners-{who}"), young.joining_young(f"joiners-{who}-under-25"))
            self.counted |= {one.name: one for one in varying if one is not None}
        return found

    def _shares(self) -> None:
        """Shares that the model takes as they were counted: appraisals, the Care Certificate in time."""
        appraised = self.numbers.newest_row(series_followed(ModelPath.APPRAISED), SUPPORT_STAFF)
        if appraised is not None and appraised.denominator:
            self.figures_of_last_year["survey_respondents"] = appraised.denominator
            part = appraised.value * appraised.denominator
            self._count_share(APPRAISED, (part, appraised.denominator), APPRAISALS_VARIATION, appraised.period)
        newcomers = self.numbers.over_a_year(series_followed(ModelPath.CERTIFIED), CLINICAL_STARTERS)
        if newcomers is not None and newcomers[1]:
            self.figures_of_last_year["newcomers_to_care"] = newcomers[1]
            self._count_share(IN_TIME, newcomers, CERTIFICATE_VARIATION, f"12 months to {self.now.label}")

    def _count_share(self, name: str, counted: tuple[float, float], differ: float, when: str) -> None:
        source = f"{number(counted[0])} of {number(counted[1])}, {when}"
        self.counted[name] = counted_share(self.national.get(name), counted, differ, source, str(self.now))

    def _last_year(self, support: float) -> dict[str, float]:
        """Leavers and headcount of the year that the newest turnover figure counts, so that a run begins with it."""
        found = self.figures_of_last_year
        turnover = self.numbers.newest_row(series_followed(ModelPath.TURNOVER), SUPPORT_STAFF)
        if turnover is None or turnover.period != str(self.now):
            return found
        whole = turnover.denominator or support
        left = turnover.value * whole
        # Turnover divides by the mean of the first and the last headcount.
        return {**found, "left_support": left / 12, "support_a_year_ago": max(2 * whole - support, 0.0)}

    def _activity(self, name: str) -> float:
        if name in self.known:
            return self.numbers.counted(name, ACTIVITY_LABELS[name], float(self.known[name]), "entered by the partners")
        found = self.numbers.series(activity_series()[name], *ACTIVITY_POPULATIONS)
        return self.numbers.newest(name, ACTIVITY_LABELS[name], found, 0.0, NOT_COUNTED)


def _newest(counts: Counts, as_of: Month | None) -> Month | None:
    months = [month for month, found in counts.items() if {YOUNG, OLDER} <= found.keys()]
    return max((month for month in months if as_of is None or month <= as_of), default=None)


def _less(trust: Counts, support: Counts) -> Counts:
    """The rest of the workforce, in months in which both were counted."""
    return {
        month: {key: max(value - support[month].get(key, 0.0), 0.0) for key, value in found.items()}
        for month, found in trust.items()
        if month in support
    }
