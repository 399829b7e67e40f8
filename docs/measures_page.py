"""The page docs/reference/measures.md, made from the catalogue so that it can't fall behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from t4c_lib.framework import Action, Better, Catalogue, Intention, Measure, MeasureKind, catalogue
from t4c_lib.framework.catalogue import other_series
from t4c_lib.framework.definitions import Blank
from t4c_lib.periods import Month
from t4c_lib.quantities import ChangeKind

KIND_MEANS = {
    MeasureKind.SHARE: "people out of people, from 0% to 100%",
    MeasureKind.RATE: "events set against the time or the people they could come from",
    MeasureKind.COUNT: "things or people, in a period or on a day",
    MeasureKind.EVIDENCE: "something exists, has a date and a document",
    MeasureKind.REVIEW: "something is done on a rhythm: last done, next due",
}
BETTER_MEANS = {Better.HIGHER: "higher is better", Better.LOWER: "lower is better", Better.CLOSER: "closer is better"}
BLANK_MEANS = {Blank.PERCENT: "a percentage", Blank.NUMBER: "a number", Blank.TARGET: "a target"}
CHANGE_MEANS = {
    ChangeKind.POINTS: "so many percentage points up or down (from 5.7%, 2 points up is 7.7%)",
    ChangeKind.RELATIVE: "by a part of today's figure (from 5.0%, a tenth more is 5.5%)",
    ChangeKind.LEVEL: "to the figure itself (to 8%, or 40 placements a year)",
    ChangeKind.COUNT: "so many people or things more or fewer",
    ChangeKind.MULTIPLE: "so many times today's figure (2 doubles it)",
}


def measures_page() -> str:
    """The whole page as Markdown."""
    whole = catalogue()
    parts = (_opening, _blanks, _at_a_glance, _intentions, _notes)
    return "\n".join([*(line for part in parts for line in part(whole)), *_series(), *_populations()])


def _opening(whole: Catalogue) -> Iterator[str]:
    source, folder = whole.source, "t4c_lib/framework"
    yield "# Measures of the framework"
    yield ""
    yield f"<!-- Made by `make docs` from catalogue.yaml and series.yaml in {folder}. Change those, not this page. -->"
    yield ""
    yield " ".join(
        (
            f'"{source.title}" ({source.publisher}, {Month.parse(source.published).label}) asks NHS employers and',
            f"their trade unions to carry out {len(whole.intentions)} intentions. This page retells its",
            f"{len(whole.measures)} measures in our own words. Every row is a suggestion: a plan may adopt it,",
            "reword it, leave it out or add rows of its own.",
        )
    )
    yield ""
    yield "What kinds of measure there are:"
    yield ""
    yield from (f"- **{kind}**: {meaning}" for kind, meaning in KIND_MEANS.items())
    yield ""
    yield "How a change can be meant (a plan always says which, and pages show what the likeliest mistake comes to):"
    yield ""
    yield from (f"- **{kind}**: {meaning}" for kind, meaning in CHANGE_MEANS.items())
    yield ""
    yield f"Postholders: {whole.postholders}"
    yield ""
    yield "Bodies that the framework names, and who does their work now:"
    yield ""
    yield from _table(("then", "now"), ((body.then, body.now) for body in whole.bodies))


def _blanks(whole: Catalogue) -> Iterator[str]:
    rows: list[tuple[str, ...]] = []
    for intention in whole.intentions:
        for action in intention.actions:
            if action.x:
                text = action.text.replace("{x}", "X")
                rows.append((action.ref, f"`{action.key}`", text, BLANK_MEANS[action.x], ", ".join(action.readings)))
        for measure in intention.measures:
            if measure.x:
                readings = ", ".join(measure.readings)
                rows.append((measure.reference, f"`{measure.key}`", measure.name, BLANK_MEANS[measure.x], readings))
    yield f"## The {len(rows)} blanks"
    yield ""
    yield "Here the source leaves an X to the partners. Everything else it states itself, or leaves to evidence."
    yield ""
    yield from _table(("ref", "key", "what", "to be filled in", "can be meant as"), rows)


def _at_a_glance(whole: Catalogue) -> Iterator[str]:
    yield "## All measures at a glance"
    yield ""
    yield (
        "X is the blank that the source leaves. A plan may set a change for every measure that has an amount, blank or "
        "not; where closer is better, it is the gap that changes."
    )
    yield ""
    rows = (
        (
            measure.reference,
            f"`{measure.key}`",
            measure.name,
            measure.kind,
            BETTER_MEANS[measure.better],
            BLANK_MEANS[measure.x] if measure.x else "none",
            measure.unit,
            ", ".join(measure.changes) or "none",
        )
        for measure in whole.measures
    )
    yield from _table(("ref", "key", "measure", "kind", "direction", "X", "unit", "a change may be"), rows)


def _intentions(whole: Catalogue) -> Iterator[str]:
    for strand in whole.strands:
        yield f"## {strand.name}"
        yield ""
        yield f"{strand.purpose}."
        yield ""
        for intention in whole.intentions_of(strand.key):
            yield from _intention(intention)


def _intention(intention: Intention) -> Iterator[str]:
    yield f"### Intention {intention.number}: {intention.title}"
    yield ""
    yield f"Key `{intention.key}`, in menus and charts: {intention.short}."
    if intention.history is not None:
        yield ""
        yield f"<small>{intention.history.words}</small>"
    if intention.note:
        yield ""
        yield intention.note
    yield ""
    yield "Dates of the source, with our reading of what each is for:"
    yield ""
    for timeline in intention.timeline:
        covers = f" ({', '.join(timeline.covers)})" if timeline.covers else ""
        note = f". {timeline.note}" if timeline.note else ""
        yield f"- {timeline.text}: {timeline.concerns}{covers}{note}"
    yield ""
    yield "Suggested actions:"
    yield ""
    yield from (
        f"- **{action.ref}** {action.text.replace('{x}', 'X')} (`{action.key}`){_small_print(action)}"
        for action in intention.actions
    )
    yield ""
    for measure in intention.measures:
        yield from _measure(measure)


def _small_print(action: Action) -> str:
    """What stands small below an action: what the source said of it in 2015, and its notes on it."""
    history = [] if action.history is None else [action.history.words]
    notes = [f"Note {note.number}: {note.text}" for note in catalogue().notes_on(action.ref)]
    return "".join(f"<br><small>{line}</small>" for line in (*history, *notes))


def _measure(measure: Measure) -> Iterator[str]:
    yield f"#### {measure.reference}: {measure.name}"
    yield ""
    yield from _table(("term", "definition"), ((term, text) for term, text in _definition(measure) if text))


def _definition(measure: Measure) -> Iterator[tuple[str, str]]:
    """The rows of a measure's table; a row without text is left out."""
    yield "key", f"`{measure.key}`"
    yield "kind", f"{measure.kind}, {BETTER_MEANS[measure.better]}"
    yield "blank (X)", BLANK_MEANS[measure.x] if measure.x else "none"
    yield "asked by the source", _target(measure)
    yield "within", measure.within
    yield "X can be meant as" if measure.x else "a change can be meant as", ", ".join(measure.readings)
    yield "a plan may also use", ", ".join(kind for kind in measure.changes if kind not in measure.readings)
    yield "unit", measure.unit
    yield "about", measure.population or ""
    yield "whose figures", measure.population_note
    yield "numerator", measure.numerator or ""
    yield "denominator", measure.denominator or ""
    yield "compared with", measure.compare_with or ""
    yield "groups", ", ".join(measure.groups)
    yield (
        "level of qualification",
        f"{measure.default_level}, unless a plan names another" if measure.default_level else "",
    )
    yield "rhythm", f"every {measure.every} months" if measure.every else ""
    yield "judged on", f"{measure.judged_on} months together" if measure.judged_on else ""
    yield "approved by", measure.approved_by
    yield "holds together with", f"`{measure.joined_with}`" if measure.joined_with else ""
    yield "reads the series", f"`{measure.series}`"
    yield "counted beside it", ", ".join(f"`{key}`" for key in measure.counts_also)
    yield "source of data", measure.source_of_data
    yield "note", measure.note
    yield "added by us", measure.added
    yield "2015 framework", "" if measure.history is None else measure.history.text


