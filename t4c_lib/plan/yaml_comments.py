"""Lets a comment stand with what it is written above.

ruamel.yaml hangs a comment on the value before it: the lines above a row belong to the last value of the row before,
and would go with that value, or stay in front of what is put after it. Here they are hung on the row below.
"""

from __future__ import annotations

from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import CommentMark
from ruamel.yaml.tokens import CommentToken

BEFORE, AFTER_VALUE, AFTER_ITEM, BELOW = 1, 2, 0, 3  # places in ruamel's list of the comments of a key or an item


def settle(node: Any) -> None:
    """Move comments below a text's parsed content to where they were meant; what ends the text stays there."""
    lines = _settle(node)
    if lines:
        _hang_below(node, "".join(lines))


def carry_over(new: CommentedSeq, old: CommentedSeq, places: dict[int, int]) -> None:
    """Give a list the comments of another, for the items that both have: new place by old place."""
    new.ca.comment = old.ca.comment
    if old.fa.flow_style():
        new.fa.set_flow_style()
    for before, after in places.items():
        if before in old.ca.items:
            new.ca.items[after] = old.ca.items[before]


def _settle(node: Any) -> list[str]:
    """Settle the comments inside, and take off and return the lines that stand below the last value."""
    keys: list[Any] = list(node) if isinstance(node, CommentedMap) else list(range(len(node)))
    if node.fa.flow_style():
        return []
    lines: list[str] = []
    for key in keys:
        if lines:
            hang_above(node, key, lines)
        value = node[key]
        if isinstance(value, CommentedMap | CommentedSeq) and value and not value.fa.flow_style():
            _settle_opening(node, key, value)
            lines = _settle(value)
        else:
            lines = _take_off(node, key)
    return lines


def _settle_opening(node: Any, key: Any, value: Any) -> None:
    """Hang what stands above the first of a group or list on that first one, not on the group or list."""
    first = next(iter(value)) if isinstance(value, CommentedMap) else 0
    lines = _take_off(node, key)
    if lines:
        hang_above(value, first, lines)
    there = node.ca.items.get(key, [None] * 4)
    if there[BELOW]:
        tokens, there[BELOW] = there[BELOW], None
        value.ca.comment = None
        above = value.ca.items.setdefault(first, [None, None, None, None])
        above[BEFORE] = [*tokens, *(above[BEFORE] or [])]


def _take_off(node: Any, key: Any) -> list[str]:
    """The lines below a value, without the comment on its own line, which stays."""
    place = AFTER_VALUE if isinstance(node, CommentedMap) else AFTER_ITEM
    token = node.ca.items.get(key, [None] * 4)[place]
    if token is None or not isinstance(token.value, str):
        return []
    own, _, below = token.value.partition("\n")
    if not below:
        return []
    token.value = f"{own}\n"
    if not own:
        node.ca.items[key][place] = None
    return below.splitlines(keepends=True)


def hang_above(node: Any, key: Any, lines: list[str]) -> None:
    """Put comment lines, indented as they are to stand, above a key or an item."""
    tokens = [CommentToken(f"{line.strip()}\n", CommentMark(len(line) - len(line.lstrip(" "))), None) for line in lines]
    there = node.ca.items.setdefault(key, [None, None, None, None])
    there[BEFORE] = [*tokens, *(there[BEFORE] or [])]


def _hang_below(node: Any, text: str) -> None:
    """Put lines back below the very last value."""
    while isinstance(node, CommentedMap | CommentedSeq):
        key: Any = list(node)[-1] if isinstance(node, CommentedMap) else len(node) - 1
        place = AFTER_VALUE if isinstance(node, CommentedMap) else AFTER_ITEM
        value = node[key]
        if isinstance(value, CommentedMap | CommentedSeq) and value and not value.fa.flow_style():
            node = value
            continue
        there = node.ca.items.setdefault(key, [None, None, None, None])
        if there[place] is None:
            there[place] = CommentToken("\n" + text, CommentMark(0), None)
        else:
            there[place].value += text
        return
