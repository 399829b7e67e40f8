"""One name for a group of people, however a plan, a collection workbook or a publication writes it."""

from __future__ import annotations

import pytest

from t4c_lib.evidence.breakdowns import breakdown_of, characteristics, groups_of_people, known_group, parts_of
from t4c_lib.evidence.publications.residents import MAIN_GROUPS
from t4c_lib.evidence.staff_extract.dictionary import dictionary

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("written", "known_as"),
    [
        ("race: Asian", "ethnicity=Asian"),
        ("Race:  asian ", "ethnicity=Asian"),
        ("ethnicity=Asian", "ethnicity=Asian"),
        ("race: Roma", "ethnicity=Roma"),
        ("ethnic group: Asian or Asian British", "ethnicity=Asian"),
        ("race: Asian, Black, mixed and other ethnic groups", "ethnicity=Asian, Black, Mixed, Other"),
        ("race: Black and Asian", "ethnicity=Asian, Black"),
        ("sex: women", "sex=Female"),
        ("women", "sex=Female"),
        ("disability", "disability=Yes"),
        ("disability: with", "disability=Yes"),
        ("religion or belief: Islam", "religion_or_belief=Muslim"),
        ("age: 16 to 24", "age=16-24"),
        ("age: 65 and over", "age=65+"),
        ("level: 3", "level=3+"),
        ("level: 3 or above", "level=3+"),
        ("level: 9", "level=9"),
        ("hair: red", "hair=red"),
        ("night staff", "group=night staff"),
        ("all", "all"),
        ("", "all"),
    ],
)
def test_a_group_has_one_name_whoever_writes_it(written: str, known_as: str) -> None:
    assert breakdown_of(written) == known_as
    assert breakdown_of(known_as) == known_as  # a name is its own


def test_the_parts_of_a_group_that_was_put_together() -> None:
    assert parts_of("ethnicity=Asian, Black") == ("ethnicity=Asian", "ethnicity=Black")
    assert parts_of("ethnicity=Asian") == ("ethnicity=Asian",)
    assert parts_of("all") == ("all",)


def test_every_characteristic_and_answer_is_one_of_the_dictionary_of_staff_extracts() -> None:
    known = {column.column: set(column.choices) for column in dictionary()} | {"age": set(), "level": set()}
    for one in characteristics():
        answers = {answer.name for answer in one.answers}
        assert answers == known[one.name] - {"Not stated"} or not answers, one.name


def test_every_main_group_of_the_census_is_a_group_of_staff() -> None:
    found = [breakdown_of(f"ethnicity: {name}") for name in MAIN_GROUPS]
    assert sorted(found) == [f"ethnicity={name}" for name in ("Asian", "Black", "Mixed", "Other", "White")]


def test_a_plan_chooses_among_groups_that_are_each_one_answer() -> None:
    assert len(groups_of_people()) == len({breakdown_of(one) for one in groups_of_people()})
    for one in groups_of_people():
        assert known_group(one) == one
        assert parts_of(breakdown_of(one)) == (breakdown_of(one),)


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("women", "sex: women"),
        ("Race: asian", "race: Asian"),
        ("disability: Yes", "disability"),
        ("race: Asian and Black", "race: Asian and Black"),
        ("age: 18 to 30", "age: 18 to 30"),
        ("disab", ""),
        ("race", ""),
        ("people from here", ""),
    ],
)
def test_a_text_names_a_group_that_there_is_or_none(text: str, group: str) -> None:
    assert known_group(text) == group
