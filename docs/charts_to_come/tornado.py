"""Tornado: which assumption matters most. Each bar is the answer with one assumption at its low and at its high end."""

from typing import Any

import pandas as pd

from t4c_lib.charts.picture import Picture, Template
from t4c_lib.charts.scale import BAR, WORDS, Scale, fit_text, row_top
from t4c_lib.charts.theme import BLUE, HEADER, INK, ROW, Band, Stroke, header_rows

LOW, HIGH = Band("#ffffff", INK), Band(BLUE, INK)
CENTRE = Stroke(INK, width=2)


_TEMPLATE = Template("tornado", ("rows", "bars", "centre", HEADER))


def tornado(sensitivity: pd.DataFrame, *, centre: float, scale: Scale, measured: str, title: str) -> Picture:
    """Draw it, the assumption with the widest bar first.

    Args:
        sensitivity: a row for each assumption: name; low and high, the answers at its low and at its high end; and
            low_text and high_text, those ends in words ("8% a year").
        centre: the answer with every assumption in the middle.
        scale: how the answers are written.
        measured: what the axis shows, with unit and date.
        title: the finding.
    """
    width = (sensitivity["high"] - sensitivity["low"]).abs()
    ranked = sensitivity.assign(width=width).sort_values("width", ascending=False, kind="stable")
    rows, bars, table = [], [], []
    for place, one in enumerate(ranked.to_dict("records")):
        both = sorted((one["low"], one["high"]))
        words = f"{one['name']}: {one['low_text']} to {one['high_text']}"
        row = {**fit_text(words, one["name"]), "said": f"{scale.text(both[0])} to {scale.text(both[1])}"}
        rows.append({**row, "words_y": row_top(place) + WORDS, "bar_y": row_top(place) + BAR})
        for end, band in (("low", LOW), ("high", HIGH)):
            bar = {"start": centre, "end": one[end], "colour": band.fill, "bar_y": row_top(place) + BAR}
            said = {"words": one["name"], "set": one[f"{end}_text"], "gives": scale.text(one[end])}
            bars.append({**bar, **said})
        table.append(
            {
                "Assumption": one["name"],
                "At its low end": f"{one['low_text']}: {scale.text(one['low'])}",
                "At its high end": f"{one['high_text']}: {scale.text(one['high'])}",
            }
        )
    description = _description(rows, scale.text(centre))
    drawing = _TEMPLATE.filled(
        {
            "rows": rows,
            "bars": bars,
            "centre": [{"value": centre}],
            HEADER: header_rows(
                (),
                [
                    ("Assumption at its low end", LOW),
                    ("at its high end", HIGH),
                    (f"all central: {scale.text(centre)}", CENTRE),
                ],
            ),
        },
        measured=measured,
        description=description,
        height=ROW * max(1, len(rows)),
        parameters=scale.axis([centre, *(bar["end"] for bar in bars)], from_zero=False),
    )
    return Picture(title, description, pd.DataFrame(table), drawing)


def _description(rows: list[dict[str, Any]], centre: str) -> str:
    if not rows:
        return f"Tornado chart around {centre}, without any assumption."
    first = "; ".join(f"{row['words']}, {row['said']}" for row in rows[:3])
    more = f"; then {len(rows) - 3} with a smaller effect" if len(rows) > 3 else ""
    return f"Tornado chart around {centre}. Largest effects: {first}{more}."
