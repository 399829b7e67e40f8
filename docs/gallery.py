"""The gallery: every chart, drawn for a demonstration organisation, with its description and its table.

Its figures stand in docs/reference/gallery/figures.csv, so that the gallery changes when charts change and not when
somebody loads other data:

    python docs/gallery.py          take the figures anew from the demonstration organisations in the default store
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from html import escape
from pathlib import Path

import pandas as pd
from chart_sections import (
    certificate_section,
    contributions_section,
    expected_section,
    funnel_section,
    sensitivity_section,
    signals_section,
)
from charts_to_come import ActionSpan, timeline
from scenario_comparison import bands_table, contributions_table

from t4c_lib.charts import POINT_SYMBOLS, STATUS_SYMBOLS, Picture, Symbol
from t4c_lib.charts.symbols import ASSURANCE, VARIATION
from t4c_lib.disclosure import Audience
from t4c_lib.evidence.observations import ALL, TRUST_WORKFORCE
from t4c_lib.periods import Month
from t4c_lib.plan import Plan
from t4c_lib.progress import RowProgress, plan_progress, starting_state
from t4c_lib.sections import Section, page_of
from t4c_lib.sections.figure_sections import age_section, measure_picture
from t4c_lib.sections.section import section_html
from t4c_lib.whatif import DOING_NOTHING, LeverSetting, OutcomeTarget, Pipeline, Scenario, central_rates, odds
from t4c_lib.whatif.outcomes_and_odds import outcome
from t4c_lib.whatif.what_matters import lever_contributions, sensitivity

ROOT = Path(__file__).resolve().parents[1]
OWN = "DEMO-MH"
AS_OF = dt.date(2026, 8, 1)
FIGURES = "docs/reference/gallery/figures.csv"
NAMES = {
    "DEMO-AC": "Acute",
    "DEMO-AM": "Ambulance",
    "DEMO-CO": "Community",
    "DEMO-MH": "Mental health",
    "DEMO-SC": "Social care",
    "DEMO-SP": "Specialist",
}
COLUMNS = ["organisation", "series", "population", "breakdown", "period", "numerator", "denominator", "value", "state"]
FLOWS = ("headcount", "joiners", "leavers")
BY_GROUP = ("local-diversity", "qualification-diversity")
MEASURE, OUTCOME = "young-share", "trust_young_share"
CURVE = "certificate-by-week"
PLAN_OF_THE_GALLERY = Scenario(
    "Open the doors",
    "A plan to show: more placements, more ambassadors, fewer young leavers.",
    (
        LeverSetting("placements", 200.0, 4, 6),
        LeverSetting("ambassadors", 60.0, 4),
        LeverSetting("vacancies-as-apprenticeships", 0.3, 4),
        LeverSetting("retention-under-25", 0.2, 1, 12),
    ),
)
_NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
INTRODUCTION = (
    "Every chart of the workbook, drawn for a demonstration organisation: it and its figures are made up. Each has a "
    "title that says the finding, a description for those who can't see it, and its figures as a table."
)


def frozen_figures(observations: pd.DataFrame) -> pd.DataFrame:
    """What the gallery needs of all demonstration organisations' figures, a few hundred rows."""
    own = observations[observations["organisation"] == OWN]
    newest = own["period"].max()
    recent = own["period"] >= str(Month.parse(newest) + -12)
    whole = own["breakdown"] == ALL
    wanted = [
        own[whole & ~own["series"].isin(FLOWS)],
        own[own["series"].isin(FLOWS) & recent],
        own[own["series"].isin(BY_GROUP) & own["breakdown"].str.startswith("disability=")],
        own[(own["series"] == BY_GROUP[0]) & own["breakdown"].str.startswith("age=") & (own["period"] == newest)],
        own[own["series"] == CURVE],
        observations[
            (observations["series"] == MEASURE)
            & (observations["population"] == TRUST_WORKFORCE)
            & (observations["breakdown"] == ALL)
            & (observations["period"] == newest)
        ],
    ]
    rows: pd.DataFrame = pd.concat(wanted)[COLUMNS].drop_duplicates(COLUMNS[:5])
    return rows.sort_values(COLUMNS[:5], kind="stable").reset_index(drop=True)


