"""The price of hiding small numbers: how much is hidden, how often groups are left out, how far shares move.

`python -m benchmarks.disclosure --write` writes docs/reference/small-numbers.md.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from benchmarks.demo_store import demonstration
from benchmarks.table import Row
from t4c_lib.disclosure.intruder import narrow_counts
from t4c_lib.disclosure.suppression_policy import HIDDEN, LEFT_OUT, ROUNDED, SMALL_BASE, TREATMENT, policy
from t4c_lib.progress.provenance import published_figures, series_of_time, series_sums
from t4c_lib.progress.turnover_and_derived_series import POOLED_MONTHS, with_derived_figures
from t4c_lib.store import Store

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "small-numbers.md"
AIMS = {
    "Publishing": "audits included, until nothing is narrow",
    "The audit": "once, as the check does it: 1 s is the aim",
}
KEY = ["series", "population", "breakdown", "period"]
HEAD = """# The price of hiding small numbers

What is published of the made-up organisations, whose small departments are as small as real ones. Written by
`python -m benchmarks.disclosure --write`; the policy is `parameters/disclosure.yaml`.

| Organisation | In post | Figures | Hidden | Left out | Of few people | Shares: median difference | 95 of 100 within |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
"""
TAIL = """
Hidden: a count of 7 or fewer. Left out: it could be worked out from other figures. Of few people: a share of fewer than
20. Differences between published and exact shares and rates in percentage points. A measure that is judged on twelve
months is published as their pool: its single months are no figures, and are not compared.
"""


def lines() -> tuple[list[tuple[str, ...]], dict[str, float]]:
    """A line for each organisation, the largest first; and the longest times for one, in seconds, by what was done."""
    found: list[tuple[float, tuple[str, ...]]] = []
    longest = {"Publishing": 0.0, "The audit": 0.0}
    with demonstration() as file, Store.open(file) as store:
        for one in (organisation for organisation in store.organisations() if organisation.demonstration):
            exact, sources = store.observations(one.code), store.sources(one.code)
            since = time.perf_counter()
            public = published_figures(exact, sources).table
            longest["Publishing"] = max(longest["Publishing"], time.perf_counter() - since)
            of_people = public[~public["series"].isin(series_of_time())]
            since = time.perf_counter()
            narrow_counts([of_people], policy(), series_sums())
            longest["The audit"] = max(longest["The audit"], time.perf_counter() - since)
            counts = public[TREATMENT].value_counts()
            both = public[public["denominator"].notna() & (public[POOLED_MONTHS] == 0)].merge(
                with_derived_figures(exact), on=KEY
            )
            apart = 100 * (both["value_x"] - both["value_y"]).abs().dropna()
            everybody = exact[(exact["series"] == "headcount") & (exact["breakdown"] == "all")]
            people = float(everybody["value"].max()) if len(everybody) else 0.0
            treated = [counts.get(name, 0) for name in (HIDDEN, LEFT_OUT, SMALL_BASE)]
            whole = sum(treated) + counts.get(ROUNDED, 0)
            shares = [f"{count:,} ({count / whole:.0%})" for count in treated]
            middle, most = f"{apart.median():.2f}", f"{apart.quantile(0.95):.2f}"
            found.append((people, (one.code, f"{people:,.0f}", f"{whole:,}", *shares, middle, most)))
    return [line for _, line in sorted(found, reverse=True)], longest


def trial() -> list[Row]:
    """Rows of what was seen."""
    table, longest = lines()
    rows = [Row(f"{line[0]}, hidden or left out", f"{line[3]}, {line[4]}", f"of {line[2]} figures") for line in table]
    return [
        *rows,
        *(Row(f"{what} of one organisation, longest", f"{most:.2f} s", AIMS[what]) for what, most in longest.items()),
    ]


def page() -> str:
    """The page of the reference."""
    return HEAD + "".join(f"| {' | '.join(line)} |\n" for line in lines()[0]) + TAIL


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        PAGE.write_text(page(), encoding="utf-8")
