"""A row for each measure: how it went, where it stands, and the word for that."""

from typing import Any

import altair as alt

from chart_builders.layers import as_given, header_layers, pixels, stroked, table_named, words_above
from chart_builders.theme import themed
from t4c_lib.charts.sparklines import GOAL, LINE
from t4c_lib.charts.theme import BLUE, GRID, STRONG, TEXT

_STATUS_LINE = 16  # pixels from line to line of a status in a narrow chart
_LINE_SHARE = "(width < 520 ? 0.36 : 0.55)"  # of the width goes to the line, the rest to figure and word


def build() -> Any:
    """Over the tables `rows`, `line`, `goals` and `HEADER`."""
    rows = alt.Chart(table_named("rows"))
    at_x = alt.X("px:Q", scale=None, axis=None)
    line = alt.Chart(table_named("line")).transform_calculate(px=f"datum.along * width * {_LINE_SHARE}")
    goals = alt.Chart(table_named("goals")).transform_calculate(px="0", px2=f"width * {_LINE_SHARE}")
    right = rows.transform_calculate(px=f"width * {_LINE_SHARE} + 16")
    figure = right.encode(x=at_x, y=pixels("middle_y"))
    words = rows.transform_calculate(px=f"width * {_LINE_SHARE} + (width < 520 ? 92 : 130)")
    status = words.encode(x=at_x, y=pixels("middle_y"))
    written = words.transform_calculate(
        shown="width < 520 ? datum.narrow_status : datum.status",
        status_y=f"datum.middle_y - (width < 520 ? {_STATUS_LINE / 2} * (length(datum.narrow_status) - 1) : 0)",
    ).encode(x=at_x, y=pixels("status_y"))
    layers = [
        rows.mark_rule(stroke=GRID).encode(x=alt.value(0), x2=alt.value(alt.expr("width")), y=pixels("top_y")),
        goals.mark_rule(**stroked(GOAL)).encode(x=at_x, x2="px2:Q", y=pixels("y")),
        line.mark_line(**stroked(LINE)).encode(x=at_x, y=pixels("y"), detail=["row:N", "run:Q"], order="along:Q"),
        line.transform_filter("datum.dot")
        .mark_point(filled=True, fill=BLUE, size=80, opacity=1)
        .encode(x=at_x, y=pixels("y")),
        figure.mark_text(align="left", baseline="middle", fontSize=STRONG, fontWeight="bold").encode(text="said:N"),
        status.mark_point(size=190, opacity=1, strokeWidth=2).encode(
            **as_given(shape="path:N", fill="fill:N", stroke="colour:N")
        ),
        written.mark_text(align="left", baseline="middle", dx=14, fontSize=TEXT, lineHeight=_STATUS_LINE).encode(
            text="shown:N"
        ),
        words_above(rows),
        *header_layers(),
    ]
    return themed(alt.layer(*layers))
