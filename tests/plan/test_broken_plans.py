"""Plan files with a slip: read whole, or refused with the line; the large trial is in benchmarks/broken_plans.py."""

from __future__ import annotations

import pytest

from benchmarks.broken_plans import broken_plans, verdict
from tests.samples import BROKEN_PLANS

pytestmark = pytest.mark.law


@pytest.mark.parametrize("broken", list(broken_plans(BROKEN_PLANS.sample, seed=3)), ids=lambda broken: broken.name)
def test_a_broken_plan_file_is_read_whole_or_refused_with_its_place(broken: object) -> None:
    assert verdict(broken) in {"read", "refused with its place"}  # type: ignore[arg-type]


def test_the_same_seed_makes_the_same_files() -> None:
    assert list(broken_plans(20)) == list(broken_plans(20))
