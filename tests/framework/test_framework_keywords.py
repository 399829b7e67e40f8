"""The keywords by which a row is known in somebody else's words: every row has some, and no two rows the same."""

from __future__ import annotations

from collections import Counter

import pytest

from t4c_lib.framework import Action, Intention, Measure, catalogue

pytestmark = pytest.mark.unit


def every_row() -> list[Intention | Action | Measure]:
    whole = catalogue()
    return [*whole.intentions, *whole.actions, *whole.measures]


def test_every_intention_action_and_measure_has_from_three_to_twelve_keywords() -> None:
    assert [row.key for row in every_row() if not 3 <= len(row.keywords) <= 12] == []


def test_keywords_are_single_words_or_short_phrases_in_small_letters_each_once_in_a_row() -> None:
    for row in every_row():
        assert len(set(row.keywords)) == len(row.keywords), row.key
        for keyword in row.keywords:
            assert keyword == keyword.strip().lower(), row.key
            assert 1 <= len(keyword.split()) <= 5, row.key


def test_within_an_intention_every_action_and_every_measure_has_a_keyword_of_its_own() -> None:
    columns: list[list[Action] | list[Measure]] = []
    for intention in catalogue().intentions:
        columns += [list(intention.actions), list(intention.measures)]
    for rows in columns:
        counts = Counter(keyword for row in rows for keyword in row.keywords)
        for row in rows:
            assert any(counts[keyword] == 1 for keyword in row.keywords), row.key
