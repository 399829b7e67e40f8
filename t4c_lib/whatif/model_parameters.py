"""The parameters that the model takes, each a value in its own unit; and rates and shares, worked out in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from t4c_lib.errors import SettingError, UnknownNameError, did_you_mean

Array = npt.NDArray[np.float64]
Value = float | Array

MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class ModelParameter:
    """One assumption that the engine needs.

    Attributes:
        name: as files of assumptions call it.
        unit: what its value is counted in.
        meaning: what the engine does with it.
    """

    name: str
    unit: str
    meaning: str

    @property
    def least(self) -> float:
        """The least value allowed; a stay in learning lasts at least a month, a spread is more than nothing."""
        return SMALLEST.get(self.name, 0.0)

    @property
    def most(self) -> float:
        """The largest value allowed."""
        return LARGEST.get(self.unit, np.inf)


# A gamma distribution needs a mean and a spread above nothing.
SMALLEST = {
    "apprenticeship-months": 0.5,
    "pathway-months": 0.5,
    "care-certificate-spread": 1e-6,
    "application-success": 1e-6,
    "feeder-application-success": 1e-6,
}
# A chance a month is a twelfth of a yearly rate, so the rate can't be above 12.
LARGEST = {"share": 1.0, "share a month": 1.0, "per person a year": 12.0}

_TABLE = (
    ("leavers-support-under-25", "per person a year", "support staff aged 16 to 24 who leave (a month: a twelfth)"),
    ("leavers-support-25-and-over", "per person a year", "the same, aged 25 and over"),
    ("leavers-rest-under-25", "per person a year", "others aged 16 to 24 who leave, the newly registered included"),
    ("leavers-rest-25-and-over", "per person a year", "the same, aged 25 and over"),
    ("leavers-against-last-year", "ratio", "leavers of every age, over what the rates of the last 12 months give"),
    ("ageing-out", "share a month", "support staff aged 16 to 24 who turn 25, of those who stay"),
    ("ageing-out-rest", "share a month", "the same in the rest of the workforce"),
    ("joiners-support", "ratio", "support joiners a year, over those of the last 12 months"),
    ("joiners-support-under-25", "ratio", "extra joiners aged 16 to 24, with total joiners unchanged"),
    ("joiners-rest", "ratio", "other joiners a year, over those of the last 12 months"),
    ("joiners-rest-under-25", "ratio", "extra joiners aged 16 to 24, with total joiners unchanged"),
    ("moves-into-registered", "ratio", "moves into registered roles a year, over those of the last 12 months"),
    ("pathway-starts", "ratio", "starts on registered pathways, over what the moves of the last 12 months need"),
    ("joiners-qualified", "share", "support joiners who hold a qualification of level 2 or above"),
    ("qualified-at-level-3", "share", "of those, level 3 or above"),
    ("apprentice-vacancy-young-share", "share", "people who join as apprentices, aged 16 to 24"),
    ("apprenticeship-months", "months", "from start to end of an apprenticeship, rounded to whole months"),
    ("apprenticeship-achievement", "share", "apprentices who achieve, of those still employed at its end"),
    ("apprenticeship-release", "hours a week", "release for each apprentice"),
    ("pathway-months", "months", "from start to end of a registered pathway, rounded to whole months"),
    ("pathway-completion", "share", "learners who complete the pathway, of those still employed at its end"),
    ("pathway-retention", "share", "of those who complete it, stay as registered staff"),
    ("pathway-release", "hours a week", "release for each person on a pathway"),
    ("work-experience-into-nhs-job", "share", "people on a placement who later start in support here"),
    ("pre-employment-into-our-job", "share", "participants of a course who start in support here"),
    ("pre-employment-course-places", "people", "participants a course"),
    ("ambassador-contacts", "contacts a year", "young people whom an active ambassador meets"),
    ("ambassador-contact-into-nhs-job", "share", "of those met, start in support here"),
    ("feeder-young-share", "share", "starters from placements, courses and ambassadors, aged 16 to 24"),
    ("placement-months-to-start", "months", "from a placement to the first day in post, whole months"),
    ("pre-employment-months-to-start", "months", "from a course to the first day in post, whole months"),
    ("ambassador-months-to-start", "months", "from a contact to the first day in post, whole months"),
    ("application-success", "share", "applications for support roles that end in a start"),
    ("feeder-application-success", "share", "the same for people from placements, courses and ambassadors"),
    ("care-starter-share", "share", "support joiners who work in front-line care"),
    ("care-certificate-in-time", "share", "newcomers to care certified within 84 days, at today's load"),
    ("care-certificate-spread", "ratio", "its standard deviation over its mean"),
    ("care-certificate-waiting", "share", "part of that time that is waiting for an assessor"),
    ("appraisal-received-assistants", "share", "support staff appraised in 12 months, today"),
    ("appraisal-hours", "hours", "an appraisal: both people and the record"),
    ("placement-supervision", "hours", "supervision of a placement"),
    ("pre-employment-supervision", "hours", "supervision of a participant of a course"),
    ("ambassador-hours", "hours a year", "an ambassador's time away from the post"),
    ("assessor-hours", "hours", "an assessor's time for one Care Certificate"),
    ("release-allowance", "share", "contracted hours of support staff that can be released in all"),
    ("contracted-hours", "hours a week", "contracted hours of a member of support staff"),
    ("backfill-cost", "pounds an hour", "backfill of released hours"),
    ("pre-employment-course-cost", "pounds", "a course, beyond supervision"),
    ("apprenticeship-cost", "pounds", "an apprenticeship start, beyond the levy and the release"),
    ("pathway-cost", "pounds a year", "a person on a pathway, beyond the release"),
    ("young-joiner-cost", "pounds", "recruiting one more joiner aged 16 to 24"),
    ("retention-cost", "pounds", "retaining one person who would have left"),
)  # fmt: skip

MODEL_PARAMETERS: dict[str, ModelParameter] = {row[0]: ModelParameter(*row) for row in _TABLE}


@dataclass(frozen=True)
class Rates:
    """A value for every assumption of the engine: a number, or an array of draws or organisations.

    Arrays of different assumptions are broadcast against each other and against the stocks.

    Attributes:
        by_name: assumption name -> value in the assumption's own unit (see MODEL_PARAMETERS); others are
            kept.

    Raises:
        SettingError: values that are missing or outside what their unit allows; all of them at once.
    """

    by_name: Mapping[str, Value]

    def __post_init__(self) -> None:
        problems = [
            f"there is no value for '{name}' ({assumed.unit}). {_slip(name, self.by_name)}".rstrip()
            for name, assumed in MODEL_PARAMETERS.items()
            if name not in self.by_name
        ]
        for name, value in self.by_name.items():
            if name in MODEL_PARAMETERS:
                problems += _out_of_bounds(MODEL_PARAMETERS[name], value)
        if problems:
            raise SettingError(problems)

    def __getitem__(self, name: str) -> Value:
        """The value of an assumption. Raises UnknownNameError with the closest names."""
        if name not in self.by_name:
            raise UnknownNameError("assumption", name, self.by_name)
        return self.by_name[name]

    @cached_property
    def batch(self) -> tuple[int, ...]:
        """The shape to which the engine's values broadcast; () when all are single numbers."""
        return np.broadcast_shapes(*(np.shape(self.by_name[name]) for name in MODEL_PARAMETERS))

    def with_values(self, values: Mapping[str, Value]) -> Rates:
        """The same with some values changed; this one stays as it is."""
        return Rates({**self.by_name, **values})


