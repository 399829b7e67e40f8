"""Small numbers: what of people's counts may leave the forum, and what a reader could work out of it."""

from __future__ import annotations

from t4c_lib.disclosure.policy import Audience, Policy, policy, read_policy
from t4c_lib.disclosure.published import Audit, PublishedFigures, publish, rounded_to

__all__ = ["Audience", "Audit", "Policy", "PublishedFigures", "policy", "publish", "read_policy", "rounded_to"]
