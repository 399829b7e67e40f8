"""Funnel: organisations side by side, with the limits within which chance alone would keep one of its size.

The line in the middle is everybody's share taken together (sum of numerators over sum of denominators); the limits are
the Wilson score interval's own: middle +- z sqrt(middle (1 - middle) / n), cut off at 0 and 1. An organisation lies
outside exactly when its Wilson interval leaves the middle out. Method: the technical guidance to Public Health
England's Fingertips; z is 1.96 for limits at 95%, 3.09 for 99.8%. Spread beyond chance (over-dispersion) is not taken
out, and where organisations are large most of them lie outside: the small print says so.
"""

import math
from typing import Any

import numpy as np
import pandas as pd

from t4c_lib.charts.header import HEADER, Entry, Stroke, header_rows
from t4c_lib.charts.picture import Picture, Template
from t4c_lib.charts.scale import NOTE, Scale, description, note_rows
from t4c_lib.charts.symbols import FUNNEL_SYMBOLS, SHAPES, Symbol
from t4c_lib.charts.theme import BLUE, INK, QUIET_INK, SLATE
from t4c_lib.quantities import number

Z = {"95%": 1.959964, "99.8%": 3.090232}
MIDDLE = Stroke(INK, width=2)
INNER, OUTER = Stroke(SLATE, (2, 3), 2), Stroke(QUIET_INK, (7, 4), 2)
OWN = Symbol(SHAPES["diamond"], BLUE)
_STEPS = 60
AWAY = 14  # pixels by which the own figure stands off its mark, away from the line of all
NOTE_TEXT = "Limits allow for chance only. Where organisations are large, many lie outside for reasons of their own."


_TEMPLATE = Template("funnel", ("points", "limits", "axis", NOTE, HEADER))


def funnel(organisations: pd.DataFrame, *, own: str, measured: str, base: str, title: str) -> Picture:
    """Draw it.

    `organisations`: a row each: name, numerator and denominator (people out of people). One without anybody in its
    denominator has no share: it stands in the table and isn't drawn. `own`: the name of the organisation that is shown
    by name; empty for none. `base`: what the horizontal axis shows: "people employed".
    """
    scale = Scale()
    names = organisations["name"].tolist()
    counted, of = (organisations[name].to_numpy(float) for name in ("numerator", "denominator"))
    sizes = of[of > 0].tolist()
    middle = float(counted[of > 0].sum() / sum(sizes)) if sizes else math.nan
    shares = np.divide(counted, of, out=np.full(len(of), np.nan), where=of > 0).tolist()
    places = [place_in_funnel(share, size, middle) for share, size in zip(shares, of, strict=True)]
    texts = [scale.text(share) for share in shares]
    points = []
    for name, size, share, text, place in zip(names, of.tolist(), shares, texts, places, strict=True):
        if size > 0:
            look = OWN if name == own else FUNNEL_SYMBOLS[place]
            row = {"name": name, "size": size, "value": share, "said": text, "place": place, "own": name == own}
            row["from_middle"] = AWAY if share < middle else -AWAY
            points.append({**row, "path": look.path, "colour": look.colour})
    smallest, largest = min(sizes, default=0.0), max(sizes, default=0.0)
    limits = _limits(middle, smallest, largest) if points else []
    lines: list[Entry] = [("95% limits", INNER), ("99.8% limits", OUTER)]
    key: list[Entry] = [(f"All organisations, {scale.text(middle)}", MIDDLE), *lines] if points else []
    key += [("This organisation", OWN)] if any(row["own"] for row in points) else []
    key += [(words, look) for words, look in FUNNEL_SYMBOLS.items() if words in places]
    shown = [*shares, *funnel_limits(middle, max(smallest, largest / 40), "99.8%")]
    by_place = {place: places.count(place) for place in FUNNEL_SYMBOLS if place in places}
    note = NOTE_TEXT if points else ""
    said = description("Funnel", points, scale, note=note, middle=middle, by_place=by_place, number=number)
    drawing = _TEMPLATE.filled(
        {
            "points": points,
            "limits": limits,
            "axis": [{"words": f"{base} →"}],
            NOTE: note_rows(NOTE_TEXT),
            HEADER: header_rows((), key),
        },
        measured=measured,
        description=said,
        parameters={"largest": max(largest, 1.0) * 1.04, **scale.axis(shown, from_zero=False)},
    )
    table = {
        "Organisation": names,
        "Counted": [number(value, 0) for value in counted],
        "Out of": [number(value, 0) for value in of],
        "Share": texts,
        "Place": places,
    }
    return Picture(title, said, pd.DataFrame(table), drawing)


def funnel_limits(middle: float, size: float, level: str) -> tuple[float, float]:
    """The limits for an organisation of a size, cut off at 0 and 1; NaN for nobody. `level` is "95%" or "99.8%"."""
    if not size > 0 or math.isnan(middle):
        return math.nan, math.nan
    half = Z[level] * math.sqrt(middle * (1 - middle) / size)
    return max(0.0, middle - half), min(1.0, middle + half)


def place_in_funnel(share: float, size: float, middle: float) -> str:
    """Where a share lies, in words; exactly on a limit is within it. Empty for an organisation of nobody."""
    if not size > 0 or math.isnan(middle):
        return ""
    half = math.sqrt(middle * (1 - middle) / size)
    for level in ("99.8%", "95%"):
        if abs(share - middle) > Z[level] * half:
            return f"{'above' if share > middle else 'below'} the {level} limit"
    return "within both limits"


def _limits(middle: float, smallest: float, largest: float) -> list[dict[str, Any]]:
    # Closer together where organisations are small and the limits bend.
    sizes = (np.linspace(math.sqrt(max(smallest * 0.6, 1)), math.sqrt(largest * 1.1), _STEPS) ** 2).tolist()
    rows = []
    for size in sizes:
        inner, outer = (funnel_limits(middle, size, level) for level in Z)
        row = {"size": size, "middle": middle, "low_95": inner[0], "high_95": inner[1]}
        rows.append({**row, "low_998": outer[0], "high_998": outer[1]})
    return rows
