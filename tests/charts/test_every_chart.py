"""What holds of every chart: title, words and table agree; it fits every width; nothing is told by colour alone."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable

import altair as alt
import pytest
import vl_convert
from chart_builders import BUILDERS, built, compiled
from charts_to_come import ActionSpan, timeline

from t4c_lib.charts import POINT_SYMBOLS, STATUS_SYMBOLS, Picture, Scale, icons_of, run_chart
from t4c_lib.charts.picture import TEMPLATES, Template
from t4c_lib.charts.symbols import ASSURANCE, VARIATION
from t4c_lib.progress import StatusWord
from t4c_lib.progress.spc import xmr_chart
from tests.charts.drawn import PICTURES, figures

pytestmark = pytest.mark.unit

every_picture = pytest.mark.parametrize("make", PICTURES.values(), ids=PICTURES)
NASTY = '<b onload="x">&amp; \\" "both"'


@every_picture
def test_a_chart_has_a_title_words_and_a_table(make: Callable[[], Picture]) -> None:
    picture = make()
    assert picture.title
    assert picture.description.endswith(".")
    assert not re.search(r"\b(nan|None|NaT|inf)\b", picture.description + picture.table.to_csv())
    assert len(picture.table) > 0
    assert picture.table.columns.is_unique


@every_picture
def test_every_figure_of_the_words_is_in_the_table_or_in_the_drawing(make: Callable[[], Picture]) -> None:
    picture = make()
    drawn = " ".join(re.findall(r"<text[^>]*>([^<]*)", picture.svg(1600)))
    known = picture.table.to_csv() + drawn
    told = re.findall(r"[−+]?\d[\d,]*\.\d+(?:%| points?)", picture.description)
    missing = [figure for figure in told if figure not in known]
    assert missing == [], picture.description


@every_picture
@pytest.mark.parametrize("width", [320, 400, 860, 1600])
def test_a_chart_is_as_wide_as_it_is_asked_to_be(make: Callable[[], Picture], width: int) -> None:
    svg = make().svg(width)
    declared = re.match(r'<svg [^>]*?width="([\d.]+)"', svg)
    assert declared is not None
    assert float(declared[1]) == width
    assert "NaN" not in svg
    assert "undefined" not in svg


@every_picture
def test_a_drawing_is_what_vega_lite_makes_of_the_checked_chart_with_the_same_figures(
    make: Callable[[], Picture],
) -> None:
    drawing = make().drawing
    if drawing is None:
        return
    template = next(one for one in TEMPLATES.values() if one.frame is drawing.frame)
    chart = built(template.name)
    parameters = [{**one, "value": drawing.values[one["name"]]} for one in chart["params"]]
    figures = {"datasets": drawing.tables, "params": parameters, "height": drawing.values["height"], "width": 700}
    whole = json.loads(json.dumps({**chart, **figures}))
    alt.LayerChart.from_dict(whole, validate=True)
    filled = json.dumps(drawing.specification(700), default=str)
    assert _comparable(vl_convert.vega_to_svg(filled)) == _comparable(vl_convert.vegalite_to_svg(whole))


def _comparable(svg: str) -> str:
    """Without the numbers of clippings, which count on from drawing to drawing, and what is under a thousandth."""
    return re.sub(r"\d+(?:\.\d+)?", lambda number: f"{float(number[0]):.3f}", re.sub(r"\bclip\d+", "clip", svg))


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
def test_the_file_of_a_template_is_what_altair_and_vega_lite_make_of_it(template: Template) -> None:
    assert json.loads(compiled(template.name)) == template.frame
    assert "http" not in json.dumps({key: value for key, value in template.frame.items() if key != "$schema"})
    assert {one["name"] for one in template.frame["data"]} >= set(template.tables)


def test_every_template_has_a_builder_and_every_builder_a_template() -> None:
    assert set(BUILDERS) == set(TEMPLATES)


@every_picture
def test_two_pictures_of_a_kind_share_their_frame_and_nothing_that_differs(make: Callable[[], Picture]) -> None:
    one, other = make().drawing, make().drawing
    if one is not None and other is not None:
        assert one.frame is other.frame
        assert (one.tables, one.values) == (other.tables, other.values)
        assert one.tables is not other.tables
        assert one.values is not other.values


def test_a_parameter_that_is_not_given_has_its_own_value() -> None:
    template = TEMPLATES["run_chart"]
    tables: dict[str, list[dict[str, object]]] = {name: [] for name in template.tables}
    high = template.filled(tables, measured="", description="d", parameters={"high": 7}, height=99)
    plain = template.filled(tables, measured="", description="d")
    assert (high.values["high"], high.values["height"]) == (7, 99)
    assert (plain.values["high"], plain.values["height"]) == (1, 320)


def test_a_template_refuses_tables_and_parameters_it_has_not() -> None:
    template = TEMPLATES["run_chart"]
    with pytest.raises(ValueError, match="run_chart draws the tables"):
        template.filled({"points": []}, measured="", description="d")
    tables: dict[str, list[dict[str, object]]] = {name: [] for name in template.tables}
    with pytest.raises(ValueError, match=r"has no parameter \['lo'\]; it has .*'low'"):
        template.filled(tables, measured="", description="d", parameters={"lo": 1})


@pytest.mark.parametrize("name", PICTURES)
def test_no_mark_is_moved_into_the_place_that_its_own_attributes_can_give(name: str) -> None:
    svg = PICTURES[name]().svg(860)
    assert not re.search(r'<(line|circle)[^>]* transform="translate\([^)]*\)"', svg)
    assert not re.search(r'<text[^>]* transform="translate\([^)]*\)"[^>]*>[^<]', svg)


def test_every_status_has_a_shape_that_no_other_has() -> None:
    assert set(STATUS_SYMBOLS) == {str(word) for word in StatusWord}
    shapes = {(symbol.path, symbol.filled) for symbol in STATUS_SYMBOLS.values()}
    assert len(shapes) == len(STATUS_SYMBOLS)


def test_every_type_of_point_has_a_shape_and_a_word_that_no_other_has() -> None:
    types = {kind for better in ("higher", "lower", None) for kind in _types(better)}
    assert types <= set(POINT_SYMBOLS)
    assert len({symbol.path for _, symbol in POINT_SYMBOLS.values()}) == len(POINT_SYMBOLS)
    assert len({label for label, _ in POINT_SYMBOLS.values()}) == len(POINT_SYMBOLS)


def _types(better: str | None) -> set[str]:
    steps = [5.0, 5.1, 4.9, 5.0, 5.1, 4.9, 5.0, 5.1, 4.9, 5.0, 9.0, 5.0, 1.0]
    return set(xmr_chart(steps, better=better).point_type) - {""}


@pytest.mark.parametrize("icons", [VARIATION, ASSURANCE], ids=["variation", "assurance"])
def test_icons_differ_by_form_and_by_words(icons: dict[str, object]) -> None:
    found = list((VARIATION if icons is VARIATION else ASSURANCE).values())
    assert len({(icon.frame, icon.sign) for icon in found}) == len(found)
    assert len({icon.label for icon in found}) == len({icon.text for icon in found}) == len(found)
    for icon in found:
        assert f'aria-label="{icon.text}"' in icon.svg()


def test_every_icon_that_the_rules_give_can_be_drawn() -> None:
    found = xmr_chart([1.0] * 12 + [9.0], better="higher", target=5.0)
    assert [icon.key for icon in icons_of(found.variation, found.assurance)] == [found.variation, found.assurance]
    assert icons_of(None, None) == ()


def test_markup_in_names_is_shown_and_not_obeyed() -> None:
    for picture in _nasty_charts():
        svg = picture.svg(860)
        assert "<b onload" not in svg
        assert "&lt;b onload=" in svg


def _nasty_charts() -> list[Picture]:
    table = figures([0.1, 0.2], spread=None)
    day = dt.date(2026, 1, 1)
    return [
        run_chart(table, scale=Scale(), measured=NASTY, title=NASTY),
        timeline([ActionSpan(NASTY, "overdue", None, day)], today=day, title=NASTY),
    ]
