"""The page docs/reference/statuses.md, made from the rules so that it can't fall behind them."""

from __future__ import annotations

from collections.abc import Iterator

from t4c_lib.progress import RULES

_NOTES = (
    "",
    "## What goes with a word",
    "",
    "- **Figure**: the newest that was counted; of a measure that the catalogue judges on twelve months, the twelve",
    "  months to its month. It stands with what it was divided from.",
    "- **Chance** of meeting the target: only of a row with which something is still to do, of a target whose date is",
    "  to come, and where the model follows the very figure. Where word and chance point different ways, the sentence",
    "  says both.",
    "- **Variation icon**: from 13 figures on that don't share months with each other; never of a row that is closed,",
    "  left out or was there before.",
    "- **Assurance icon**: only against a target that is in force: its date has come, or the baseline's level is to be",
    "  held.",
    "- A figure that no interval can be put on (sickness absence, plain counts) is met, on course or behind and",
    "  nothing else; a chance of less than 20% is then said in the sentence.",
    "- A month without a figure breaks lines, runs and moving ranges in every chart.",
    "- Percentages and percentage points have one decimal everywhere.",
)


def statuses_page() -> str:
    """The whole page as Markdown."""
    return "\n".join(_page())


def _page() -> Iterator[str]:
    yield "# Which word wins"
    yield ""
    yield (
        "Every row of a plan has one status, and tables, charts, sentences, the overview, the report and `t4c progress "
        "status` show the same one. The rules are gone through from the top; the first that holds gives the word."
    )
    for name, rules in RULES.items():
        yield from ("", f"## {name}", "", "| | Word | When |", "|---|---|---|")
        yield from (f"| {place} | {rule.word} | {rule.when} |" for place, rule in enumerate(rules, 1))
    yield from _NOTES
