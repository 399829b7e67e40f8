"""Who is learning at month 0, and what support staff are qualified for, as far as anybody counted it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from t4c_lib.evidence.observations import SUPPORT_STAFF, TRUST_WORKFORCE
from t4c_lib.framework import ModelPath, series_followed
from t4c_lib.parameters import Assumptions
from t4c_lib.periods import parse_period
from t4c_lib.progress.gathered import Gathered

FRAMEWORKS_LEVEL = 2  # which the measure of attainment counts from where it names no other
NOT_COUNTED = "taken as none: nobody counted them"


@dataclass(frozen=True)
class Learners:
    """People in learning and how many start.

    Attributes:
        apprentices: in learning now, people; None where nobody counted them: the model then has as many as the starts
            leave, less those who left.
        pathway: on a registered pathway now, people; None likewise. The model has as many as the moves into registered
            roles need, and says from the count where the measure begins.
        apprenticeship_starts: a month.
        moves_into_registered: support staff who moved into a registered role, a month.
        moves_are_counted: whether they were counted here; else there are as many as nationally.
    """

    apprentices: float | None
    pathway: float | None
    apprenticeship_starts: float
    moves_into_registered: float
    moves_are_counted: bool


def learners(gathered: Gathered, national: Assumptions, support: float) -> Learners:
    """Who is learning, as far as it was counted.

    Args:
        gathered: takes the parts.
        national: figures that stand in.
        support: support staff, people.
    """
    starts = gathered.newest(
        "apprenticeship_starts",
        "Apprenticeship starts a year",
        gathered.series(series_followed(ModelPath.APPRENTICESHIP_STARTS), SUPPORT_STAFF, TRUST_WORKFORCE),
        0.0,
        NOT_COUNTED,
    )
    apprentices = gathered.known(
        "apprentices",
        "Apprentices in learning",
        gathered.series("apprentices", SUPPORT_STAFF, TRUST_WORKFORCE),
        "as many as the starts leave, after those who left",
    )
    gathered.stand_in(
        "apprentice_joiner_share",
        "Support joiners who join as apprentices",
        0.0,
        "not known: all starts are taken as people in post",
        as_share=True,
    )
    national_moves = national.get("support-into-registered")
    counted = gathered.series(series_followed(ModelPath.REGISTERING), SUPPORT_STAFF)
    moves = gathered.newest(
        "support_to_registered",
        "Support staff who move into a registered role in a year",
        counted,
        support * national_moves.central,
        f"national figure: {national_moves.source}",
    )
    pathway = gathered.known(
        "pathway",
        "People on a registered pathway",
        gathered.series(series_followed(ModelPath.ON_PATHWAY), SUPPORT_STAFF, TRUST_WORKFORCE),
        "as many as the moves into registered roles need, given how many leave on the way",
    )
    return Learners(apprentices, pathway, starts / 12, moves / 12, counted is not None)


def stocks_by_qualification(
    gathered: Gathered, national: Assumptions, support: Mapping[str, float], learning: Learners
) -> dict[str, float]:
    """Support staff by age in their stocks of State. Both ages are taken to be qualified and learning alike.

    Learners who were not counted stand among those in post; the model finds their number (State).
    """
    everybody = sum(support.values())
    level_2, level_3 = _qualified(gathered, national)
    levels = {"none": 1 - level_2, "level_2": level_2 - level_3, "level_3": level_3}
    # Nobody is an apprentice with level 3.
    below = levels["none"] + levels["level_2"]
    apprentices = min(learning.apprentices or 0.0, below * everybody)
    found = {}
    for age, people in support.items():
        part = people / everybody if everybody else 0.0
        found[f"support_{age}_level_3"] = level_3 * people
        for level in ("none", "level_2"):
            of_them = apprentices * part * (levels[level] / below if below else 0.0)
            found[f"apprentices_{age}_{level}"] = of_them
            found[f"support_{age}_{level}"] = max(levels[level] * people - of_them, 0.0)
    return found


def _qualified(gathered: Gathered, national: Assumptions) -> tuple[float, float]:
    qualified, at_level_3 = (national.get(name) for name in ("joiners-qualified", "qualified-at-level-3"))
    stand_in = {2: qualified.central, 3: qualified.central * at_level_3.central}
    values, attainment = [], series_followed(ModelPath.QUALIFIED_SHARE)
    for level, otherwise in stand_in.items():
        name, label = f"level_{level}", f"Support staff with a qualification of level {level} or above"
        found = gathered.series(attainment, SUPPORT_STAFF, breakdown=f"level={level}+")
        if found is None and level == FRAMEWORKS_LEVEL:
            found = gathered.series(attainment, SUPPORT_STAFF)
        if found is None:
            source = f"that of new support staff, {qualified.source}"
            values.append(gathered.stand_in(name, label, otherwise, source, as_share=True))
        else:
            values.append(
                gathered.counted(
                    name, label, min(found[0], 1.0), f"counted, {parse_period(found[1]).label}", as_share=True
                )
            )
    return values[0], min(values)
