"""Age profile: which part of the staff is in each age group, beside those they are compared with."""

import pandas as pd

from t4c_lib.charts.header import HEADER, Band, Entry, header_rows
from t4c_lib.charts.picture import Picture, Template
from t4c_lib.charts.scale import BAR, WORDS, Scale, fit_text, row_top
from t4c_lib.charts.symbols import SHAPES, Symbol
from t4c_lib.charts.theme import BLUE, CONCERN, INK, ROW
from t4c_lib.quantities import number

STAFF = Band(BLUE, INK)
OTHERS = Symbol(SHAPES["diamond"], CONCERN)

_TEMPLATE = Template("age_profile", ("rows", "others", HEADER))


def age_profile(ages: pd.DataFrame, *, names: tuple[str, str], measured: str, title: str) -> Picture:
    """Draw it.

    `ages`: a row for each group, youngest first: label ("16 to 24"), count, share (a fraction of all), and other, the
    share among those compared with (NaN where there is none). `names`: of the staff, and of those they are compared
    with. `measured`: what is shown, of whom and when.
    """
    scale = Scale()
    rows, others, table, said = [], [], [], []
    for place, one in enumerate(ages.to_dict("records")):
        top = row_top(place)
        text = scale.text(one["share"])
        row = {**fit_text(one["label"]), "said": text, "share": one["share"], "zero": 0}
        rows.append({**row, "words_y": top + WORDS, "bar_y": top + BAR})
        line = {"Age": one["label"], "People": number(one["count"]), names[0]: text}
        if compared := scale.text(one["other"]):
            others.append({"share": one["other"], "bar_y": top + BAR})
        table.append({**line, names[1]: compared})
        said.append(f"{one['label']} {text}" + (f" ({names[1]}: {compared})" if compared else ""))
    if not others:
        table = [{name: value for name, value in line.items() if name != names[1]} for line in table]
    key: list[Entry] = [(names[0], STAFF), *([(names[1], OTHERS)] if others else [])]
    description = f"Bar chart of {names[0]} by age: {'; '.join(said)}."
    drawing = _TEMPLATE.filled(
        {"rows": rows, "others": others, HEADER: header_rows((), key)},
        measured=measured,
        description=description,
        height=ROW * max(1, len(rows)),
        parameters=scale.axis([0.0, *(one["share"] for one in (*rows, *others))], from_zero=True),
    )
    return Picture(title, description, pd.DataFrame(table), drawing)