def read_figures(root: Path) -> pd.DataFrame:
    """The frozen figures as the store would give them."""
    numbers = dict.fromkeys(("numerator", "denominator", "value"), float)
    table: pd.DataFrame = pd.read_csv(
        root / FIGURES, dtype={**dict.fromkeys(COLUMNS, str), **numbers}, keep_default_na=False, na_values=[""]
    )
    return table.assign(unit="", source="demonstration extract", source_digest="", extract_date=None)


@cache
def gallery_sections(root: Path = ROOT) -> dict[str, Section]:
    """A section for each chart, by the name of its file."""
    figures = read_figures(root)
    observations = figures[figures["organisation"] == OWN]
    file = root / "parameters" / "demo" / f"{OWN}.yaml"
    plan = Plan.from_yaml(file.read_text(encoding="utf-8"), file.name)
    rows = plan_progress(plan, observations, AS_OF)

    def one(measure: str) -> RowProgress:
        return next(row for row in rows if row.latest is not None and not row.is_action and row.name.endswith(measure))

    return {
        **_what_if(observations, one(MEASURE)),
        "measure-without-icon": _section(one("support-to-registered")),
        "xmr": signals_section(one("sickness"), level=2),
        "run-chart": signals_section(one("(disability)"), level=2),
        "funnel": funnel_section(figures, NAMES, series=MEASURE, population=TRUST_WORKFORCE, own=OWN),
        "age-profile": age_section(observations),
        "timeline": Section("Actions by date", picture=_timeline(rows)),
        "certificate-curve": certificate_section(observations, OWN),
    }


def _section(progress: RowProgress, expected: pd.DataFrame | None = None) -> Section:
    return Section(progress.label, picture=measure_picture(progress, expected))


def _timeline(rows: Sequence[RowProgress]) -> Picture:
    found = []
    for one in rows:
        if one.is_action and one.row.is_open:
            start, due = one.row.start, one.row.due
            days = None if start is None else start.first_day, None if due is None else due.last_day
            found.append(ActionSpan(one.row.wording, str(one.status.word), *days, one.row.post, one.status.reason))
    late = sum(one.status == "overdue" for one in found)
    return timeline(found, today=AS_OF, title=f"{late} of {len(found)} actions are overdue")


def _what_if(observations: pd.DataFrame, progress: RowProgress) -> dict[str, Section]:
    start = starting_state(observations)
    assert progress.trajectory is not None  # noqa: S101  (the demonstration plan has an X for it)
    due = Month.of(progress.trajectory.due)
    months = start.month.months_until(due)
    target = OutcomeTarget(OUTCOME, progress.trajectory.target, months)
    pipeline, figures = Pipeline(), start.assumptions()
    drawn, still = (
        odds(pipeline, start.state, figures, (target,), scenario=one, outcomes=(OUTCOME,), months=months, draws=400)
        for one in (PLAN_OF_THE_GALLERY, DOING_NOTHING)
    )
    bands, nothing = bands_table(drawn), bands_table(still)
    found = lever_contributions(pipeline, start.state, figures, PLAN_OF_THE_GALLERY, [OUTCOME], month=months)
    parts = contributions_table(found)
    base = float(outcome(pipeline.run(start.state, central_rates(figures), (), months), "trust_young_share")[months])
    ranked = sensitivity(pipeline, start.state, figures, OUTCOME, month=months, scenario=PLAN_OF_THE_GALLERY)
    expected = bands.assign(
        day=[pd.Timestamp((start.month + int(month)).last_day) for month in bands["month"]], middle=bands["central"]
    )
    return {
        "measure": _section(progress, expected[["day", "low", "middle", "high"]]),
        "fan": expected_section(
            bands, OUTCOME, start.month, nothing=nothing, goal=(due, target.value), chance=drawn.chance(target), level=2
        ),
        "waterfall": contributions_section(parts, OUTCOME, nothing=base, when=due, level=2),
        "tornado": sensitivity_section(ranked, OUTCOME, when=due, level=2),
    }


def gallery_page() -> str:
    """The gallery as one HTML page, charts inline."""
    parts = [f"<h1>Gallery of charts</h1><p>{escape(INTRODUCTION)}</p>", _looks_html()]
    parts += [f'<div id="{name}">{section_html(section)}</div>' for name, section in gallery_sections().items()]
    return page_of("".join(parts), title="Gallery of charts", demonstration=True, audience=Audience.FORUM)


