"""The settings of an XmR chart, by name: what differs between tools is data, the rules are the same code."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from importlib import resources
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from t4c_lib.errors import UnknownNameError
from t4c_lib.pydantic_words import Key, Text, read_model
from t4c_lib.yaml_text import RowName, read_yaml

PROFILES_FILE = "spc_profiles.yaml"
PUBLISHED = "published"


class TwoInThree(StrEnum):
    """Which points count for two of three near a limit."""

    NEAR = "near"
    NEAR_AND_OUTSIDE = "near and outside"


class WhereBoth(StrEnum):
    """Which signal is shown of a point that has several."""

    FIRST = "first"
    IMPROVEMENT = "improvement"


class OnLimit(StrEnum):
    """What a target is that equals a limit."""

    WITHIN = "within"
    BEYOND = "beyond"


RunLength = Annotated[int, Field(strict=True, ge=3, le=20)]


class SpcProfile(BaseModel):
    """One way to draw an XmR chart.

    Attributes:
        name: by which it is asked for.
        label: as the chart prints it.
        screens: whether unusually large moving ranges are left out of the limits.
        shift: so many points in a row on one side of the mean are a signal.
        trend: so many points in a row, each higher (or each lower) than the one before, are a signal.
        two_in_three: which points count as near a limit.
        where_both: which signal is shown of a point that has several.
        target_on_limit: whether a target that equals a limit counts as beyond it.
        least_points: with fewer points in the latest phase neither limits nor icons are shown.
        source: whose settings they are.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Key
    label: Text
    screens: StrictBool
    shift: RunLength
    trend: RunLength
    two_in_three: TwoInThree
    where_both: WhereBoth
    target_on_limit: OnLimit
    least_points: Annotated[int, Field(strict=True, ge=2)]
    source: Text


class _Profiles(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    profiles: tuple[SpcProfile, ...]


@lru_cache(maxsize=1)
def spc_profiles() -> tuple[SpcProfile, ...]:
    """Every profile there is."""
    text = resources.files(__package__).joinpath(PROFILES_FILE).read_text(encoding="utf-8")
    document = read_yaml(text, PROFILES_FILE, needs=("profiles",), rows={"profiles": RowName("profile", ("name",))})
    return read_model(_Profiles, document).profiles


def spc_profile(name: str) -> SpcProfile:
    """The profile of that name. Raises UnknownNameError with the closest names."""
    for profile in spc_profiles():
        if profile.name == name:
            return profile
    raise UnknownNameError("profile of XmR charts", name, [profile.name for profile in spc_profiles()])
