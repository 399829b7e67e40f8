"""The pledge's table out of a Word document: read, matched to the framework, and proposed row by row as a plan."""

from t4c_lib.plan.word.plan_table import read_word_table
from t4c_lib.plan.word.proposal import (
    MissingRow,
    NearMatch,
    Proposal,
    ProposedRow,
    RowKind,
    match_pledge,
    propose_from_word,
)

__all__ = [
    "MissingRow",
    "NearMatch",
    "Proposal",
    "ProposedRow",
    "RowKind",
    "match_pledge",
    "propose_from_word",
    "read_word_table",
]