def _target(measure: Measure) -> str:
    target = measure.target
    if target is None:
        return ""
    by = f", by {Month.parse(target.by).label}" if target.by else ""
    if target.kind is ChangeKind.LEVEL and measure.kind is MeasureKind.SHARE:
        return f"{target.amount:.0%}{by}"
    return f"{target.change.text}{by}"


def _notes(whole: Catalogue) -> Iterator[str]:
    yield "## Notes of the source"
    yield ""
    for note in whole.notes:
        where = "the whole plan" if note.applies_to == ("plan",) else ", ".join(note.applies_to)
        points_to = f" It points to: {note.points_to}." if note.points_to else ""
        reading = f" {note.reading}" if note.reading else ""
        yield f"{note.number}. (for {where}) {note.text}{points_to}{reading}"
    yield ""


def _series() -> Iterator[str]:
    yield "## Series besides the measures"
    yield ""
    yield "Every measure makes the series of its own key, unless its table names another. These stand beside them:"
    yield ""
    rows = ((f"`{row.key}`", row.label, row.unit, row.description) for row in other_series().series)
    yield from _table(("key", "what", "unit", "description"), rows)


def _populations() -> Iterator[str]:
    yield "## Populations"
    yield ""
    rows = ((row.name, row.definition, row.proxy_note or "none") for row in other_series().populations)
    yield from _table(("population", "who belongs to it", "where a figure is only a proxy"), rows)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield _line(head)
    yield "|" + " --- |" * len(head)
    yield from (_line(row) for row in rows)
    yield ""


def _line(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"
