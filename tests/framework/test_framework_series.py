"""Series and populations: every measure reads one, 2m4 and 3m3 read the same, the whole list is pinned."""

from __future__ import annotations

from pathlib import Path

import pytest

from t4c_lib.errors import InputError, UnknownNameError
from t4c_lib.framework import MeasureKind, catalogue, population, populations, series
from t4c_lib.framework.catalogue import read_series

pytestmark = pytest.mark.unit

PINNED = Path(__file__).with_name("series.txt")
NAMED = {one.key: one for one in series()}


def test_series_and_populations_are_pinned() -> None:
    measures = {row.key for row in catalogue().measures}  # they are pinned in keys.txt
    lines = [
        *(f"series {row.key} | {row.kind} | {row.unit}" for row in series() if row.key not in measures),
        *(f"population {row.name}" for row in populations()),
    ]
    assert lines == PINNED.read_text(encoding="utf-8").splitlines()[1:]


def test_keys_of_series_are_unique() -> None:
    keys = [row.key for row in series()]
    assert len(keys) == len(set(keys))


def test_every_measure_reads_a_series_of_its_own_kind_and_unit() -> None:
    for measure in catalogue().measures:
        row = NAMED[measure.series]
        assert (row.kind, row.unit) == (measure.kind, measure.unit)
        for key in measure.counts_also:
            assert NAMED[key].kind is MeasureKind.COUNT


def test_the_two_measures_of_career_choice_share_one_series() -> None:
    shared = [measure.reference for measure in catalogue().measures if measure.series == "nhs-as-career-choice"]
    others = [measure.reference for measure in catalogue().measures if measure.series != measure.key]
    assert (shared, others) == (["2m4", "3m3"], ["3m3"])
    assert "young-people-choosing-nhs" not in {row.key for row in series()}


def test_what_a_blank_of_an_action_counts_is_a_series() -> None:
    for action in catalogue().actions:
        if action.x:
            assert action.series is not None
            assert NAMED[action.series].unit == action.unit


def test_every_population_of_a_measure_is_defined() -> None:
    for measure in catalogue().measures:
        if measure.population:
            assert population(measure.population).definition


def test_support_staff_says_when_a_published_figure_is_a_proxy() -> None:
    assert "proxy" in population("support staff").proxy_note
    assert population("trust workforce").proxy_note == ""


def test_a_wrong_population_is_answered_with_the_closest() -> None:
    with pytest.raises(UnknownNameError, match=r"no population called 'support-staff'\. The closest: support staff"):
        population("support-staff")


BROKEN = """\
series:
  - {key: headcount, label: People, kind: counts, unit: people, description: All}
  - {key: Joiners, label: Joiners, kind: count, unit: people, descripton: All}
populations: []
"""


def test_all_problems_of_a_list_of_series_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        read_series(BROKEN, "mine.yaml")
    assert str(caught.value).splitlines() == [
        "mine.yaml: 4 problems, nothing was saved",
        "  - line 2 (series headcount, kind): 'counts' is not known here. Did you mean 'count'?"
        " Allowed: share, rate, count, evidence, review.",
        "  - line 3 (series Joiners, key): 'Joiners' has the wrong form."
        " Allowed: small letters, digits and hyphens, such as young-share.",
        "  - line 3 (series Joiners): 'description' is missing.",
        "  - line 3 (series Joiners, descripton): there is no key 'descripton' here. Did you mean 'description'?"
        " Allowed: key, label, kind, unit, description, collected, fed_by.",
    ]


def test_a_series_or_population_named_twice_is_refused() -> None:
    row = "{key: headcount, label: People, kind: count, unit: people, description: All}"
    person = "{name: support staff, label: Support, definition: Bands 1 to 4}"
    text = f"series:\n  - {row}\n  - {row}\npopulations:\n  - {person}\n  - {person}\n"
    with pytest.raises(InputError) as caught:
        read_series(text, "mine.yaml")
    assert [problem.place for problem in caught.value.problems] == [
        "line 3 (series headcount)",
        "line 6 (population support staff)",
    ]
