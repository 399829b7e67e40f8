"""The keywords by which a row is known in somebody else's words: every row has some, and no two rows the same."""

from __future__ import annotations

from collections import Counter

import pytest

from t4c_lib.framework import catalogue

pytestmark = pytest.mark.unit


def test_every_intention_action_and_measure_has_from_three_to_twelve_keywords() -> None:
    whole = catalogue()
    assert {
        row.key for row in (*whole.intentions, *whole.actions, *whole.measures) if not 3 <= len(row.keywords) <= 12
    } == set()


def test_keywords_are_single_words_or_short_phrases_in_small_letters_each_once_in_a_row() -> None:
    whole = catalogue()
    for row in (*whole.intentions, *whole.actions, *whole.measures):
        assert len(set(row.keywords)) == len(row.keywords), row.key
        for keyword in row.keywords:
            assert keyword == keyword.strip().lower(), row.key
            assert 1 <= len(keyword.split()) <= 5, row.key


def test_within_an_intention_every_action_and_every_measure_has_a_keyword_of_its_own() -> None:
    for intention in catalogue().intentions:
        for rows in (intention.actions, intention.measures):
            counts = Counter(keyword for row in rows for keyword in row.keywords)
            for row in rows:
                assert any(counts[keyword] == 1 for keyword in row.keywords), row.key
