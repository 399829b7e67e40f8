"""Whatever is handed in as a catalogue, it is either read whole or refused in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import t4c_lib.framework
from t4c_lib.errors import InputError, UnknownNameError
from t4c_lib.framework import catalogue
from t4c_lib.framework.catalogue import read_catalogue, read_series

pytestmark = pytest.mark.law

LINES = (Path(t4c_lib.framework.__file__).parent / "catalogue.yaml").read_text(encoding="utf-8").splitlines()
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["series", "populations", "key"]), inner)
    ),
    max_leaves=8,
)


def refused(read: Callable[[], object]) -> InputError | None:
    """The refusal, if there is one; any other error fails the test."""
    try:
        read()
    except InputError as refusal:
        return refusal
    return None


@settings(max_examples=25, deadline=None)
@given(line=st.integers(0, len(LINES) - 1), damage=st.sampled_from(["dropped", "doubled", "cut here", "indented"]))
def test_a_damaged_catalogue_is_read_or_refused_in_words_never_anything_else(line: int, damage: str) -> None:
    lines = {
        "dropped": [*LINES[:line], *LINES[line + 1 :]],
        "doubled": [*LINES[: line + 1], *LINES[line:]],
        "cut here": LINES[:line],
        "indented": [*LINES[:line], f"  {LINES[line]}", *LINES[line + 1 :]],
    }[damage]
    refusal = refused(lambda: read_catalogue("\n".join(lines), "mine.yaml"))
    assert refusal is None or (str(refusal).startswith("mine.yaml: ") and all(row.message for row in refusal.problems))


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=60) | anything.map(repr))
def test_any_text_at_all_is_read_or_refused_as_a_list_of_series(text: str) -> None:
    refusal = refused(lambda: read_series(text, "mine.yaml"))
    assert refusal is None or refusal.problems


@given(key=st.text(max_size=20) | st.sampled_from([row.reference for row in catalogue().measures]))
def test_a_look_up_finds_the_row_of_that_name_or_says_that_there_is_none(key: str) -> None:
    known = {row.key for row in catalogue().measures} | {row.reference for row in catalogue().measures}
    if key in known:
        assert key in (catalogue().measure(key).key, catalogue().measure(key).reference)
    else:
        with pytest.raises(UnknownNameError) as caught:
            catalogue().measure(key)
        assert set(caught.value.closest) <= known
