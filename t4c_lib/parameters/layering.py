"""Whose figure holds: the assumptions of a what-if put together from several hands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import ValidationError

from t4c_lib.errors import Problem, did_you_mean, refuse
from t4c_lib.parameters.assumption import ENDS, Assumption, Assumptions
from t4c_lib.validation_messages import problems_of

Figures = Mapping[str, "Assumption | float"]


class Layer(StrEnum):
    """Who says it, in words; the later one holds. See `layered`."""

    national = "national figure"
    counted = "counted here"
    own = "the organisation's own"
    scenario = "scenario"


@dataclass(frozen=True)
class Layered(Assumptions):
    """Assumptions put together, each of which remembers where it came from; otherwise like those of one file."""

    layers: Mapping[str, Layer] = field(default_factory=dict)  #: who says each of them, by name

    def layer(self, name: str) -> Layer:
        """Whose figure holds. Raises UnknownNameError."""
        return self.layers[self.get(name).name]

    def not_national(self) -> Iterator[Assumption]:
        """What some other layer than the national one says."""
        return (one for one in self if self.layers[one.name] is not Layer.national)

    def under(self, scenario: Figures) -> "Layered":
        """These with a scenario's figures above all others. Raises InputError as `layered`."""
        return _laid(self, {Layer.scenario: scenario})


def layered(
    national: Assumptions,
    *,
    counted: Figures | None = None,
    own: Assumptions | None = None,
    scenario: Figures | None = None,
) -> Layered:
    """Put assumptions together.

    Later wins, name by name:

    1. `national`: figures for England, parameters/national.yaml. It names every assumption there is.
    2. `counted`: what the organisation's own evidence says (progress.starting_state, learning from k of n).
    3. `own`: what the organisation wrote down, parameters/own/<CODE>.yaml. A person who writes a figure down knows what
       was counted and has a reason to say otherwise.
    4. `scenario`: what a scenario assumes.

    A figure replaces the one below it whole: interval, source and date, never only its middle. A bare number is
    certain, and keeps the date of the figure that it replaces. Raises InputError: a name that national does not have,
    another unit than there, or a number that the unit does not allow; every one of them, by layer.
    """
    given = {Layer.counted: counted, Layer.own: own.by_name if own is not None else None, Layer.scenario: scenario}
    return _laid(Layered(national.source, national.by_name, dict.fromkeys(national.by_name, Layer.national)), given)


def _laid(below: Layered, given: Mapping[Layer, Figures | None]) -> Layered:
    """Figures laid over others. Raises InputError with every problem."""
    problems, applied, layers = list[Problem](), dict(below.by_name), dict(below.layers)
    for layer, figures in given.items():
        for name, figure in (figures or {}).items():
            place = f"{layer}, {name}"
            if name not in applied:
                message = "there is no assumption of that name in the national file."
                problems.append(Problem(place, message, did_you_mean(name, applied)))
            elif (value := _whole(figure, applied[name], layer, place, problems)) is not None:
                applied[name], layers[name] = value, layer
    refuse("assumptions", problems)
    return Layered(below.source, applied, layers)


def _whole(
    figure: Assumption | float, below: Assumption, layer: Layer, place: str, problems: list[Problem]
) -> Assumption | None:
    if isinstance(figure, Assumption):
        if figure.unit is below.unit and figure.name == below.name:
            return figure
        if figure.name != below.name:
            problems.append(Problem(place, f"the figure under this name calls itself '{figure.name}'."))
        else:
            problems.append(Problem(place, f"its unit is '{figure.unit}', but '{below.unit}' in the national file."))
        return None
    try:
        return certain(below, figure, layer)
    except ValidationError as error:
        # The three ends are the same number, so one sentence says what there is to say.
        problems += problems_of(error.errors(), Assumption, lambda _: place)[:1]
        return None


def certain(assumption: Assumption, value: float, source: str) -> Assumption:
    """The assumption as a certain figure; its label, unit and date stay. Raises pydantic's ValidationError."""
    return assumption.with_values(**dict.fromkeys(ENDS, value), source=source, interval="", judgement=True, note="")
