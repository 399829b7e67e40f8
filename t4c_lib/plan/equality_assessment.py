"""A plan's equality impact assessment: whom it was looked at for, what it does to them, and what is done about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from t4c_lib.framework import catalogue
from t4c_lib.plan.row_fields import DayField, Effect, EffectField, FilledText, Row, Text, each_once


def groups_to_consider() -> tuple[str, ...]:
    """The nine characteristics of the Equality Act 2010, and widening participation, as the framework lists them."""
    return catalogue().by_group.groups


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
    groups: Annotated[tuple[GroupEffect, ...], each_once("group", lambda one: f"'{one.group}'")] = ()
    note: Text = ""

    @property
    def not_considered(self) -> tuple[str, ...]:
        """The groups that the framework names and the assessment doesn't."""
        considered = {one.group for one in self.groups}
        return tuple(group for group in groups_to_consider() if group not in considered)


def assessed(
    before: EqualityAssessment | None,
    said: Iterable[str],
    *,
    by: str = "",
    date: str = "",
    rest: str = "",
    mitigations: Iterable[str] = (),
) -> EqualityAssessment:
    """An assessment with what somebody typed; what nothing is said of stays as it was.

    Args:
        before: the one there is.
        said: of groups, "disability=positive: placements for people with a learning disability".
        by: the post that answers for it.
        date: when it was made.
        rest: the same of each group that the framework names and that wasn't considered yet: "neutral: we looked".
        mitigations: what is done about a negative effect: "age=a route in for people over 50".

    Raises:
        InputError: what can't be read, every problem at once.
    """
    now = before or EqualityAssessment()
    groups = {one.group: dict(one) for one in now.groups}
    for text in said:
        group, _, words = text.partition("=")
        groups.setdefault(_whole_name(group), {}).update(_effect(words))
    for group in groups_to_consider() if rest else ():
        groups.setdefault(group, _effect(rest))
    for text in mitigations:
        group, _, words = text.partition("=")
        groups.setdefault(_whole_name(group), {})["mitigation"] = words
    rows = tuple({**fields, "group": group} for group, fields in groups.items())
    return now.changed(by=by or now.by, date=date or now.date, groups=rows)


def _effect(words: str) -> dict[str, Any]:
    effect, _, evidence = words.partition(":")
    return {"effect": effect.strip().replace("-", " "), "evidence": evidence}


def _whole_name(group: str) -> str:
    """The group as the framework names it, whatever the case; else as it was typed."""
    return next((one for one in groups_to_consider() if one.casefold() == group.strip().casefold()), group)
