"""A local plan: what one organisation's partners set out to reach, read from and written to YAML, with its digests."""

from t4c_lib.plan.changes import RowChange, changes_between
from t4c_lib.plan.digests import decimal_text
from t4c_lib.plan.model import Plan, Side, Target

__all__ = ["Plan", "RowChange", "Side", "Target", "changes_between", "decimal_text"]
