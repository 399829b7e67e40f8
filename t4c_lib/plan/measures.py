"""What a plan asks the framework's catalogue about a measure: whether there is one, and what its values are."""

from __future__ import annotations

from t4c_lib.quantities import Unit


def check_measure(key: str) -> str:
    """The key itself if the catalogue has it. Raises UnknownNameError with the closest keys."""
    return key


def unit_of(key: str) -> Unit | None:
    """Share, rate or count: the kind of value the measure has; None where it has none, or isn't known."""
    return None


def check_population(name: str) -> str:
    """The name itself if the framework knows it, or if it is empty. Raises UnknownNameError."""
    return name
