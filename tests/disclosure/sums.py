"""One sum at a time into a system of counts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from t4c_lib.disclosure.possible_values import CountSystem


def add_sum(system: CountSystem, plus: Sequence[int], minus: Sequence[int], *, may_lack: bool = False) -> None:
    """What is added comes to as much as what is taken away, or to more where that may lack some."""
    counts = np.array([*plus, *minus])
    signs = np.array([1] * len(plus) + [-1] * len(minus))
    system.add_sums(np.zeros(len(counts), dtype=int), counts, signs, np.array([may_lack]))
