"""Names that a register prints in capitals, as people write them: "LEEDS NHS TRUST" becomes "Leeds NHS Trust"."""

from __future__ import annotations

import re

_STAY_CAPITALS = {"NHS", "ICB", "CIC", "UK", "II", "III"}
_STAY_SMALL = {"and", "of", "the", "for", "upon", "in", "on", "at", "with", "to", "under", "by"}
_WORD = re.compile(r"[A-Z]+(?:'[A-Z]+)*'?")


def readable_name(name: str) -> str:
    """A name in title case if it is all capitals; a name with any small letter in it is left as it is.

    Small words stay small except at the very start; NHS and the like stay capitals; "GUY'S" becomes "Guy's" and
    "O'BRIEN" becomes "O'Brien". A name whose own capitals lie elsewhere (NAViGO) can't be known from capitals alone.
    """
    tidy = " ".join(name.split())
    if tidy != tidy.upper():
        return tidy
    return _WORD.sub(lambda match: _readable_word(match[0], is_first=match.start() == 0), tidy)


def _readable_word(word: str, *, is_first: bool) -> str:
    if word in _STAY_CAPITALS:
        return word
    small = word.lower()
    if small in _STAY_SMALL and not is_first:
        return small
    parts = small.split("'")
    if len(parts) > 1 and len(parts[0]) == 1 and len(parts[1]) > 1:  # O'Brien, D'Arcy
        parts[1] = parts[1].capitalize()
    return "'".join([parts[0].capitalize(), *parts[1:]])
