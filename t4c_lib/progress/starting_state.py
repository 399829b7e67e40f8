"""From what was counted to where the connected what-if starts: its State, and the chances that were counted here.

Support staff by age start as in `starting`; the rest of the workforce is the trust less its support staff. What nobody
counted here is worked out from a national figure and marked as a default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from t4c_lib.evidence.observation import ALL, SUPPORT_STAFF, TRUST_WORKFORCE
from t4c_lib.parameters import Assumption, Assumptions, Layered, assumptions, layered
from t4c_lib.periods import Month
from t4c_lib.plan import Plan
from t4c_lib.progress.gathered import Gathered
from t4c_lib.progress.learners import NOT_COUNTED, learners, stocks_by_qualification
from t4c_lib.progress.local_rates import ageing_rate, has_enough, leaving_rate
from t4c_lib.progress.looking_back import OLDER, YOUNG, Counts, Part, Window, monthly_counts
from t4c_lib.progress.starting import NoStartError
from t4c_lib.whatif import SettingError, State

# What goes on today and no staff extract says: the part of State, and the series that counts it where a register does.
DOINGS = {
    "placements": "work-experience-placements",
    "pre_employment_courses": "pre-employment-partners",
    "ambassadors": "ambassadors-active",
}
DOING_LABELS = {
    "placements": "Work experience placements a year",
    "pre_employment_courses": "Pre-employment courses a year",
    "ambassadors": "Active ambassadors",
}
DOING_POPULATIONS = (ALL, SUPPORT_STAFF, TRUST_WORKFORCE, "local young people", "")
AGES = (("young", YOUNG), ("older", OLDER))
AGED = {"young": "aged 16 to 24", "older": "aged 25 and over"}
BANDS = {"young": "under-25", "older": "25-and-over"}
WHO = {"support": "Support staff", "rest": "All other staff"}


@dataclass(frozen=True)
class StartingState:
    """Month 0 of the connected what-if.

    Attributes:
        state: who is there and what goes on.
        month: month 0, the newest month in which support staff were counted by age (else all staff).
        counted: assumptions that the organisation's own counts give, each with its interval.
        parts: what each number rests on, for people; `is_default` marks what stands in for want of a local figure.
    """

    state: State
    month: Month
    counted: Mapping[str, Assumption]
    parts: tuple[Part, ...]

    @property
    def defaults(self) -> tuple[Part, ...]:
        """The parts for which a national figure, or nothing, stands in."""
        return tuple(part for part in self.parts if part.is_default)

    def assumptions(
        self,
        national: Assumptions | None = None,
        *,
        own: Assumptions | None = None,
        live: Mapping[str, Assumption | float] | None = None,
    ) -> Layered:
        """The figures to reckon with: national ones, what was counted here, what was written down, what is set live."""
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
        known: what goes on today by name (DOINGS), as partners know it, such as from the plan's baselines. It counts
            for more than a series of the same thing.

    Raises:
        NoStartError: no month has a count of staff by age.
        SettingError: `known` names something else, or is no number of 0 or more.
    """
    unknown = sorted(set(known or {}) - set(DOINGS))
    if unknown:
        raise SettingError([f"'{name}' is none of what goes on today: {', '.join(DOINGS)}" for name in unknown])
    return _Start(observations, as_of, national or assumptions(), known or {}).made()


