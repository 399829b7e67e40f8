"""A plan's equality impact assessment: whom it was looked at for, what it does to them, and what is done about it."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from t4c_lib.framework import catalogue
from t4c_lib.plan.fields import DayField, FilledText, Row, Text
from t4c_lib.plan.parts import Effect, EffectField, first_repeats
from t4c_lib.pydantic_words import refused

MEASURE_OF_LIKENESS = "local-diversity"


def groups_to_consider() -> tuple[str, ...]:
    """The nine characteristics of the Equality Act 2010, and widening participation, as the framework lists them."""
    return catalogue().measure(MEASURE_OF_LIKENESS).groups


class GroupEffect(Row):
    """What the plan does to one group.

    Attributes:
        group: a characteristic ("disability"), or another group that the partners want to look at ("carers").
        effect: positive, neutral, negative or not known.
        evidence: what that rests on.
        mitigation: what is done about it; needed where the effect is negative.
    """

    group: FilledText
    effect: EffectField = Effect.NOT_KNOWN
    evidence: Text = ""
    mitigation: Text = ""

    @property
    def key(self) -> str:
        """What makes it this row of the assessment and no other."""
        return self.group

    @property
    def label(self) -> str:
        """How messages call it."""
        return f"equality impact on {self.group}"


def _each_once(groups: tuple[GroupEffect, ...]) -> tuple[GroupEffect, ...]:
    faults = [
        (place, f"group {earlier + 1} is '{groups[place].group}' already; keep one of the two.")
        for place, earlier in first_repeats(one.key for one in groups)
    ]
    if faults:
        raise refused(" ".join(message for _, message in faults), faults)
    return groups


class EqualityAssessment(Row):
    """The assessment.

    Attributes:
        by: the post that answers for it.
        date: when it was made.
        groups: the groups considered.
        note: whatever else is to be said.
    """

    by: Text = ""
    date: DayField | None = None
    groups: Annotated[tuple[GroupEffect, ...], AfterValidator(_each_once)] = ()
    note: Text = ""

    @property
    def not_considered(self) -> tuple[str, ...]:
        """The groups that the framework names and the assessment doesn't."""
        considered = {one.group for one in self.groups}
        return tuple(group for group in groups_to_consider() if group not in considered)
