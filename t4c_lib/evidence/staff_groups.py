"""Staff groups of NHS workforce statistics, told in one way whatever the edition, and whom a figure by group is about.

Support to clinical staff is a staff group: most of it is in bands 1 to 4, and some of bands 1 to 4 is in other groups.
So it has a population of its own, near to "support staff" and not the same.
"""

from __future__ import annotations

import re

from t4c_lib.evidence.observation import ALL, TRUST_WORKFORCE

SUPPORT_TO_CLINICAL = "support to clinical staff"
ALL_GROUPS = "All staff groups"
NOTE_ON_GROUPS = (
    "Support to clinical staff is a staff group, not bands 1 to 4: for support staff these figures are a proxy."
)
_PARENT = "support to clinical staff"
_CHILDREN = {"support to doctors, nurses & midwives", "support to ambulance staff", "support to st&t staff"}
_WHOLE = re.compile(r"(all\b.*|total|grand total)", re.IGNORECASE)


def plain(text: str) -> str:
    """A group without the prefix that sorts it (`002_Nurses`), with today's name for doctors in training."""
    bare = " ".join(re.sub(r"^\d{2,3}_", "", text.strip()).split())
    return re.sub(r"\bjunior doctor", "resident doctor", bare, flags=re.IGNORECASE) if "unior" in bare else bare


def is_whole(text: str) -> bool:
    """Whether a value stands for everything in its column ("All staff groups", "Total"), a parent of other rows."""
    return _WHOLE.fullmatch(plain(text)) is not None


def whom(group: str, main: str = ALL_GROUPS, *further: str) -> tuple[str, str]:
    """Population and breakdown of a figure.

    Args:
        group: the staff group, with or without its prefix; a parent such as "All staff groups" means all of `main`.
        main: the main staff group it belongs to, where the publication has them.
        further: what else the figure is broken down by ("band=Band 2"); "all" and empty texts count for nothing.
    """
    told = plain(main) if is_whole(group) else plain(group)
    if is_whole(told):
        population, own = TRUST_WORKFORCE, ALL
    elif told.casefold() == _PARENT:
        population, own = SUPPORT_TO_CLINICAL, ALL
    elif told.casefold() in _CHILDREN:
        population, own = SUPPORT_TO_CLINICAL, f"staff group={told}"
    else:
        population, own = TRUST_WORKFORCE, f"staff group={told}"
    return population, breakdown(own, *further)


def breakdown(*parts: str) -> str:
    """Several groups as one breakdown, "staff group=Managers; band=Band 7"; "all" where there is none."""
    return "; ".join(part for part in parts if part and part != ALL) or ALL
