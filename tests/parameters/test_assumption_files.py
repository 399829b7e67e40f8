"""Files of assumptions: taken whole, or refused whole with every problem and its line."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from t4c_lib.errors import InputError, UnknownNameError
from t4c_lib.filesystem import read_text
from t4c_lib.parameters import Assumptions, assumptions

pytestmark = pytest.mark.unit


def read(text: str) -> Assumptions:
    return Assumptions.from_yaml(dedent(text), "local.yaml")


def refusal(text: str) -> str:
    with pytest.raises(InputError) as caught:
        read(text)
    return str(caught.value)


ONE = """\
    assumptions:
      weeks-to-hire:
        label: Weeks to hire
        value: {low: 6, central: 9, high: 14}
        unit: weeks
        source: our recruitment team
        date: 2025/26
        interval: best and worst quarter
"""


def test_an_interval_is_read_with_all_it_says_of_itself() -> None:
    found = read(ONE).get("weeks-to-hire")
    assert (found.low, found.central, found.high, found.unit) == (6, 9, 14, "weeks")
    assert (found.source, found.date, found.coverage) == ("our recruitment team", "2025/26", 0.8)
    assert not found.judgement


def test_a_bare_number_means_certain() -> None:
    found = read(ONE.replace("{low: 6, central: 9, high: 14}", "9")).get("weeks-to-hire")
    assert found.is_certain
    assert found.central == 9


def test_a_judgement_is_its_own_source() -> None:
    found = read(ONE.replace("source: our recruitment team", "judgement: true")).get("weeks-to-hire")
    assert found.source == "judgement"


def test_a_figure_with_neither_source_nor_judgement_is_refused() -> None:
    assert "line 2 (assumptions, weeks-to-hire): 'source' is missing." in refusal(
        ONE.replace("        source: our recruitment team\n", "")
    )


def test_an_unquoted_day_is_the_same_as_a_quoted_one() -> None:
    assert read(ONE.replace("2025/26", "2025-03-05")).get("weeks-to-hire").date == "2025-03-05"


def test_all_problems_are_told_at_once_each_with_its_line() -> None:
    told = refusal(
        """\
        assumptions:
          Weeks To Hire:
            label: Weeks to hire
            value: {low: 14, central: 9, high: 6}
            unit: week
            source: our recruitment team
            date: 2025/27
            interval: ""
          conversion:
            label: Conversion
            value: {low: 55, central: 62, high: 75}
            units: share
            unit: share
            source: ""
            date: 2014/15
            interval: judgement
          months:
            label: Months
            value: a dozen
            unit: months
            date: 2014/15
            label: Months again
          leavers: 0.2
        assumption: {}
        """
    )
    assert told.splitlines()[0] == "local.yaml: 14 problems, nothing was saved"
    lines = [int(line.split("line ")[1].split()[0]) for line in told.splitlines()[1:]]
    assert lines == sorted(lines)
    for words in (
        "line 2 (assumptions, Weeks To Hire): 'Weeks To Hire' has the wrong form. Allowed: small letters",
        "line 4 (assumptions, Weeks To Hire, value): low 14, central 9, high 6 are not in order",
        "line 5 (assumptions, Weeks To Hire, unit): 'week' is not known here.",
        "Did you mean 'weeks'?",
        "line 7 (assumptions, Weeks To Hire, date): '2025/27' is not a financial year: after 2025/ comes 26.",
        "line 11 (assumptions, conversion, value): low is 55, but the unit 'share' means a fraction from 0 to 1",
        "Did you mean 0.55?",
        "line 12 (assumptions, conversion, units): there is no key 'units' here.",
        "Did you mean 'unit'?",
        "line 14 (assumptions, conversion, source): this can't be left empty.",
        "line 19 (assumptions, months, value): a number belongs here, not 'a dozen'. Write {low",
        "line 17 (assumptions, months): 'source' is missing.",
        "line 22 (assumptions, months, label): 'label' stands here a second time; the first is in line 18.",
        "line 23 (assumptions, leavers): a group of keys with their values belongs here, not 0.2. Write label",
        "line 24 (assumption): there is no key 'assumption' here. Did you mean 'assumptions'? Allowed: assumptions.",
    ):
        assert words in told, words


def test_a_percent_where_a_share_is_wanted_names_the_slip() -> None:
    told = refusal(ONE.replace("unit: weeks", "unit: share"))
    assert (
        "line 4 (assumptions, weeks-to-hire, value): low is 6, but the unit 'share' means a fraction from 0 to 1"
        in told
    )
    assert "Did you mean 0.06?" in told


def test_a_value_that_lacks_an_end_is_refused() -> None:
    told = refusal(ONE.replace("low: 6, ", "lo: 6, "))
    assert "line 4 (assumptions, weeks-to-hire, value, lo): there is no key 'lo' here." in told
    assert "Did you mean 'low'?" in told
    assert "line 4 (assumptions, weeks-to-hire, value): 'low' is missing. Write {low" in told


@pytest.mark.parametrize("value", ["yes it is", "true", "'9'", "[1, 2, 3]", "{low: a, central: 2, high: 3}", ".nan"])
def test_a_value_that_is_no_number_is_refused(value: str) -> None:
    assert "line 4 (assumptions, weeks-to-hire, value" in refusal(ONE.replace("{low: 6, central: 9, high: 14}", value))


def test_a_coverage_that_is_no_chance_is_refused() -> None:
    assert "line 9 (assumptions, weeks-to-hire, coverage): a number below 1 belongs here, not 80" in refusal(
        ONE + "        coverage: 80\n"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is empty. It needs the key assumptions."),
        ("assumptions:", "line 1 (assumptions): a group of keys with their values belongs here, not nothing."),
        ("- a list", "line 1: a group of keys with their values belongs here, not a list."),
        ("only words", "line 1: a group of keys with their values belongs here, not 'only words'."),
        ("other: {}", "line 1: 'assumptions' is missing."),
    ],
)
def test_a_file_without_assumptions_is_refused(text: str, words: str) -> None:
    assert words in refusal(text)


def test_what_is_not_yaml_is_refused_with_its_place() -> None:
    told = refusal("assumptions:\n  weeks: {low: 1\n  label: x: y\n")
    assert told.startswith("local.yaml: 1 problem, nothing was saved")
    assert "line 3" in told
    assert "this is not YAML" in told


def test_a_file_that_is_not_there_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.yaml: 1 problem, nothing was saved\n.*There is no such file"):
        read_text(tmp_path / "absent.yaml")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bytes.yaml").write_bytes(b"assumptions: \xff\xfe")
    with pytest.raises(InputError, match="is not UTF-8"):
        read_text(tmp_path / "bytes.yaml")


def test_an_unknown_name_brings_up_the_closest() -> None:
    with pytest.raises(UnknownNameError, match="leavers-support-under-25"):
        assumptions().get("leavers-support-under25")
