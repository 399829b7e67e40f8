"""How numbers are written for people. Fractions become percentages here and nowhere else."""

from __future__ import annotations


def number(value: float, decimals: int = 1) -> str:
    """A plain number with thousands separators and no trailing zeros: 3,050 or 12.5."""
    text = f"{value:,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def percent(share: float, decimals: int = 1) -> str:
    """A fraction as a percentage with a fixed number of decimals: 0.057 is "5.7%"."""
    return f"{share * 100:.{decimals}f}%"


def percent_pair(one: float, other: float) -> tuple[str, str]:
    """Two fractions with as few decimals (one at least, three at most) as still tell them apart."""
    for decimals in (1, 2, 3):
        texts = percent(one, decimals), percent(other, decimals)
        if texts[0] != texts[1] or one == other:
            return texts
    return texts


def points(difference: float, decimals: int = 2) -> str:
    """A difference of two fractions in words, its sign left out: 0.02 is "2 percentage points"."""
    text = number(abs(difference) * 100, decimals)
    return f"{text} percentage point{'' if text == '1' else 's'}"


def count_of(amount: float, things: str) -> str:
    """A number with the name of what is counted; one person is a person, one placement a placement.

    `things` is a plural whose first word carries it: "people", "placements a year".
    """
    text = number(amount)
    head, _, tail = things.partition(" ")
    if text == "1":
        head = {"people": "person"}.get(head, head.removesuffix("s"))
    return " ".join(part for part in (text, head, tail) if part)
