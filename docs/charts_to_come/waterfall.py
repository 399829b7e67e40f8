"""Waterfall: from what happens anyway to what the plan comes to, one lever after another.

The two totals are marks and not bars, so that the axis need not begin at 0, where small steps could not be seen.
"""

from itertools import pairwise

import pandas as pd

from t4c_lib.charts.picture import Picture, Template
from t4c_lib.charts.scale import BAR, WORDS, Scale, fit_text, row_top
from t4c_lib.charts.theme import BLUE, CONCERN, INK, ROW
from t4c_lib.quantities import number
from t4c_lib.typed_text import listed

_ARROWS = {1: "▲ ", -1: "▼ ", 0: ""}


_TEMPLATE = Template("waterfall", ("bars", "joins", "totals"))


def waterfall(
    contributions: pd.DataFrame, *, start: float, scale: Scale, measured: str, title: str, names: tuple[str, str]
) -> Picture:
    """Draw it. The contributions and the start add up to the end.

    Args:
        contributions: a row for each lever, in order: name and amount, in the measure's own unit.
        start: the value without any of them.
        scale: how the values are written.
        measured: what the axis shows, with unit and date.
        title: the finding.
        names: what the first and the last bar are called.
    """
    levers = contributions["name"].tolist()
    amounts = [float(amount) for amount in contributions["amount"]]
    ends = [start]
    for amount in amounts:
        ends.append(ends[-1] + amount)
    labels = [names[0], *levers, names[1]]
    said = [scale.text(start), *(difference(scale, one) for one in amounts), scale.text(ends[-1])]
    signs = [0, *((amount > 0) - (amount < 0) for amount in amounts), 0]
    spans = [(start, start), *pairwise(ends), (ends[-1], ends[-1])]
    bars = [
        {
            **fit_text(label),
            "said": f"{_ARROWS[sign]}{text}",
            "start": span[0],
            "end": span[1],
            "colour": {1: BLUE, -1: CONCERN, 0: INK}[sign],
            "words_y": row_top(place) + WORDS,
            "bar_y": row_top(place) + BAR,
        }
        for place, (label, text, span, sign) in enumerate(zip(labels, said, spans, signs, strict=True))
    ]
    joins = [
        {"at": end, "from_y": row_top(place) + BAR, "to_y": row_top(place + 1) + BAR} for place, end in enumerate(ends)
    ]
    totals = [{"value": value, "bar_y": bars[place]["bar_y"]} for place, value in ((0, start), (-1, ends[-1]))]
    steps = [f"{name} {text}" for name, text in zip(levers, said[1:-1], strict=True)]
    description = (
        f"Waterfall chart. {names[0]}: {said[0]}. {listed(steps) or 'Nothing is added'}. {names[1]}: {said[-1]}."
    )
    drawing = _TEMPLATE.filled(
        {"bars": bars, "joins": joins, "totals": totals},
        measured=measured,
        description=description,
        height=ROW * len(bars),
        parameters=scale.axis([*ends], from_zero=False),
    )
    table = pd.DataFrame(
        {"Step": labels, "Change": ["", *said[1:-1], ""], "Total": [scale.text(end) for end in (*ends, ends[-1])]}
    )
    return Picture(title, description, table, drawing)


def difference(scale: Scale, value: float) -> str:
    """A difference with its sign: "+2 points" or "−12"."""
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    if not scale.is_fraction:
        return f"{sign}{number(abs(value), scale.decimals)}"
    # A small step is still told from none.
    sizes = (number(abs(value) * 100, decimals) for decimals in (max(scale.decimals, 1), 2, 3))
    size = next((one for one in sizes if one != "0"), "0")
    return f"{sign if size != '0' else '±'}{size} point{'' if size == '1' else 's'}"
