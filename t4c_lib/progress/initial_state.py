"""From what was counted to where the what-if starts: its WorkforceState, and the rates that were counted here.

Support staff by age are those of the newest month counted; the rest of the workforce is the trust less its support
staff. What nobody counted here is worked out from a national figure and marked as a default.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from pydantic import RootModel

from t4c_lib.errors import SettingError, T4CError
from t4c_lib.evidence.observations import ALL, SUPPORT_STAFF, TRUST_WORKFORCE
from t4c_lib.evidence.staff_extract.turnover_moves_and_certificates import POPULATION as CLINICAL_STARTERS
from t4c_lib.framework import ModelPath, series_followed
from t4c_lib.parameters import Assumption, Assumptions, Layered, assumptions, layered
from t4c_lib.periods import Month, parse_period
from t4c_lib.progress import observed_rates
from t4c_lib.progress.levy import counted_levy, newest_by_group
from t4c_lib.progress.observed_rates import OLDER, VARIATION, YOUNG, StartingNumber, Window, counted_share
from t4c_lib.progress.turnover_and_derived_series import KNOWN, MONTHLY, yearly_turnover
from t4c_lib.quantities import number, percent
from t4c_lib.validation_messages import read_shipped
from t4c_lib.whatif import WorkforceState

_LABELS = read_shipped(RootModel[dict[str, dict[str, str]]], __package__, "starting_numbers.yaml").root
ACTIVITY_LABELS, AGED, WHO = _LABELS["activities"], _LABELS["ages"], _LABELS["people"]
ACTIVITY_POPULATIONS = (ALL, SUPPORT_STAFF, TRUST_WORKFORCE, "local young people", "")
AGES = (("young", YOUNG), ("older", OLDER))
BANDS = {"young": "under-25", "older": "25-and-over"}
LEAVING_VARIES = "leavers-against-last-year"
FRAMEWORKS_LEVEL = 2  # which the measure of attainment counts from where it names no other
NOT_COUNTED = "no figure recorded; taken as zero"
YEAR = 12
BY_SERVICE, LATER, LEAST_LEAVERS = "leavers-by-month-of-service", "month of service=13+", 20
MOVES, APPRAISED, IN_TIME = "moves-into-registered", "appraisal-received-assistants", "care-certificate-in-time"


def activity_series() -> dict[str, str]:
    """Activities by the part of the state, and the series by which a register counts each."""
    placements, courses = (series_followed(path) for path in (ModelPath.PLACEMENTS, ModelPath.COURSES))
    return {"placements": placements, "pre_employment_courses": courses, "ambassadors": "ambassadors-active"}


class NoStartError(T4CError):
    """There is no count of staff by age, so nothing to start a what-if from."""

    on_page = "There is no headcount by age yet. Add a staff extract from ESR on Home, under Bring figures in."


class StartingState(NamedTuple):
    """Month 0 of the connected what-if."""

    state: WorkforceState  #: who is there and what goes on
    month: Month  #: month 0, the newest month in which support staff were counted by age (else all staff)
    counted: Mapping[str, Assumption]  #: assumptions that the organisation's own counts give, each with its interval
    #: what each number rests on, for people; `is_default` marks what stands in for want of a local figure.
    numbers: tuple[StartingNumber, ...]

    @property
    def defaults(self) -> tuple[StartingNumber, ...]:
        """The numbers for which a national figure, or nothing, stands in."""
        return tuple(one for one in self.numbers if one.is_default)

    def assumptions(self, own: Assumptions | None = None) -> Layered:
        """The assumptions used: national figures, local counts, the organisation's own values."""
        return layered(assumptions(), counted=self.counted, own=own)