def _slip(name: str, given: Mapping[str, Any]) -> str:
    return did_you_mean(name, [other for other in given if other not in MODEL_PARAMETERS])


def _out_of_bounds(assumed: ModelParameter, value: Value) -> list[str]:
    values = np.asarray(value, dtype=np.float64)
    wrong = values[~((values >= assumed.least) & (values <= assumed.most) & np.isfinite(values))]
    if not wrong.size:
        return []
    bounds = (
        f"from {assumed.least:g} to {assumed.most:g}" if np.isfinite(assumed.most) else f"{assumed.least:g} or more"
    )
    return [f"'{assumed.name}' is {bounds} ({assumed.unit}), not {wrong[0]:g}"]


def monthly_from_annual_rate(annual: float) -> float:
    """Leavers in a year over the mean headcount, as a chance a month for a stock that stays level: a twelfth.

    0.12 a year is 0.01 a month. This is how NHS leaver rates are published.
    """
    return annual / 12


def ratio(part: Array, whole: Array) -> Array:
    """Part / whole, 0 where there is no whole."""
    return np.divide(part, whole, out=np.zeros(np.broadcast_shapes(part.shape, whole.shape)), where=whole > 0)


def share(part: Array, whole: Array) -> Array:
    """The share of people who are counted within a whole, 0 where there is nobody, never above 1.

    Both are sums of the same stocks taken in different orders, so the part of all can come out a last digit larger.
    """
    return np.minimum(ratio(part, whole), 1.0)


def over_a_year(flow: Array, today: Array) -> Array:
    """The sum of the last 12 months at each month; months up to month 0 count as today.

    Args:
        flow: months + 1 x batch; what stands at month 0 is not used.
        today: batch; a month's flow of today.
    """
    since = np.cumsum(flow, axis=0) - flow[0]
    year = since.copy()
    year[MONTHS_A_YEAR:] -= since[: max(len(flow) - MONTHS_A_YEAR, 0)]
    before = np.maximum(MONTHS_A_YEAR - np.arange(len(flow)), 0.0)[:, None]
    total: Array = year + before * today
    return total