def _looks_html() -> str:
    icons: Looks = [(icon.svg(40), icon.label, icon.text) for icon in (*VARIATION.values(), *ASSURANCE.values())]
    words: Looks = [(_alone(symbol), word) for word, symbol in STATUS_SYMBOLS.items()]
    points: Looks = [(_alone(symbol), label) for label, symbol in POINT_SYMBOLS.values()]
    return "".join(
        [
            "<h2>Icons and shapes</h2>",
            _look_table("Icons of variation and assurance", ("Icon", "Label", "What it says"), icons),
            _look_table("Statuses", ("Shape", "Word"), words),
            _look_table("Points of an XmR chart", ("Shape", "Word"), points),
        ]
    )


Looks = list[tuple[str, ...]]


def _look_table(caption: str, heads: tuple[str, ...], rows: Looks) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    body = "".join(
        f"<tr><td>{first}</td>{''.join(f'<td>{escape(text)}</td>' for text in rest)}</tr>" for first, *rest in rows
    )
    table = f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    region = f'<div class="t4c-table" role="region" aria-label="{caption}" tabindex="0">{table}</div>'
    return f'<section class="t4c-section">{region}</section>'


def _alone(symbol: Symbol) -> str:
    empty = f'fill="white" stroke="{symbol.colour}" stroke-width=".28"'
    look = f'fill="{symbol.colour}"' if symbol.filled else empty
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="-1.3 -1.3 2.6 2.6" '
        f'aria-hidden="true"><path d="{symbol.path}" {look}/></svg>'
    )


def gallery_text() -> str:
    """The gallery as Markdown, with the charts as files beside it."""
    lines = ["# Gallery of charts", "", INTRODUCTION, ""]
    lines += ["The same with charts that fit the window: gallery.html, to be opened in a browser.", ""]
    for name, section in gallery_sections().items():
        picture = _picture(section)
        lines += [f"## {section.heading}", "", f"**{picture.title}**", ""]
        lines += [f"![{_flat(picture.description)}](gallery/{name}.svg)", "", f"Description: {picture.description}", ""]
        lines += [
            "<details><summary>The figures behind this chart</summary>",
            "",
            *_table(picture.table),
            "",
            "</details>",
            "",
        ]
    return "\n".join(lines)


def gallery_files() -> Iterator[tuple[str, Callable[[], str]]]:
    """Every file of the gallery: its path, and what renders it."""
    yield "docs/reference/gallery.html", gallery_page
    yield "docs/reference/gallery.md", gallery_text
    for name in gallery_sections():
        yield f"docs/reference/gallery/{name}.svg", partial(_drawn, name)


def _drawn(name: str) -> str:
    return _picture(gallery_sections()[name]).svg()


def _picture(section: Section) -> Picture:
    assert section.picture is not None, section.heading  # noqa: S101
    return section.picture


def _flat(text: str) -> str:
    return re.sub(r"[\[\]\n]", " ", text)


def _table(table: pd.DataFrame) -> list[str]:
    def row(cells: list[str]) -> str:
        return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"

    head = [str(name) for name in table.columns]
    body = [row([str(value) for value in values]) for values in table.itertuples(index=False)]
    return [row(head), row(["---"] * len(head)), *body]


def without_places(text: str) -> str:
    """A page without its digest, and without places and sizes inside drawings: other renderers round otherwise."""
    text = re.sub(r'content="[0-9a-f]{64}"', "", text)
    return re.sub(
        r"<svg.*?</svg>", lambda drawing: re.sub(r"-?\d*\.?\d+(?:e-?\d+)?", "0", drawing[0]), text, flags=re.DOTALL
    )


def main() -> None:
    """Take the figures anew from the default store, which holds the demonstration organisations."""
    from t4c_lib.store import Store

    with Store.open() as store:
        table = frozen_figures(store.observations(list(NAMES)))
    (ROOT / FIGURES).parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(ROOT / FIGURES, index=False, lineterminator="\n", float_format="%.10g")
    sys.stdout.write(f"{FIGURES}: {len(table)} rows\n")


if __name__ == "__main__":
    main()