def starting_state(
    observations: pd.DataFrame, as_of: Month | None = None, *, known: Mapping[str, float] | None = None
) -> StartingState:
    """Where an organisation's what-if starts: in the newest month counted by age that is no later than `as_of`.

    National figures stand in. `known` is what goes on today by name (ACTIVITY_LABELS), as partners know it; it counts
    for more than a series of the same thing.

    Raises NoStartError: no month has a count of staff by age; SettingError: `known` names something else, or is no
    number of 0 or more.
    """
    choices = ", ".join(ACTIVITY_LABELS)
    if unknown := sorted(set(known or {}) - set(ACTIVITY_LABELS)):
        raise SettingError([f"'{name}' is not a current activity. Choose from: {choices}" for name in unknown])
    return _Start(observations, as_of, known or {}).state()


class _StartingNumbers:
    """Numbers in the order in which they were found, out of the observations up to a month."""

    def __init__(self, observations: pd.DataFrame, now: Month) -> None:
        self.now, self.extract = now, f"staff extract, {now.label}"
        self.found: list[StartingNumber] = []
        monthly = observations["period"].str.fullmatch(MONTHLY)
        fits = observations["state"].isin(KNOWN) & (~monthly | (observations["period"] <= str(now)))
        # Newest first, so that the first that fits is the one to take. Years are written otherwise and are few.
        self._newest = observations[fits].sort_values("period", ascending=False, kind="stable")
        self._places = self._newest.groupby(["series", "breakdown", "population"], sort=False).indices

    def add(
        self, name: str, value: float, source: str, label: str = "", *, default: bool = False, text: str = ""
    ) -> float:
        """A number that was counted here, or (as `default`) one that stands in for it."""
        label, text = label or (ACTIVITY_LABELS | _LABELS["others"])[name], text or number(value)
        self.found.append(StartingNumber(name, label, value, text, source, default))
        return value

    def _of(self, series: str, population: str, breakdown: str = ALL) -> pd.DataFrame:
        return self._newest.iloc[self._places.get((series, breakdown, population), [])]

    def series(self, series: str, *populations: str, breakdown: str = ALL) -> tuple[float, str] | None:
        """The newest figure of a series, and its source; of the first population that has one."""
        for population in populations:
            newest = self._of(series, population, breakdown)[:1]
            for period, value in zip(newest["period"], newest["value"], strict=True):
                if np.isfinite(value):
                    return float(value), f"counted, {parse_period(period).label}"
        return None

    def newest(self, name: str, found: tuple[float, str] | None, otherwise: float, source: str) -> float:
        return self.add(name, *(found or (otherwise, source)), default=found is None)

    def known(self, name: str, found: tuple[float, str] | None, otherwise: str) -> float | None:
        """The newest figure of a series; None, with what the model does instead, where there is none."""
        if found is None:
            self.add(name, np.nan, otherwise, default=True, text="unknown")
            return None
        return self.add(name, *found)

    def newest_share(self, series: str) -> tuple[str, float, float] | None:
        """Period, value and denominator (0 where it is not known) of all support staff; None where none is known."""
        of = self._of(series, SUPPORT_STAFF).dropna(subset=["value"])
        if of.empty:
            return None
        whole = float(of["denominator"].iloc[0])
        return str(of["period"].iloc[0]), float(of["value"].iloc[0]), 0.0 if np.isnan(whole) else whole

    def over_a_year(self, series: str, population: str) -> tuple[float, float] | None:
        """Numerators and denominators of the months of a year up to now, added up; None where none is known."""
        months = {str(self.now + -step) for step in range(YEAR)}
        of = self._of(series, population).dropna(subset=["numerator", "denominator"])
        of = of[of["period"].isin(months)]
        return None if of.empty else (float(of["numerator"].sum()), float(of["denominator"].sum()))


