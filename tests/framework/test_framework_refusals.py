"""Broken catalogues, each with the words its message must contain. One sound catalogue is broken in many ways."""

from __future__ import annotations

from pathlib import Path

import pytest

import t4c_lib.framework
from t4c_lib.errors import InputError
from t4c_lib.framework import catalogue
from t4c_lib.framework.catalogue import read_catalogue

pytestmark = pytest.mark.unit

SHIPPED = (Path(t4c_lib.framework.__file__).parent / "catalogue.yaml").read_text(encoding="utf-8")


def refusal(*slips: tuple[str, str]) -> InputError:
    """What is said of the shipped catalogue after each first occurrence was replaced."""
    text = SHIPPED
    for sound, broken in slips:
        assert sound in text
        text = text.replace(sound, broken, 1)
    with pytest.raises(InputError) as caught:
        read_catalogue(text, "mine.yaml")
    return caught.value


def line_of(words: str) -> int:
    return SHIPPED[: SHIPPED.index(words)].count("\n") + 1


def test_the_shipped_catalogue_is_sound() -> None:
    assert read_catalogue(SHIPPED, "mine.yaml").measures == catalogue().measures


@pytest.mark.parametrize(
    ("sound", "broken", "words"),
    [
        (
            "    strand: get-in\n",
            "    strand: get-inn\n",
            "line {line} (intention 1, strand): There is no strand 'get-inn'. Did you mean 'get-in'?",
        ),
        (
            "key: review-entry-routes",
            "key: profile-young-workforce",
            "(intention 1, action 1a2): The key 'profile-young-workforce' is taken by an earlier row.",
        ),
        ("- ref: 1a2", "- ref: 1a1", "The ref '1a1' is taken by an earlier row. Every row needs its own."),
        (
            "history: {text: from April 2015, when: 2015-04}",
            "history: {text: from April 2015, when: 2015-05}",
            "(intention 5, action 5a1, history): The text does not name May 2015, which 'when' says.",
        ),
        (
            "(LETB), bodies: [letb]}",
            "(LETB), bodies: [lebt]}",
            "(intention 3, action 3a3, history): There is no body 'lebt'. Did you mean 'letb'?",
        ),
        (
            "          path: leavers of a year over the mean headcount\n",
            "          path: leavers of a year\n",
            "(intention 1, measure 1m4-turnover, what_if, path)",
        ),
        (
            "          path: leavers of a year over the mean headcount\n",
            "          path: pre-employment courses of a year\n",
            "The path 'pre-employment courses of a year' is taken by an earlier row.",
        ),
        (
            "          not_followed: No figure says how any of the levers changes absence",
            "          note: No figure says how any of the levers changes absence",
            "A measure has a 'path', or the sentence 'not_followed' that says why it has none.",
        ),
        (
            "            - population: trust workforce\n",
            "            - population: the workforce\n",
            "(intention 1, measure 1m1, what_if): There is no population 'the workforce'.",
        ),
        ("    short: Routes in\n", "    short: Routes into the NHS for young people\n", "(intention 1, short)"),
        ("part: turnover", "part: attainment", "The ref and part '1m4-attainment' is taken by an earlier row."),
        ("- ref: 3m2", "- ref: 4m2", "Ref '4m2' does not belong to intention 3."),
        (
            "series: nhs-as-career-choice",
            "series: nhs-as-a-career-choice",
            "There is no series 'nhs-as-a-career-choice'. Did you mean 'nhs-as-career-choice'?",
        ),
        (
            "series: nhs-as-career-choice",
            "series: subject-choices",
            "whose unit is 'students a year'. Kind and unit must be the same.",
        ),
        ("key: turnover", "key: leavers", "'leavers' is already the key of a series that is no measure."),
        (
            "population: support staff",
            "population: support staf",
            "There is no population 'support staf'. Did you mean 'support staff'?",
        ),
        ("joined_with: appraisal-received", "joined_with: appraisals", "There is no measure 'appraisals'."),
        (
            "counts_also: [ambassadors-trained",
            "counts_also: [ambassadors",
            "line {line} (intention 3, measure 3m1, counts_also): There is no series 'ambassadors'.",
        ),
        (
            "series: ambassadors-trained",
            "series: ambassadors-trainee",
            "line {line} (intention 3, action 3a1, series): There is no series 'ambassadors-trainee'."
            " Did you mean 'ambassadors-trained'?",
        ),
        ("notes: [3, 4]", "notes: [3]", "(intention 2, action 2a1): Note 4 says that it applies to 2a1"),
        ("notes: [2]", "notes: [2, 3]", "Note 3 does not list 6a5 in its 'applies_to'. Both must agree."),
        ("notes: [2]", "notes: [2, 9]", "There is no note 9."),
        ("applies_to: [7a1]", "applies_to: [7a1, 7a2]", "line {line} (note 6, applies_to): There is no action '7a2'."),
        ("covers: [1a1]", "covers: [2a1]", "There is no action of this intention '2a1'."),
        ("number: 2\n    key: try", "number: 1\n    key: try", "The number '1' is taken by an earlier row."),
    ],
)
def test_what_is_wrong_between_rows_is_told_with_place_and_slip(sound: str, broken: str, words: str) -> None:
    assert words.format(line=line_of(sound)) in str(refusal((sound, broken)))


