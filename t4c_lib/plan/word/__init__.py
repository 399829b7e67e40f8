"""The pledge's table out of a Word document: read, matched to the framework, and proposed row by row as a plan."""

from t4c_lib.plan.word.proposal import Proposal, propose_from_word
