"""Text that people type: one rule for all ways in. The ways themselves are in tests/store/test_store_texts.py."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from t4c_lib.errors import InputError, Problem
from t4c_lib.typed_text import (
    NAME,
    NOTE,
    TextKind,
    canonical_text,
    check_organisation_code,
    entry_problems,
    shown_safely,
    take_text,
)

ANY = st.text(st.characters(codec="utf-8"), max_size=2_100)


def taken(text: str, kind: TextKind = NOTE, missing: str = "") -> tuple[str, list[Problem]]:
    problems: list[Problem] = []
    return take_text(problems, "field", text, kind, missing), problems


@pytest.mark.unit
@pytest.mark.parametrize(
    ("typed", "kind", "words"),
    [
        ("A\nB", NAME, "field: a name goes on one line. Take out the line breaks."),
        ("A\u2028B", NAME, "field: a name goes on one line. Take out the line breaks."),
        ("x" * 101, NAME, "field: a name has up to 100 characters, not 101. Shorten it."),
        ("x" * 2_001, NOTE, "field: a note has up to 2,000 characters, not 2,001. Keep the document elsewhere"),
        ("A\x1b[2JB", NOTE, "field: the invisible character U+001B can't stand in a text. Type it again"),
        ("A\x9bB", NOTE, "field: the invisible character U+009B can't stand in a text. Type it again"),
        ("\u200b\u200d\ufeff", NOTE, "field: there is nothing to read in it. It has only invisible characters."),
        ("\u00a0\u200b\u00a0", NOTE, "field: there is nothing to read in it. It has only invisible characters."),
        ("\u3164", NAME, "field: there is nothing to read in it. It has only invisible characters."),
    ],
)
def test_what_cannot_be_is_told(typed: str, kind: TextKind, words: str) -> None:
    _, problems = taken(typed, kind)
    assert len(problems) == 1
    assert str(problems[0]).startswith(words)


@pytest.mark.unit
def test_what_must_be_there_is_asked_for_in_its_own_words() -> None:
    for nothing in ("", "  ", "\u00a0", "\u200b", "\u202e"):
        _, problems = taken(nothing, NAME, "say who you are.")
        assert [one.message for one in problems] == ["say who you are."]
    assert taken("") == ("", [])


@pytest.mark.unit
def test_what_is_kept_is_composed_trimmed_and_runs_in_its_own_direction() -> None:
    assert taken(" Ame\u0301lie\r\nn\u202egnp.exe\u202c\u00a0") == ("Am\u00e9lie\nngnp.exe", [])
    assert taken("\U0001f469\u200d\u2695\ufe0f")[1] == []  # a nurse is two signs and a joiner
    assert taken("x" * 100, NAME)[1] == []


@pytest.mark.law
@given(ANY, st.sampled_from([NAME, NOTE]))
@example("\r\x00\u202e", NAME)
def test_what_is_taken_without_a_word_is_safe_to_show_and_taken_again_as_it_is(text: str, kind: TextKind) -> None:
    kept, problems = taken(text, kind)
    if not problems:
        assert shown_safely(kept) == kept == canonical_text(kept)
        assert len(kept) <= kind.longest
        assert taken(kept, kind) == (kept, [])


@pytest.mark.law
@given(ANY)
def test_what_is_shown_steers_no_terminal(text: str) -> None:
    shown = shown_safely(text)
    assert len(shown) == len(text)
    assert not any(ord(mark) < 32 and mark not in "\n\t" for mark in shown)
    assert not set(shown) & set("\x7f\x9b\u202e\u2066")


@pytest.mark.unit
@pytest.mark.parametrize("code", ["", "../x", "X 1", "X\n1", "<b>", "x" * 41, "-X", "\u0420XX"])
def test_a_code_that_no_organisation_can_have_is_refused(code: str) -> None:
    with pytest.raises(InputError, match="is not an organisation code: up to 40 letters, digits, hyphens"):
        check_organisation_code(code)
    check_organisation_code("DEMO-AC")


@pytest.mark.unit
def test_the_texts_of_a_plan_are_named_by_their_place() -> None:
    content = {"organisation": {"name": "A\nB"}, "plan": {"actions": [{"text": "x" * 2_001}], "years": ["2026/27"]}}
    assert [one.place for one in entry_problems(content)] == ["organisation, name", "plan, actions, 1, text"]
