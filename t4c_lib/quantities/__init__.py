"""Shares, rates, counts, baselines, and the five ways in which partners can say by how much one is to change."""

from t4c_lib.quantities.baseline import Baseline, Unit, count_of, count_words, number, percent, percent_pair, points
from t4c_lib.quantities.change import Change, ChangeError, ChangeKind, Reading, parse_change
