"""The page docs/reference/statuses.md, made from the rules so that it can't fall behind them."""

from __future__ import annotations

from collections.abc import Iterator

from t4c_lib.progress.status import RULES

_NOTES = (
    "",
    "## What is shown with a status",
    "",
    "- **Figure**: the newest one. A measure judged on twelve months has one that covers the twelve months up to",
    "  that month. Its numerator and denominator are shown with it.",
    "- **Chance** of meeting the target: only for an open row whose target date is in the future, and where the model",
    "  forecasts that figure. Where status and chance differ, the reason gives both.",
    "- **Variation icon**: with 13 or more figures that don't share months with each other; not for a row that is",
    "  closed, left out or was already in place.",
    "- **Assurance icon**: only against a target in force: its date has been reached, or the baseline's level is to be",
    "  held.",
    "- A figure without an interval (sickness absence, plain counts) can only be met, on course or behind; a chance of",
    "  less than 20% is then given in the reason.",
    "- What is published has no chances: a target that is off course inside the forum because of its chance is called",
    "  by its newest figure there, such as behind.",
    "- A month without a figure breaks lines, runs and moving ranges in every chart.",
    "- Percentages and percentage points are given to one decimal place.",
)


def statuses_page() -> str:
    """The whole page as Markdown."""
    return "\n".join(_page())


def _page() -> Iterator[str]:
    yield "# How the status of a row is decided"
    yield ""
    yield (
        "Every row of a plan has one status, and tables, charts, sentences, the overview, the report and `t4c progress "
        "status` show the same one. The rules are checked from the top; the first that applies gives the status."
    )
    for name, rules in RULES.items():
        yield from ("", f"## {name}", "", "| | Status | When |", "|---|---|---|")
        yield from (f"| {place} | {rule.word} | {rule.when} |" for place, rule in enumerate(rules, 1))
    yield from _NOTES
