"""Where an organisation stands and what comes next, in one screen: what the home page is made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from t4c_lib.framework import Strand, catalogue
from t4c_lib.periods import Day
from t4c_lib.plan import grouped
from t4c_lib.progress import Reminder, StatusWord
from t4c_lib.progress.reminders import WEEKS
from t4c_lib.quantities import count_of
from t4c_lib.sections.home_figures import Gaps, HomeFigures, Part
from t4c_lib.sections.known_figures import missing_table
from t4c_lib.sections.pledge_and_agreement import what_comes_next
from t4c_lib.sections.section import section_html, table_html, text_html
from t4c_lib.typed_text import capitalised

WITH_PLAN = ("Responsible posts", "X set", "Figures in", "Agreed by both", "Needs attention")
WITHOUT_PLAN = ("Figures in", "Newest figure of each measure")
FIRST = 4  # of what is due, and of what is to fix, before the rest is unfolded
_DIAMOND = '<path d="M8 .8 15.2 8 8 15.2.8 8z" fill="currentColor"/><path d="M8 4.6v4.2M8 10.4v1.6" stroke="#fff"/>'
_CLOCK = '<circle cx="8" cy="8" r="7" fill="currentColor"/><path d="M8 4.2V8l2.6 1.8" stroke="#fff"/>'
_HALF = '<circle cx="8" cy="8" r="6"/><path d="M8 2a6 6 0 0 0 0 12z" fill="currentColor"/>'
_SIGNS = {
    StatusWord.OFF_COURSE: _DIAMOND,
    StatusWord.OVERDUE: _CLOCK,
    StatusWord.LATE: _CLOCK,
    StatusWord.BEHIND: _HALF,
}


def opening_html(home: HomeFigures, forum: str = "") -> str:
    """The organisation's name, four facts, and the way to the forum.

    Args:
        home: what is said.
        forum: the link to the forum page; none if empty.
    """
    button = f'<a class="t4c-go" href="{text_html(forum)}">Continue in the forum</a>' if forum else ""
    facts = "".join(_fact_html(*one) for one in _facts(home))
    name = text_html(home.organisation.title)
    return f'<div class="t4c-where"><h1>{name}</h1>{button}</div><dl class="t4c-facts t4c-four">{facts}</dl>'


def _facts(home: HomeFigures) -> Iterator[tuple[str, str, str, str]]:
    """Label, figure, what follows it in small type, and a line under it."""
    record, plan = home.record, home.plan
    newest = f"Newest: {home.newest.label}" if home.newest else "No monthly figures yet"
    known = ("Figures", str(home.figures.done), f"of {home.figures.all} counted measures", newest)
    if plan is None:
        yield "Plan", "None yet", "", "Nothing has been set or agreed"
        yield known
    else:
        years = " to ".join(dict.fromkeys((str(plan.years[0]), str(plan.years[-1]))))
        lacking, need = home.without_post, "needs" if home.without_post == 1 else "need"
        post = f"{count_of(lacking, 'rows')} {need} a responsible post"
        post = post if lacking else "Every open row has a responsible post"
        yield f"Plan {years}", str(home.x_set.done), f"of {home.x_set.all} X set", post
        yield known
        again = f"{len(record.reopened)} re-opened" if record.reopened else "None re-opened"
        yield "Agreed by both sides", str(home.agreed.done), f"of {home.agreed.all} rows", again
    state = capitalised(str(record.pledge.state)) if record.pledge else "No wording yet"
    yield "Pledge", state, "", record.pledge_sentence if record.pledge else "Nothing to agree or sign so far"


def _fact_html(label: str, figure: str, more: str, below: str) -> str:
    small = f" <small>{text_html(more)}</small>" if more else ""
    line = f'<dd class="t4c-detail">{text_html(below)}</dd>' if below else ""
    return f'<div><dt>{text_html(label)}</dt><dd class="t4c-figure">{text_html(figure)}{small}</dd>{line}</div>'


def gaps_html(home: HomeFigures) -> str:
    """The ten intentions as a table with bars: where the plan and the figures have gaps."""
    has_plan = home.plan is not None
    title, columns = ("Gaps in the plan", WITH_PLAN) if has_plan else ("What is known", WITHOUT_PLAN)
    head = "".join(f'<th role="columnheader" scope="col">{one}</th>' for one in ("Strand", "Intention", *columns))
    body = "".join(_strand_html(home, strand, columns) for strand in catalogue().strands)
    return (
        f'<section class="t4c-section"><h2 id="t4c-gaps">{title}</h2>'
        '<table role="table" class="t4c-gaps" aria-labelledby="t4c-gaps"><thead role="rowgroup">'
        f'<tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table></section>'
    )


def _strand_html(home: HomeFigures, strand: Strand, columns: tuple[str, ...]) -> str:
    mine = [one for one in home.gaps if one.intention in catalogue().intentions_of(strand.key)]
    span = f'scope="rowgroup" rowspan="{len(mine)}" class="t4c-strand"'
    cells = [f'<th role="rowheader" {span}>{text_html(strand.name)}</th>', *[""] * (len(mine) - 1)]
    for place, one in enumerate(mine):
        name = f'<span class="t4c-n">{one.intention.number}</span>{text_html(one.intention.short)}'
        cells[place] += f'<th role="rowheader" scope="row" class="t4c-which">{name}</th>'
        cells[place] += "".join(_cells(home, one, columns))
    return "".join(f'<tr role="row">{row}</tr>' for row in cells)


def _cells(home: HomeFigures, one: Gaps, columns: tuple[str, ...]) -> Iterator[str]:
    if home.plan is None:
        yield _bar_html(columns[0], one.figures)
        known = home.known_of(one.intention)
        words = "<br>".join(map(text_html, known)) if known else _NOTHING
        yield f'<td role="cell" class="t4c-known{"" if known else " t4c-empty"}">{words}</td>'
        return
    for column, part in zip(columns, (one.posts, one.x_set, one.figures, one.agreed), strict=False):
        yield _bar_html(column, part)
    signs = "".join(_status_html(f"{count} {word}", word) for word, count in one.attention.items())
    yield f'<td role="cell" class="t4c-attention{"" if signs else " t4c-empty"}">{signs or _NOTHING}</td>'


_NOTHING = '<span aria-hidden="true">–</span><span class="t4c-hidden">nothing</span>'


def _bar_html(label: str, part: Part) -> str:
    if not part.all:
        inside = '<span aria-hidden="true">–</span><span class="t4c-hidden">none to do</span>'
    else:
        width = f"{100 * part.done / part.all:.0f}%"
        inside = f'<span class="t4c-meter" aria-hidden="true"><i style="width: {width}"></i></span><span>{part}</span>'
    return f'<td role="cell" class="t4c-part" data-label="{label}"><span class="t4c-fill">{inside}</span></td>'


def _status_html(words: str, status: StatusWord) -> str:
    """A status with its sign; what is behind is no alarm yet and stays in the colour of text."""
    svg = f'<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">{_SIGNS[status]}</svg>'
    red = "" if status is StatusWord.BEHIND else " t4c-red"
    return f'<span class="t4c-sign{red}">{svg} {text_html(words)}</span> '


def due_html(home: HomeFigures) -> str:
    """What is due next, the overdue first, and the rest unfolded; what to do to begin with where there is no plan."""
    if home.plan is None:
        return steps_html(home)
    rows = "".join(_due_row(one) for one in home.due[:FIRST])
    until = Day(home.day + dt.timedelta(weeks=WEEKS)).label
    heading = '<section class="t4c-section"><h2 id="t4c-due">Due next</h2>'
    if not rows:
        return f"{heading}<p>Nothing of the plan is due by {until}, and nothing is overdue.</p></section>"
    head = '<thead><tr><th scope="col">Due</th><th scope="col">What, and whose</th></tr></thead>'
    table = f'<table class="t4c-due" aria-labelledby="t4c-due">{head}<tbody>{rows}</tbody></table>'
    return f"{heading}{table}</section>"


def all_due_html(home: HomeFigures) -> str:
    """Everything that is due, folded away; the same list as in reports."""
    if len(home.due) <= FIRST:
        return ""
    until = Day(home.day + dt.timedelta(weeks=WEEKS)).label
    section = what_comes_next(home.plan, home.day, home.record, WEEKS)
    return f"<details><summary>All {len(home.due)} up to {until}</summary>{section_html(section)}</details>"


def _due_row(one: Reminder) -> str:
    late = _status_html("overdue", StatusWord.OVERDUE) if one.overdue_days else ""
    who = f'<span class="t4c-sub">{text_html(one.who)}</span>'
    day = Day(one.due)
    return f"<tr><td>{day.label} {late}</td><td>{text_html(capitalised(one.what))} {who}</td></tr>"


def steps_html(home: HomeFigures) -> str:
    """What to do next, and what is to fix before the plan can be agreed, with what `t4c plan check` says of each."""
    steps = "".join(f"<li>{text_html(one)}</li>" for one in home.next_steps)
    said = f"<ol>{steps}</ol>" if steps else "<p>Nothing is missing, nothing is overdue, and all is agreed.</p>"
    if home.to_fix:
        points = "".join(f"<li>{text_html(one)}</li>" for one in grouped(home.to_fix))
        said += _folded(f"To fix before agreement ({len(home.to_fix)})", f"<ul>{points}</ul>")
    if missing := home.coverage.missing:
        table = table_html(missing_table(missing), "Measures without a figure")
        said += _folded(f"The {len(missing)} measures without a figure", table)
    return f'<section class="t4c-section"><h2>What to do next</h2>{said}</section>'


def _folded(summary: str, html: str) -> str:
    return f"<details><summary>{text_html(summary)}</summary>{html}</details>"


def way_in_html(*, anything_loaded: bool) -> str:
    """What to do where no organisation is chosen, or none is loaded."""
    choose = "<p>Choose an organisation at the top of the page, or load more figures.</p>" if anything_loaded else ""
    return f"<h1>Where do we stand, and what next?</h1>{choose}{_WAY_IN}"


_WAY_IN = """<section class="t4c-section"><h2>Three steps to the first figures</h2>
<ol class="t4c-way">
<li><strong>Say which trusts there are.</strong> NHS England publishes the list of NHS trusts as <code>etr.csv</code>
(Organisation Data Service): <code>t4c evidence add etr.csv</code></li>
<li><strong>Add what is published of them.</strong> Sickness absence, turnover, workforce and the NHS Staff Survey, as
they were downloaded: <code>t4c evidence add FILE</code></li>
<li><strong>Add your own figures.</strong> A staff extract from ESR gives most of them; <code>data/dictionary.csv</code>
lists its columns. Where there is no extract, a collection workbook asks for the figures:
<code>t4c evidence template CODE --out FILE.xlsx</code></li>
</ol>
<p>Instead of a command, choose the file on this page. A file with a fault is refused whole, and each fault is told
with its row and column.</p></section>
<section class="t4c-section"><h2>Only looking?</h2>
<p>Six made-up organisations show everything that the pages can do: <code>t4c demo load</code></p></section>"""
