"""Who may have taken over the work of an NHS trust that closed.

The ODS list says that a trust closed, and not who took over its work. So nothing is linked by itself: there are leads,
a trust that opened the day after the closure or one of the same area that took another name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from t4c_lib.evidence.observation import Organisation

TRUSTS = "ods-trusts"
OLD_TRUST_CODE = r"[RT][A-Z0-9]{2}"  # of all trusts until 2024; newer codes are like G6V2S


def leads(closed: Organisation, candidates: Iterable[Organisation]) -> tuple[tuple[Organisation, str], ...]:
    """Which of those that opened since, or were renamed, may have taken over the work of one that closed, and why."""
    found = []
    for other in candidates:
        is_near = bool(closed.ics) and closed.ics == other.ics
        if closed.closed and other.opened == closed.closed + dt.timedelta(days=1):
            found.append((other, "opened the day after" + (", in the same ICS" if is_near else "")))
        elif is_near and other.opened and other.opened < (closed.closed or dt.date.max):
            found.append((other, "took another name between the editions, in the same ICS"))
    return tuple(found)