@pytest.mark.parametrize(
    ("sound", "broken", "words"),
    [
        (
            "better: higher\n        x: percent",
            "beter: higher\n        x: percent",
            "line {line} (intention 1, measure 1m1, beter): there is no key 'beter' here.",
        ),
        ("better: higher\n        x: percent", "beter: higher\n        x: percent", "Did you mean 'better'?"),
        (
            "better: higher\n        x: percent",
            "beter: higher\n        x: percent",
            "(intention 1, measure 1m1): 'better' is missing.",
        ),
        (
            "kind: share",
            "kind: shares",
            "line {line} (intention 1, measure 1m1, kind): 'shares' is not known here. Did you mean 'share'?"
            " Allowed: share, rate, count, evidence, review.",
        ),
        (
            "x: percent",
            "x: per cent",
            "'per cent' is not known here. Did you mean 'percent'? Allowed: percent, number, target.",
        ),
        (
            "readings: [points, relative]",
            "readings: [point, relative]",
            "line {line} (intention 1, measure 1m1, reading 1): 'point' is not known here. Did you mean 'points'?",
        ),
        (
            '- ref: "6"',
            "- ref: 6",
            "line {line} (intention 6, measure 6-intention, ref): a text belongs here, not 6. Put it in quotes.",
        ),
        (
            "- ref: 1a3",
            "- ref: 1b3",
            "(intention 1, action 1b3, ref): '1b3' has the wrong form. Allowed: intention, a and number, such as 1a2.",
        ),
        (
            "when: 2016-04",
            "when: April 2016",
            "line {line} (intention 1, timeline the age profile, when): 'April 2016' is not a month.",
        ),
        ("when: 2016-04", "when: 2016-13", "Month 13 of 2016 does not exist"),
        (
            "when: 2016-04\n        then: once a year",
            "note: none",
            "A timeline needs a month ('when'), a rhythm ('then'), or both.",
        ),
        ("unit: share", "unit: percent", "(intention 1, measure 1m1): A share"),
        ("unit: share", "unit: percent", "A share's unit is 'share', not 'percent'."),
        (
            "numerator: people in post at the end",
            "note: people in post at the end",
            "A share needs numerator and denominator.",
        ),
        ("        readings: [points, relative]\n", "", "A measure with a blank ('x') needs 'readings'."),
        (
            "readings: [level]\n        unit: placements",
            "readings: [points]\n        unit: placements",
            "The reading 'points' does not go with this measure; allowed: relative, level, count, multiple.",
        ),
        (
            "every: 12",
            "every: twelve",
            "(intention 10, measure 10m3, every): a whole number belongs here, not 'twelve'.",
        ),
        (
            "kind: review\n        better: higher\n        every: 12",
            "kind: evidence\n        better: higher\n        every: 12",
            "'every' is for reviews.",
        ),
        (
            "compare_with: the same group among residents",
            "note: the same group among residents",
            "Where closer is better, 'compare_with' says closer to what.",
        ),
        (
            "train {x} staff",
            "train many colleagues",
            "An action with an 'x' has {{x}} in its text, and only such an action has.",
        ),
        (
            "        unit: people\n        series: ambassadors-trained\n",
            "",
            "An action with an 'x' needs 'readings', 'unit' and 'series'.",
        ),
        ("At {organisation} good", "At our place good", "The wording needs {{organisation}} where the name goes."),
        (
            "x: target\n        readings: [points]",
            "x: target\n        target: {kind: points, amount: 1}\n        readings: [points]",
            "A blank ('x') and a stated target exclude each other.",
        ),
    ],
)
def test_what_is_wrong_in_a_row_is_told_with_place_and_slip(sound: str, broken: str, words: str) -> None:
    assert words.format(line=line_of(sound.lstrip())) in str(refusal((sound, broken)))


def test_a_duplicate_key_is_refused_with_both_lines() -> None:
    line = line_of("kind: share")
    error = refusal(("        kind: share\n", "        kind: share\n        kind: rate\n"))
    assert str(error) == (
        "mine.yaml: 1 problem, nothing was saved\n"
        f"  - line {line + 1} (intention 1, measure 1m1, kind): 'kind' stands here a second time;"
        f" the first is in line {line}. Keep the one that is meant."
    )


def test_all_problems_are_told_at_once_duplicates_among_them() -> None:
    error = refusal(
        ("        kind: share\n", "        kind: share\n        kind: rate\n"),
        ("    title: Give more people", "    titel: Give more people"),
        ("better: lower", "better: less"),
        ("    key: ambassadors\n", "    key: ambassadors\n    key: speakers\n"),
    )
    text = str(error)
    assert len(error.problems) == 5
    for words in (
        "'kind' stands here a second time",
        "'key' stands here a second time",
        "'title' is missing",
        "Did you mean 'title'?",
        "'less' is not known here",
    ):
        assert words in text
    lines = [int(problem.place.split()[1]) for problem in error.problems]
    assert lines == sorted(lines)


def test_several_slips_between_rows_are_told_at_once() -> None:
    error = refusal(
        ("    strand: get-in\n", "    strand: getin\n"), ("- ref: 3m2", "- ref: 4m2"), ("notes: [3, 4]", "notes: [3]")
    )
    assert len(error.problems) >= 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("source: [1\nb: 2", "line 2, column 2: this is not YAML: "),
        ("strands: a: b", "line 1, column 11: this is not YAML: mapping values are not allowed here."),
        ("", "the file is empty. It needs the keys source, postholders,"),
        ("- 1", "line 1: a group of keys with their values belongs here, not a list."),
        ("strands: nothing", "line 1 (strands): a list belongs here, not 'nothing'."),
    ],
)
def test_what_is_no_catalogue_at_all_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read_catalogue(text, "mine.yaml")
    assert words in str(caught.value)
    assert str(caught.value).startswith("mine.yaml: ")
