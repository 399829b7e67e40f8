"""Whose figure holds: the assumptions of a what-if put together from several hands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum

from pydantic import ValidationError

from t4c_lib.errors import Problem, did_you_mean, refuse
from t4c_lib.parameters.assumption import ENDS, Assumption, Assumptions
from t4c_lib.validation_messages import problems_of

Figures = Mapping[str, "Assumption | float"]


class Layer(IntEnum):
    """Who says it; the higher one holds. See `layered`."""

    national = 1
    counted = 2
    own = 3
    scenario = 4
    live = 5

    @property
    def words(self) -> str:
        return LAYER_WORDS[self]


LAYER_WORDS = {
    Layer.national: "national figure",
    Layer.counted: "counted here",
    Layer.own: "the organisation's own",
    Layer.scenario: "scenario",
    Layer.live: "set live",
}


@dataclass(frozen=True)
class Applied:
    """A figure that holds, and whose it is.

    Attributes:
        value: the figure with unit, source and date.
        layer: who says it.
        replaces: the layers below that say something about it too, the highest first.
    """

    value: Assumption
    layer: Layer
    replaces: tuple[Layer, ...] = ()

    @property
    def name(self) -> str:
        return self.value.name


@dataclass(frozen=True)
class Layered(Assumptions):
    """Assumptions put together, each of which remembers where it came from; otherwise like those of one file."""

    applied: Mapping[str, Applied] = field(default_factory=dict)

    def layer(self, name: str) -> Layer:
        """Whose figure holds. Raises UnknownNameError."""
        return self.applied[self.get(name).name].layer

    def not_national(self) -> Iterator[Applied]:
        """What some other layer than the national one says."""
        return (one for one in self.applied.values() if one.layer is not Layer.national)

    def under(self, scenario: Figures) -> "Layered":
        """These with a scenario's figures in their place: above all others, but below what is set live.

        Raises InputError as `layered` does.
        """
        applied = dict(self.applied)
        problems: list[Problem] = []
        live = {name: one for name, one in applied.items() if one.layer is Layer.live}
        _lay(Layer.scenario, {name: figure for name, figure in scenario.items() if name not in live}, applied, problems)
        refuse("assumptions", problems)
        for name in scenario.keys() & live.keys():
            applied[name] = replace(live[name], replaces=(Layer.scenario, *live[name].replaces))
        return _put(self.source, applied)


def layered(
    national: Assumptions,
    *,
    counted: Figures | None = None,
    own: Assumptions | None = None,
    scenario: Figures | None = None,
    live: Figures | None = None,
) -> Layered:
    """Put assumptions together.

    Later wins, name by name:

    1. `national`: figures for England, parameters/national.yaml. It names every assumption there is.
    2. `counted`: what the organisation's own evidence says (progress.starting_state, learning from k of n).
    3. `own`: what the organisation wrote down, parameters/own/<CODE>.yaml. A person who writes a figure down knows what
       was counted and has a reason to say otherwise.
    4. `scenario`: what a scenario assumes.
    5. `live`: what somebody sets while people talk.

    A figure replaces the one below it whole: interval, source and date, never only its middle. A bare number is
    certain, and keeps the date of the figure that it replaces.

    Raises:
        InputError: a name that national does not have, another unit than there, or a number that the unit does not
            allow; every one of them, by layer.
    """
    problems: list[Problem] = []
    applied = {one.name: Applied(one, Layer.national) for one in national}
    layers: tuple[tuple[Layer, Figures], ...] = (
        (Layer.counted, counted or {}),
        (Layer.own, own.by_name if own is not None else {}),
        (Layer.scenario, scenario or {}),
        (Layer.live, live or {}),
    )
    for layer, figures in layers:
        _lay(layer, figures, applied, problems)
    refuse("assumptions", problems)
    return _put(national.source, applied)


def _lay(layer: Layer, figures: Figures, applied: dict[str, Applied], problems: list[Problem]) -> None:
    for name, figure in figures.items():
        place = f"{layer.words}, {name}"
        if name not in applied:
            message = "there is no assumption of that name in the national file."
            problems.append(Problem(place, message, did_you_mean(name, applied)))
            continue
        below = applied[name]
        if (value := _whole(figure, below.value, layer, place, problems)) is not None:
            applied[name] = Applied(value, layer, (below.layer, *below.replaces))


def _put(source: str, applied: dict[str, Applied]) -> Layered:
    return Layered(source, {name: one.value for name, one in applied.items()}, applied)


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
        return certain(below, figure, layer.words)
    except ValidationError as error:
        # The three ends are the same number, so one sentence says what there is to say.
        problems += problems_of(error.errors(), Assumption, lambda _: place)[:1]
        return None


def certain(assumption: Assumption, value: float, source: str) -> Assumption:
    """The assumption as a certain figure; its label, unit and date stay. Raises pydantic's ValidationError."""
    return assumption.with_values(**dict.fromkeys(ENDS, value), source=source, interval="", judgement=True, note="")