class _Start:
    def __init__(self, observations: pd.DataFrame, as_of: Month | None, known: Mapping[str, float]) -> None:
        self.national, self.known, self.observations = assumptions(), known, observations
        self.counted: dict[str, Assumption] = {}
        support, trust = (observed_rates.monthly_counts(observations, of) for of in (SUPPORT_STAFF, TRUST_WORKFORCE))
        now = _newest(support, as_of) or _newest(trust, as_of)
        if now is None:
            how = "Add a staff extract: t4c evidence add FILE (data/dictionary.csv lists its columns)."
            raise NoStartError(f"There is no headcount by age yet. {how}")
        made_up_of_months = pd.concat([observations, yearly_turnover(observations)], ignore_index=True)
        self.now, self.numbers = now, _StartingNumbers(made_up_of_months, now)
        self.everybody = trust.get(now, {})
        rest = {  # of the workforce, in months in which both were counted
            month: {key: max(value - support[month].get(key, 0.0), 0.0) for key, value in found.items()}
            for month, found in trust.items()
            if month in support and month <= now
        }
        # Where one of the two was not counted in month 0, there is nothing to look back on.
        counted = {"support": support if now in support else {}, "rest": rest if OLDER in rest.get(now, {}) else {}}
        self.windows = {who: Window(counts, now) for who, counts in counted.items()}

    def state(self) -> StartingState:
        support, rest = self._support(), self._rest()
        everybody = sum(support.values())
        self._rates()
        self.counted |= counted_levy(self.observations, everybody + sum(rest.values()), self.now)
        joiners = self._joiners()
        apprentices, learning = self._learning(everybody)
        state = WorkforceState(
            **self._by_qualification(support, apprentices or 0.0),
            **rest,
            **joiners,
            **learning,
            **self._shares(),
            **self._last_year(everybody),
            **{name: self._activity(name) for name in ACTIVITY_LABELS},
        )
        return StartingState(state, self.now, self.counted, tuple(self.numbers.found))

    def _support(self) -> dict[str, float]:
        window, add = self.windows["support"], self.numbers.add
        labels = {age: f"{WHO['support']}, {aged}" for age, aged in AGED.items()}
        if window.counts:
            found, source = window.counts[self.now], self.numbers.extract
            return {age: add(f"support_{age}", found[key], source, labels[age]) for age, key in AGES}
        share, young = (self.national.get(name) for name in ("support-share-of-staff", "young-share-support"))
        source = f"national figures over all staff: {share.source}; {young.source}"
        people = share.central * (self.everybody[YOUNG] + self.everybody[OLDER])
        told = ((age, people * part) for age, part in {"young": young.central, "older": 1 - young.central}.items())
        return {age: add(f"support_{age}", value, source, labels[age], default=True) for age, value in told}

    def _rest(self) -> dict[str, float]:
        window = self.windows["rest"]
        support = {one.name: one.value for one in self.numbers.found}
        found = {}
        for age, key in AGES:
            name, label, is_default = f"rest_{age}", f"{WHO['rest']}, {AGED[age]}", not window.counts
            if window.counts:
                value, source = window.counts[self.now].get(key, 0.0), self.numbers.extract
            elif self.windows["support"].counts:
                value, source = 0.0, "not known; no headcount of all staff by age for that month"
            else:
                value = max(self.everybody[key] - support[f"support_{age}"], 0.0)
                source = "all staff less support staff, estimated at the national share"
            found[name] = self.numbers.add(name, value, source, label, default=is_default)
        return found

    def _rates(self) -> None:
        for who, window in self.windows.items():
            for age, key in AGES:
                name, label = f"leavers-{who}-{BANDS[age]}", f"{WHO[who]} leaving each month, {AGED[age]}"
                looked_at = window.for_people(key)
                if looked_at.has_enough(key):
                    elsewhere = self._left_on_completing() if (who, age) == ("support", "older") else 0.0
                    self.counted[name] = looked_at.leaving(name, key, elsewhere)
                self.numbers.found.append(looked_at.leaving_now(name, key, label))
            self._ageing(who, window.for_people(YOUNG))
        if (support := self.windows["support"]).counts:
            differing = support.leaving_in_other_years(LEAVING_VARIES)
            self.counted |= {one.name: one for one in (*support.qualified(), differing) if one is not None}
            # Of those who left in the last twelve months, the part in their first twelve months of service.
            left = newest_by_group(self.observations, BY_SERVICE, "numerator")
            if (leavers := sum(left.values())) >= LEAST_LEAVERS:
                early = leavers - left.get(LATER, 0.0)
                self._count_share("early-leaver-share", (early, leavers), VARIATION["early"], str(self.now))

    def _ageing(self, who: str, window: Window) -> None:
        name = "ageing-out" if who == "support" else "ageing-out-rest"
        local = window.turning_25(name) if window.has_enough(YOUNG) else None
        used = local or self.national.get(name)
        source = used.source if local is not None else f"national figure: {used.source}"
        label, text = f"{WHO[who]} aged 16 to 24 turning 25 each month", percent(used.central, 2)
        self.numbers.add(name, used.central, source, label, default=local is None, text=text)
        if local is not None:
            self.counted[name] = local

    def _left_on_completing(self) -> float:
        """Those a year who completed a pathway and left: the model counts them apart from all others who leave."""
        moves = self.numbers.series(series_followed(ModelPath.REGISTERING), SUPPORT_STAFF)
        stay = self.national.get("pathway-retention").central
        return moves[0] * (1 - stay) / stay if moves is not None else 0.0

    def _joiners(self) -> dict[str, float]:
        found = {}
        for who, window in self.windows.items():
            for age, key in AGES:
                name, label = f"join_{who}_{age}", f"{WHO[who]} joining each month, {AGED[age]}"
                one = window.for_people(key).joining_now(name, key, label)
                self.numbers.found.append(one)
                found[name] = one.value
            everybody = window.for_people(YOUNG, OLDER).joining(f"joiners-{who}")
            varying = (everybody, window.for_people(YOUNG).joining_young(f"joiners-{who}-under-25"))
            self.counted |= {one.name: one for one in varying if one is not None}
        return found

    def _learning(self, support: float) -> tuple[float | None, dict[str, Any]]:
        """Apprentices, where counted, and what of the state is about learning; else as many as starts or moves need."""
        numbers, both = self.numbers, (SUPPORT_STAFF, TRUST_WORKFORCE)
        found = numbers.series(series_followed(ModelPath.APPRENTICESHIP_STARTS), *both)
        starts = numbers.newest("apprenticeship_starts", found, 0.0, NOT_COUNTED)
        found, otherwise = numbers.series("apprentices", *both), "estimated from apprenticeship starts, less leavers"
        apprentices = numbers.known("apprentices", found, otherwise)
        otherwise = "not known; all who start are assumed to be in post already"
        numbers.add("apprentice_joiner_share", 0.0, otherwise, default=True, text=percent(0.0))
        national = self.national.get("support-into-registered")
        found = numbers.series(series_followed(ModelPath.REGISTERING), SUPPORT_STAFF)
        stand_in = support * national.central, f"national figure: {national.source}"
        moves = numbers.newest("support_to_registered", found, *stand_in)
        if found is not None and moves:
            source, asked = f"{number(moves)} moves in 12 months", (MOVES, moves, VARIATION["starts"])
            self.counted[MOVES] = observed_rates.ratio_to_last_year(*asked, source=source, date=str(self.now))
        found = numbers.series(series_followed(ModelPath.ON_PATHWAY), *both)
        otherwise = "estimated from moves into registered roles, allowing for those who drop out"
        pathway = numbers.known("pathway", found, otherwise)
        return apprentices, {
            "apprenticeship_starts": starts / 12,
            "moves_into_registered": moves / 12,
            "on_pathway": np.nan if pathway is None else pathway,
            "apprentices_are_counted": apprentices is not None,
        }

    def _by_qualification(self, support: Mapping[str, float], apprentices: float) -> dict[str, float]:
        """Support staff by age in the stocks of the state. Both ages are taken to be qualified and learning alike."""
        everybody = sum(support.values())
        level_2, level_3 = self._qualified()
        levels = {"none": 1 - level_2, "level_2": level_2 - level_3, "level_3": level_3}
        # Nobody is an apprentice with level 3.
        below = levels["none"] + levels["level_2"]
        apprentices = min(apprentices, below * everybody)
        found = {}
        for age, people in support.items():
            part = people / everybody if everybody else 0.0
            found[f"support_{age}_level_3"] = level_3 * people
            for level in ("none", "level_2"):
                of_them = apprentices * part * (levels[level] / below if below else 0.0)
                found[f"apprentices_{age}_{level}"] = of_them
                found[f"support_{age}_{level}"] = max(levels[level] * people - of_them, 0.0)
        return found

    def _qualified(self) -> tuple[float, float]:
        """Shares of support staff with level 2 or above, and level 3 or above."""
        qualified, at_level_3 = (self.national.get(name) for name in ("joiners-qualified", "qualified-at-level-3"))
        attainment, values = series_followed(ModelPath.QUALIFIED_SHARE), []
        for level, otherwise in ((2, qualified.central), (3, qualified.central * at_level_3.central)):
            found = self.numbers.series(attainment, SUPPORT_STAFF, breakdown=f"level={level}+")
            if found is None and level == FRAMEWORKS_LEVEL:
                found = self.numbers.series(attainment, SUPPORT_STAFF)
            value, source = found or (otherwise, f"level of new support staff ({qualified.source})")
            value = value if found is None else min(value, 1.0)
            self.numbers.add(f"level_{level}", value, source, default=found is None, text=percent(value))
            values.append(value)
        return values[0], min(values)

    def _shares(self) -> dict[str, float]:
        """Shares that the model takes as they were counted (appraisals, the Care Certificate in time), and of whom."""
        found = {}
        appraised = self.numbers.newest_share(series_followed(ModelPath.APPRAISED))
        if appraised is not None and appraised[2]:
            period, value, whole = appraised
            found["survey_respondents"] = whole
            self._count_share(APPRAISED, (value * whole, whole), VARIATION["appraisals"], period)
        newcomers = self.numbers.over_a_year(series_followed(ModelPath.CERTIFIED), CLINICAL_STARTERS)
        if newcomers is not None and newcomers[1]:
            found["newcomers_to_care"] = newcomers[1]
            self._count_share(IN_TIME, newcomers, VARIATION["certificate"], f"12 months to {self.now.label}")
        return found

    def _count_share(self, name: str, counted: tuple[float, float], differ: float, when: str) -> None:
        source = f"{number(counted[0])} of {number(counted[1])}, {when}"
        self.counted[name] = counted_share(name, counted, differ, source, str(self.now))

    def _last_year(self, support: float) -> dict[str, float]:
        """Leavers and headcount of the year that the newest turnover figure counts, so that a run begins with it."""
        turnover = self.numbers.newest_share(series_followed(ModelPath.TURNOVER))
        if turnover is None or turnover[0] != str(self.now):
            return {}
        _, value, whole = turnover
        whole = whole or support
        # Turnover divides by the mean of the first and the last headcount.
        return {"left_support": value * whole / 12, "support_a_year_ago": max(2 * whole - support, 0.0)}

    def _activity(self, name: str) -> float:
        if name in self.known:
            return self.numbers.add(name, float(self.known[name]), "entered by the partners")
        found = self.numbers.series(activity_series()[name], *ACTIVITY_POPULATIONS)
        return self.numbers.newest(name, found, 0.0, NOT_COUNTED)


def _newest(counts: observed_rates.Counts, as_of: Month | None) -> Month | None:
    months = [month for month, found in counts.items() if {YOUNG, OLDER} <= found.keys()]
    return max((month for month in months if as_of is None or month <= as_of), default=None)
