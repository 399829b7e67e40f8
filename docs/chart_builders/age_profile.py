"""Age profile: a bar for each age group, with a mark for those compared with."""

from typing import Any

import altair as alt

from chart_builders.layers import amount_axis, header_layers, pixels, row_words, table_named, tooltips
from chart_builders.theme import themed, value_parameters
from t4c_lib.charts.side_by_side import OTHERS
from t4c_lib.charts.theme import BLUE, INK

_THICK = 18


def build() -> Any:
    """Over the tables `rows`, `others` and `HEADER`."""
    rows = alt.Chart(table_named("rows"))
    bars = rows.encode(x=amount_axis("share"), x2="zero:Q", y=pixels("bar_y"))
    marks = alt.Chart(table_named("others")).encode(x="share:Q", y=pixels("bar_y"))
    layers = [
        bars.mark_bar(size=_THICK, fill=BLUE, opacity=1).encode(tooltip=tooltips(words="Age", said="Share")),
        marks.mark_point(shape=OTHERS.path, fill=OTHERS.colour, stroke=INK, strokeWidth=1, size=210, opacity=1),
        *row_words(rows),
        *header_layers(),
    ]
    return themed(alt.layer(*layers).add_params(*value_parameters()))