def doings_of(plan: Plan) -> dict[str, float]:
    """What goes on today by the baselines of a plan's measures, for `known` of `starting_state`."""
    known = {row.what.series: row.baseline.value for row in plan.measures if row.baseline is not None and not row.group}
    return {name: known[series] for name, series in DOINGS.items() if series in known}


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
                "Nobody has counted the staff by age yet. Add a staff extract: t4c evidence add FILE "
                "(data/dictionary.csv lists its columns)."
            )
        self.now, self.gathered = now, Gathered(observations, now)
        self.everybody = trust.get(now, {})
        rest = {month: found for month, found in _less(trust, support).items() if month <= now}
        # Where one of the two was not counted in month 0, there is nothing to look back on.
        self.windows = {
            "support": Window(support, now) if now in support else None,
            "rest": Window(rest, now) if now in rest and OLDER in rest[now] else None,
        }

    def made(self) -> StartingState:
        support, rest = self._support(), self._rest()
        self._chances()
        leaving = "leavers-support-25-and-over"
        rate = (self.counted.get(leaving) or self.national.get(leaving)).central
        learning = learners(self.gathered, self.national, sum(support.values()), rate)
        stocks = stocks_by_qualification(self.gathered, self.national, support, learning)
        state = State(
            **stocks,
            **rest,
            **self._joiners(),
            apprenticeship_starts=learning.apprenticeship_starts,
            pathway_starts=learning.pathway_starts,
            **{name: self._doing(name) for name in DOINGS},
        )
        return StartingState(state, self.now, self.counted, tuple(self.gathered.parts))

    def _support(self) -> dict[str, float]:
        window = self.windows["support"]
        labels = {age: f"Support staff, {aged}" for age, aged in AGED.items()}
        if window is not None:
            found = window.counts[self.now]
            return {age: self.gathered.counted(f"support_{age}", labels[age], found[key]) for age, key in AGES}
        share, young = (self.national.get(name) for name in ("support-share-of-staff", "young-share-support"))
        source = f"national figures over all staff: {share.source}; {young.source}"
        people = share.central * (self.everybody[YOUNG] + self.everybody[OLDER])
        parts = {"young": young.central, "older": 1 - young.central}
        return {
            age: self.gathered.stand_in(f"support_{age}", labels[age], people * part, source)
            for age, part in parts.items()
        }

    def _rest(self) -> dict[str, float]:
        window = self.windows["rest"]
        found = {}
        for age, key in AGES:
            name, label = f"rest_{age}", f"All other staff, {AGED[age]}"
            if window is not None:
                found[name] = self.gathered.counted(name, label, window.counts[self.now].get(key, 0.0))
            elif self.windows["support"] is not None:
                missing = "not known: nobody counted all staff by age in that month"
                found[name] = self.gathered.stand_in(name, label, 0.0, missing)
            else:
                support = {part.name: part.value for part in self.gathered.parts}
                others = max(self.everybody[key] - support[f"support_{age}"], 0.0)
                source = "all staff less support staff, who are a national share of them"
                found[name] = self.gathered.stand_in(name, label, others, source)
        return found

    def _chances(self) -> None:
        nothing = Window({}, self.now)
        for who, window in self.windows.items():
            for age, key in AGES:
                name, label = f"leavers-{who}-{BANDS[age]}", f"{WHO[who]} who leave in a month, {AGED[age]}"
                if window is not None and has_enough(window, key):
                    self.counted[name] = leaving_rate(self.national, name, window, key)
                looked_at = window if name in self.counted else nothing
                self.gathered.parts.append((looked_at or nothing).leaving(name, key, label, name, self.national))
            name = "ageing-out" if who == "support" else "ageing-out-rest"
            part = (window if window is not None and has_enough(window, YOUNG) else nothing).turning_25(
                self.national, name
            )
            label = f"{WHO[who]} aged 16 to 24 who turn 25 in a month"
            self.gathered.parts.append(replace(part, name=name, label=label))
            if window is not None and not part.is_default:
                self.counted[name] = ageing_rate(self.national, name, window)

    def _joiners(self) -> dict[str, float]:
        found = {}
        for who, window in self.windows.items():
            for age, key in AGES:
                name, label = f"join_{who}_{age}", f"{WHO[who]} who join in a month, {AGED[age]}"
                part = (window or Window({}, self.now)).joining(name, key, label)
                self.gathered.parts.append(part)
                found[name] = part.value
        return found

    def _doing(self, name: str) -> float:
        if name in self.known:
            return self.gathered.counted(name, DOING_LABELS[name], float(self.known[name]), "given by the partners")
        found = self.gathered.series(DOINGS[name], *DOING_POPULATIONS)
        return self.gathered.newest(name, DOING_LABELS[name], found, 0.0, NOT_COUNTED)


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
