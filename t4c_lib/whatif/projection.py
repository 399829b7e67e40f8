"""The connected pipeline: stocks of staff month by month, each choice with its effect on all the others.

The events of a month, in order (docs/decisions/0008-pipeline.md draws them): people leave; survivors turn 25; learning
ends; people in post begin to learn; joiners arrive, and are exposed from the next month on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from t4c_lib.errors import SettingError, UnknownNameError
from t4c_lib.whatif import measures_and_costs
from t4c_lib.whatif.flows import Run
from t4c_lib.whatif.inputs import Inputs
from t4c_lib.whatif.levers import LeverSetting, check_settings
from t4c_lib.whatif.measures_and_costs import Costs, Limit, MeasurePath, ReleaseHours
from t4c_lib.whatif.rates import Rates
from t4c_lib.whatif.simulation import MonthStep, StochasticStep, run_months
from t4c_lib.whatif.state import WorkforceState

ADDITIVE, CONSTANT = "additive", "constant establishment"
CLOSURES = (ADDITIVE, CONSTANT)


@dataclass(frozen=True)
class Pipeline:
    """The model, as one of two closures. Raises UnknownNameError: there is no such closure."""

    #: "additive", joiners are given; or "constant establishment", joiners fill what is vacant, so that support staff
    #: and the rest of the workforce both keep their size.
    closure: str = ADDITIVE

    def __post_init__(self) -> None:
        if self.closure not in CLOSURES:
            raise UnknownNameError("closure", self.closure, CLOSURES)

    def run(
        self,
        state: WorkforceState,
        rates: Rates,
        settings: Iterable[LeverSetting] = (),
        months: int = 60,
        generator: np.random.Generator | None = None,
    ) -> "Projection":
        """What happens from month 0 to `months`, both included.

        Args:
            state: who is there at month 0; numbers or arrays of batch shape.
            rates: the assumptions; numbers or arrays of batch shape. All shapes are broadcast against each other.
            settings: levers that are set; one that changes nothing is as good as none.
            months: whole months, 0 or more.
            generator: draws what happens to each person (binomial survival, Poisson arrivals); None for what is
                expected. With it, every stock is a whole number of people.

        Raises:
            UnknownNameError: there is no such lever.
            SettingError: settings or months that can't be.
        """
        if months < 0 or int(months) != months:
            raise SettingError([f"the number of months must be a whole number, 0 or more, not {months}"])
        inputs = Inputs.of(state, rates, check_settings(settings), months)
        keeps_size = self.closure == CONSTANT
        step = MonthStep if generator is None else partial(StochasticStep, generator=generator)
        month = step(inputs, keeps_size=keeps_size)
        path = run_months(month.first, months, month)
        return Projection(self.closure, inputs, path, month.joiners, month.learners, month.flows(path), generator)


@dataclass(frozen=True, eq=False)
class Projection(Run):
    """What a run found: stocks and flows, and what follows from them: measures, hours and money."""

    def measure(self, name: str) -> MeasurePath:
        """A measure of the catalogue, by key or reference, month by month, or the reason why it has no path.

        Raises UnknownNameError, which names the closest.
        """
        return measures_and_costs.measure_path(self, name)

    @cached_property
    def release(self) -> ReleaseHours:
        """The hours that all of it takes away from posts, and those that there are."""
        return measures_and_costs.release_hours(self)

    @cached_property
    def costs(self) -> Costs:
        """Hours and pounds of each activity."""
        return measures_and_costs.costs(self)

    @cached_property
    def limits(self) -> Mapping[str, Limit]:
        """What was wanted and what could be given, where the two can differ."""
        return measures_and_costs.limits(self)

    def warnings(self) -> tuple[str, ...]:
        """A sentence for every limit that was met and for hours that are not there; of an array, its worst member."""
        found = (limit.sentence(name) for name, limit in self.limits.items())
        return tuple(sentence for sentence in (*found, self.release.sentence()) if sentence)
