"""Who is learning at month 0, and what support staff are qualified for, as far as anybody counted it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from t4c_lib.evidence.observation import SUPPORT_STAFF, TRUST_WORKFORCE
from t4c_lib.parameters import Assumptions
from t4c_lib.progress.gathered import Gathered
from t4c_lib.quantities import number

NOT_COUNTED = "not known: nobody counted them"


@dataclass(frozen=True)
class Learners:
    """People in learning and how many start.

    Attributes:
        apprentices: in learning now, people.
        pathway: on a registered pathway now, people.
        apprenticeship_starts: a month.
        pathway_starts: a month.
    """

    apprentices: float
    pathway: float
    apprenticeship_starts: float
    pathway_starts: float


def learners(gathered: Gathered, national: Assumptions, support: float, leaving: float) -> Learners:
    """Who is learning; worked out from starts, or from those who arrive, where learners were not counted.

    Args:
        gathered: takes the parts.
        national: figures that stand in.
        support: support staff, people.
        leaving: per person a year, of support staff aged 25 and over.
    """
    starts = gathered.newest(
        "apprenticeship_starts",
        "Apprenticeship starts a year",
        gathered.series("apprenticeship-starts", SUPPORT_STAFF, TRUST_WORKFORCE),
        0.0,
        NOT_COUNTED,
    )
    months = national.get("apprenticeship-months").central
    apprentices = gathered.newest(
        "apprentices",
        "Apprentices in learning",
        gathered.series("apprentices", SUPPORT_STAFF, TRUST_WORKFORCE),
        min(starts / 12 * months, support / 2),
        f"worked out: {number(starts)} starts a year, {number(months)} months each",
    )
    gathered.stand_in(
        "apprentice_joiner_share",
        "Support joiners who join as apprentices",
        0.0,
        "not known: all starts are taken as people in post",
        as_share=True,
    )
    moves = national.get("support-into-registered")
    arriving = gathered.newest(
        "support_to_registered",
        "Support staff who move into a registered role in a year",
        gathered.series("support-to-registered", SUPPORT_STAFF),
        support * moves.central,
        f"national figure: {moves.source}",
    )
    on_the_way = national.get("pathway-months").central
    completion, stay = (national.get(f"pathway-{what}").central for what in ("completion", "retention"))
    starting = arriving / (completion * stay * (1 - leaving / 12) ** round(on_the_way))
    pathway = gathered.newest(
        "pathway",
        "People on a registered pathway",
        gathered.series("staff-on-new-pathways", SUPPORT_STAFF, TRUST_WORKFORCE),
        min(starting / 12 * on_the_way, support / 2),
        f"worked out: {number(arriving)} a year arrive after {number(on_the_way)} months",
    )
    return Learners(apprentices, pathway, starts / 12, starting / 12)


def stocks_by_qualification(
    gathered: Gathered, national: Assumptions, support: Mapping[str, float], learning: Learners
) -> dict[str, float]:
    """Support staff by age in their stocks of State. Both ages are taken to be qualified and learning alike."""
    everybody = sum(support.values())
    level_2, level_3 = _qualified(gathered, national)
    levels = {"none": 1 - level_2, "level_2": level_2 - level_3, "level_3": level_3}
    # Nobody is on a pathway without level 3, nor an apprentice with it.
    pathway = min(learning.pathway, level_3 * everybody)
    below = levels["none"] + levels["level_2"]
    apprentices = min(learning.apprentices, below * everybody)
    found = {}
    for age, people in support.items():
        part = people / everybody if everybody else 0.0
        found[f"pathway_{age}"] = pathway * part
        found[f"support_{age}_level_3"] = max(level_3 * people - pathway * part, 0.0)
        for level in ("none", "level_2"):
            of_them = apprentices * part * (levels[level] / below if below else 0.0)
            found[f"apprentices_{age}_{level}"] = of_them
            found[f"support_{age}_{level}"] = max(levels[level] * people - of_them, 0.0)
    return found


def _qualified(gathered: Gathered, national: Assumptions) -> tuple[float, float]:
    qualified, at_level_3 = (national.get(name) for name in ("joiners-qualified", "qualified-at-level-3"))
    stand_in = {2: qualified.central, 3: qualified.central * at_level_3.central}
    values = []
    for level, otherwise in stand_in.items():
        name, label = f"level_{level}", f"Support staff with a qualification of level {level} or above"
        found = gathered.series("attainment", SUPPORT_STAFF, breakdown=f"level={level}+")
        if found is None:
            source = f"that of new support staff, {qualified.source}"
            values.append(gathered.stand_in(name, label, otherwise, source, as_share=True))
        else:
            values.append(gathered.counted(name, label, min(found[0], 1.0), f"counted, {found[1]}", as_share=True))
    return values[0], min(values)
