"""How many rows of a kind the framework has: worked out, so that a further row changes no test."""

from __future__ import annotations

from t4c_lib.framework import catalogue

_WHOLE = catalogue()
ACTIONS, MEASURES = len(_WHOLE.actions), len(_WHOLE.measures)
COUNTED = sum(one.kind not in {"evidence", "review"} for one in _WHOLE.measures)
# The pledge's signatures, the board's approval and publication follow from the record: nobody fills them in.
ACTIONS_WITH_POST, MEASURES_WITH_POST = (
    sum(one.on_record is None for one in some) for some in (_WHOLE.actions, _WHOLE.measures)
)
POSTS_MISSING = f"No responsible post named: {ACTIONS_WITH_POST} actions and {MEASURES_WITH_POST} measures (1a1, 1a2, "
