"""What is published of small numbers: no hidden count can be worked out, and all figures come of the rounded counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.disclosure.possible_values import CountSystem, possible_values
from t4c_lib.disclosure.published import Audit, PublishedFigures, publish
from t4c_lib.disclosure.suppression_policy import (
    AS_PUBLISHED,
    HIDDEN,
    LEFT_OUT,
    ROUNDED,
    SMALL_BASE,
    TREATMENT,
    Policy,
    policy,
)
from tests.disclosure.sums import add_sum
from tests.samples import LONG, TWO_BY_TWO

HOUSE = Policy()


def figures(rows: Sequence[tuple[str, str, float | None, float | None]], series: str = "starts") -> pd.DataFrame:
    """Observations of one population and month: series or "", breakdown, numerator or count, denominator."""
    made = []
    for name, breakdown, count, base in rows:
        value = np.nan if count is None else count if base is None else count / base if base else np.nan
        made.append((name or series, "support staff", breakdown, "2026-03", count, base, value, "counted"))
    names = ["series", "population", "breakdown", "period", "numerator", "denominator", "value", "state"]
    return pd.DataFrame(made, columns=names).astype(dict.fromkeys(("numerator", "denominator", "value"), float))


def published(table: pd.DataFrame, chosen: Policy = HOUSE) -> PublishedFigures:
    none = [False] * len(table)
    return publish(table, official=none, of_time=none, policy=chosen)


@pytest.mark.unit
def test_shares_are_those_of_the_rounded_counts_and_small_ones_are_hidden() -> None:
    table = figures([("", "all", 22, 117), ("", "department=North", 16, 98), ("", "department=South", 6, 19)])
    found = published(table).table.set_index("breakdown")
    assert list(found.loc["all", ["numerator", "denominator", "value"]]) == [20, 115, 20 / 115]
    assert found.loc["department=North", "value"] == 15 / 100
    south = found.loc["department=South"]
    assert np.isnan([south["numerator"], south["value"]]).all()
    assert (south["denominator"], south["state"], south[TREATMENT]) == (20, "suppressed", HIDDEN)
    assert found.loc["all", TREATMENT] == ROUNDED


@pytest.mark.unit
def test_a_share_of_fewer_than_twenty_people_is_hidden_though_its_counts_are_shown() -> None:
    found = published(figures([("", "all", 9, 16)])).table.iloc[0]
    assert found[["numerator", "denominator"]].tolist() == [10, 15]
    assert np.isnan(found["value"])
    assert (found["state"], found[TREATMENT]) == ("suppressed", SMALL_BASE)


@pytest.mark.unit
def test_official_figures_pass_as_they_were_published() -> None:
    table = figures([("", "all", 3, 41)])
    found = publish(table, official=[True], of_time=[False], policy=HOUSE).table
    assert found[list(table.columns)].equals(table)
    assert found[TREATMENT].tolist() == [AS_PUBLISHED]


@pytest.mark.unit
@pytest.mark.parametrize(("available", "is_shown"), [(600, True), (594, False)])
def test_days_are_shown_from_those_of_twenty_people_on(available: float, is_shown: bool) -> None:
    table = figures([("", "all", 3.4, available)])
    found = publish(table, official=[False], of_time=[True], policy=HOUSE).table.iloc[0]
    assert (
        (found["value"] == 5 / 600)
        if is_shown
        else np.isnan(found[["numerator", "denominator", "value"]].to_list()).all()
    )


@pytest.mark.unit
def test_a_mean_and_full_time_equivalents_are_rounded_and_hidden_too() -> None:
    found = published(figures([("", "all", 8.0, 61.5), ("fte", "all", 6.9, None), ("wte", "all", 12.9, None)])).table
    assert found["denominator"].tolist()[0] == 60
    assert found["value"].isna().tolist() == [False, True, False]
    assert found["value"].tolist()[2] == 15


@pytest.mark.unit
def test_two_groups_that_their_total_gives_away_are_left_out_and_the_total_stays() -> None:
    found = published(figures([("", "all", 13, None), ("", "sex=Female", 6, None), ("", "sex=Male", 7, None)]))
    assert found.table[TREATMENT].tolist() == [ROUNDED, LEFT_OUT, LEFT_OUT]
    assert found.table["value"].isna().tolist() == [False, True, True]
    assert found.audit == Audit(counts=3, hidden=2, left_out=2, values_left=3)


@pytest.mark.unit
def test_who_gave_no_answer_is_left_out_before_those_who_did() -> None:
    """Everybody less those who answered leaves 0 or 1 of whom nothing is recorded."""
    base, answered = 1_232, 1_093
    table = figures(
        [
            *(("", f"disability={name}", count, answered) for name, count in (("Yes", 65), ("No", answered - 65))),
            *(("", f"disability={name}", count, base) for name, count in (("Not stated", 138), ("Not recorded", 1))),
        ]
    )
    found = published(table).table.set_index("breakdown")[TREATMENT]
    assert found["disability=Yes"] == found["disability=No"] == ROUNDED
    assert found["disability=Not recorded"] in {LEFT_OUT, HIDDEN}


@pytest.mark.unit
def test_months_that_their_year_gives_away_are_left_out() -> None:
    """With 0 shown, twelve hidden months are one person each at least; a year of 12 leaves just that."""
    months = [f"2025-{month:02d}" for month in range(4, 13)] + [f"2026-{month:02d}" for month in range(1, 4)]
    table = pd.concat([figures([("starts", "all", 1, None)]).assign(period=month) for month in months])
    year = figures([("starts-12-months", "all", 12, None)])
    found = published(pd.concat([table, year], ignore_index=True), Policy(zero_shown=True))
    assert set(found.table[TREATMENT][:12]) == {LEFT_OUT}
    assert found.audit.values_left == 3


@pytest.mark.unit
def test_published_figures_are_made_by_publish_only() -> None:
    with pytest.raises(TypeError, match=r"made by t4c_lib\.disclosure\.published\.publish and by nothing else"):
        PublishedFigures(figures([("", "all", 3, 41)]), Audit(0, 0, 0, 0), HOUSE, None)


counts = st.integers(0, 30)


@pytest.mark.law
@given(st.lists(st.tuples(counts, counts), min_size=1, max_size=5), st.booleans())
def test_every_hidden_count_of_a_table_of_groups_keeps_three_values(
    groups: list[tuple[int, int]], zero_shown: bool
) -> None:
    """By the constraints of the table as it was published, worked out exactly and anew."""
    chosen = Policy(zero_shown=zero_shown)
    rows = [("", f"department={n}", x, x + others) for n, (x, others) in enumerate(groups)]
    total = ("", "all", sum(x for x, _ in groups), sum(x + others for x, others in groups))
    table = published(figures([total, *rows]), chosen).table
    system, hidden = CountSystem(), []
    numbers: dict[tuple[int, str], int] = {}
    for row in range(len(table)):
        for part in ("numerator", "denominator"):
            shown, treatment = table[part][row], table[TREATMENT][row]
            low, high = chosen.possible([shown])
            if np.isnan(shown) and treatment == LEFT_OUT:
                low, high = np.array([0]), np.array([1_000])
            numbers[row, part] = system.add_count(int(low[0]), int(high[0]))
            if np.isnan(shown):
                hidden.append(numbers[row, part])
    for part in ("numerator", "denominator"):
        add_sum(system, [numbers[0, part]], [numbers[row, part] for row in range(1, len(table))])
    for row in range(len(table)):
        add_sum(system, [numbers[row, "denominator"]], [numbers[row, "numerator"]], may_lack=True)
    least, most = possible_values(system, hidden)
    assert (most - least + 1 >= chosen.fewest_possible_values).all()


@pytest.mark.law
@given(st.lists(st.tuples(counts, counts), min_size=1, max_size=5))
def test_what_is_shown_is_rounded_and_shares_are_shares_of_it(groups: list[tuple[int, int]]) -> None:
    rows = [("", f"department={n}", x, x + others) for n, (x, others) in enumerate(groups)]
    table = published(figures(rows)).table
    shown = table[["numerator", "denominator"]].stack().dropna()
    assert (shown % HOUSE.rounded_to == 0).all()
    assert (shown > HOUSE.hidden_up_to).all()
    known = table[table["value"].notna()]
    assert (known["value"] == known["numerator"] / known["denominator"]).all()
    assert (known["denominator"] >= HOUSE.smallest_base).all()


CELLS = ("a=1; b=1", "a=1; b=2", "a=2; b=1", "a=2; b=2", "a=1", "a=2", "b=1", "b=2", "all")


def two_by_two(a: int, b: int, c: int, d: int) -> list[int]:
    """The cells of a table of two by two with its margins."""
    return [a, b, c, d, a + b, c + d, a + c, b + d, a + b + c + d]


@pytest.mark.law
def test_no_count_of_a_table_of_two_by_two_is_determined_by_what_is_published() -> None:
    """Every table up to a total, by brute force: whoever sees what is published, and knows how it was made, is left
    with two values of each hidden count at least, and with three by the sums alone (the law above).
    """
    top = TWO_BY_TWO.whole if LONG else TWO_BY_TWO.sample
    patterns: dict[tuple[float, ...], list[list[int]]] = defaultdict(list)
    for a, b, c, d in product(range(top + 1), repeat=4):
        if a + b + c + d <= top:
            cells = two_by_two(a, b, c, d)
            patterns[tuple(np.nan_to_num(policy().rounded(cells), nan=-1))].append(cells)
    left: dict[tuple[float, ...], list[list[int]]] = defaultdict(list)
    for tables in patterns.values():
        table = figures([("", name, count, None) for name, count in zip(CELLS, tables[0], strict=True)])
        left[tuple(np.nan_to_num(published(table).table["value"], nan=-1))] += tables
    tried = 0
    for shown, tables in left.items():
        if shown[-1] > top - HOUSE.rounded_to:
            continue  # of the largest totals not every table was tried
        for cell in np.flatnonzero(np.array(shown) == -1):
            tried += 1
            assert len({cells[cell] for cells in tables}) >= 2, (shown, CELLS[cell])
    assert tried > 50
