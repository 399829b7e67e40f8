"""What every YAML file is read by: laws of the values and their lines, and a gallery of broken texts."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

from t4c_lib import yaml_text
from t4c_lib.errors import InputError, Problem
from t4c_lib.filesystem import shipped
from t4c_lib.periods import Month
from t4c_lib.validation_messages import Key, Text, make_model, read_model, reading, refused
from t4c_lib.yaml_text import MOST_LEVELS, Place, RowName, by_line, name_place, read_yaml

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"]), max_size=20)
KEYS = st.from_regex(r"[a-z]{1,8}", fullmatch=True)
SCALARS = WORDS | st.integers(-(10**9), 10**9) | st.booleans() | st.none() | st.dates().map(str)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=15
)
GROUPS = st.dictionaries(KEYS, VALUES, min_size=1, max_size=5)


def dump(content: object) -> str:
    stream = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.dump(content, stream)
    return stream.getvalue()


def places(content: object, place: Place = ()) -> Iterator[Place]:
    yield place
    inner = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for step, part in inner:
        yield from places(part, (*place, step))


def refusal(text: str, **options: Any) -> list[str]:
    """What is said of a text, whether it can't be read at all or is refused afterwards."""
    with pytest.raises(InputError) as caught:
        read_yaml(text, "mine.yaml", **options).refuse()
    assert caught.value.source == "mine.yaml"
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.law
@given(content=GROUPS)
def test_what_is_written_is_read_back(content: dict[str, object]) -> None:
    document = read_yaml(dump(content), "x")
    assert document.content == content
    assert document.problems == ()
    document.refuse()


@pytest.mark.law
@given(content=GROUPS)
def test_every_place_has_the_line_on_which_its_key_stands(content: dict[str, object]) -> None:
    text = dump(content)
    document = read_yaml(text, "x")
    assert set(document.lines) == set(places(content))
    lines = text.split("\n")
    for place, line in document.lines.items():
        if place and isinstance(place[-1], str):
            assert f"{place[-1]}:" in lines[line - 1].replace("'", "").replace('"', "")


@pytest.mark.law
@given(content=GROUPS)
def test_what_stands_deeper_stands_no_higher_in_the_file(content: dict[str, object]) -> None:
    lines = read_yaml(dump(content), "x").lines
    assert all(lines[place[:-1]] <= line for place, line in lines.items() if place)


@pytest.mark.law
@given(keys=st.lists(st.sampled_from("abcde"), min_size=1, max_size=12), depth=st.integers(0, 3))
def test_every_key_that_stands_again_is_found_and_the_first_counts(keys: list[str], depth: int) -> None:
    above = "".join(f"{' ' * level}up{level}:\n" for level in range(depth))
    text = above + "".join(f"{' ' * depth}{key}: {line}\n" for line, key in enumerate(keys))
    document = read_yaml(text, "x")
    again = [index for index, key in enumerate(keys) if key in keys[:index]]
    assert [problem.place.split()[1] for problem in document.problems] == [str(depth + 1 + index) for index in again]
    inner: Any = document.content
    for level in range(depth):
        inner = inner[f"up{level}"]
    assert inner == {key: keys.index(key) for key in keys}


@pytest.mark.law
@given(text=st.text(max_size=40) | st.text("ab:-?[]{}&*!|>'\"%@`#,<~ \n\t0=.", max_size=40))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    told: tuple[Problem, ...] = ()
    lines: object = {}
    try:
        lines = read_yaml(text, "x", aliases=False).lines
    except InputError as error:
        told = error.problems
    assert bool(lines) != bool(told)
    assert all(problem.message for problem in told)


@pytest.mark.law
@given(lines=st.lists(st.integers(0, 200), max_size=20))
def test_problems_are_told_from_the_top_and_those_of_one_line_in_the_order_they_were_found(lines: list[int]) -> None:
    found = [Problem(f"line {line} (x)" if line else "", str(index)) for index, line in enumerate(lines)]
    assert [int(problem.message) for problem in by_line(found)] == sorted(range(len(lines)), key=lines.__getitem__)


@pytest.mark.unit
@pytest.mark.parametrize("written", ["2026-03-31", "2026-02-30", "2026-03", "2026/27", "1:30", "no", "on"])
def test_dates_and_other_words_stay_texts(written: str) -> None:
    assert read_yaml(f"a: {written}", "x").content == {"a": written}


@pytest.mark.unit
def test_keys_are_texts_whatever_they_look_like() -> None:
    content = read_yaml("2026: a\ntrue: b\n~: c\n2026-03-31: d\n<<: {e: 1}", "x").content
    assert content == {"2026": "a", "true": "b", "~": "c", "2026-03-31": "d", "<<": {"e": 1}}


@pytest.mark.unit
def test_an_alias_repeats_a_value_where_a_file_may_have_aliases() -> None:
    document = read_yaml("a: &x {b: [1]}\nc: *x\nd: &y [*y]", "x")
    assert document.content == {"a": {"b": [1]}, "c": {"b": [1]}, "d": [None]}
    assert document.where(("c", "b", 0)) == "line 2 (c, b 1)"


@pytest.mark.unit
def test_where_a_file_may_have_no_aliases_each_is_told_and_what_is_in_them_is_still_checked() -> None:
    assert refusal("a: &x\n  b: 1\n  b: 2\nc: *x\nd: &z 5\n", aliases=False) == [
        "line 1 (a): anchors and aliases (& and *) can't be used in this file. Write it out.",
        "line 3 (a, b): 'b' stands here a second time; the first is in line 2. Keep the one that is meant.",
        "line 4 (c): anchors and aliases (& and *) can't be used in this file. Write it out.",
        "line 5 (d): anchors and aliases (& and *) can't be used in this file. Write it out.",
    ]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the file is empty."),
        ("# only a comment\n", "the file is empty."),
        ("a: 1\n\tb: 2", "There is a tab in this line; indent with blanks."),
        ("a:\n\tb: 2", "line 2, column 1: this is not YAML: found character"),
        ('a: 1\nb: "x\nc: 1', "line 2, column 4: this is not YAML: a quotation mark is opened here and never closed."),
        ('a: "x\nb: "y"\n', "There is a quotation mark too many or too few, in this line or above."),
        ("a: 'it's'\n", "There is a quotation mark too many or too few"),
        ("a: b: c", "line 1, column 5: this is not YAML: mapping values are not allowed here. A text with a colon"),
        ("a:b\nc: 1", "Look here and in the line above for a colon without a blank after it"),
        ("a: 1\n b: 2\n", "or a line indented differently."),
        ("a:\n    b: 1\n  c: 2\n", "line 3, column 3: this is not YAML"),
        ("a: 1\nb: [1\nc: 2", "A bracket is opened in line 2; close it, or put a text with one in quotes."),
        ("a: @x", "A text that begins with @ must stand in quotes."),
        ("a: `x`", "A text that begins with ` must stand in quotes."),
        ("a: %x", "A text that begins with % must stand in quotes."),
        ("a: *x", "line 1, column 4: this is not YAML: found undefined alias 'x'. A text that begins with *"),
        ("a: !x y", "A text that begins with ! must stand in quotes."),
        ("a: !!python/name:os.system x", "line 1 (a): the tag python/name:os.system (!) can't be used in this file."),
        ("a: !!set {b, c}", "line 1 (a): the tag set (!) can't be used in this file."),
        ("a: 1\nb: !!int twelve", "line 2 (b): 'twelve' is no number."),
        ("a: !!bool maybe", "line 1 (a): 'maybe' is no true or false."),
        ("a: !!float ''", "line 1 (a): '' is no number."),
        (f"a: {'9' * 5000}", f"line 1 (a): '{'9' * 60}...' is no number."),
        ("a: 1\n---\nb: 2\n", "A file holds one document: take out the line '---'."),
        ("a: 1\nb: x\x07", "line 2: this is not YAML: the invisible character U+0007 can't stand in a file."),
        ("a:\n  ? [b]\n  : 1", "line 2 (a): a key is a word, not a list or a group."),
        ("a:\n  {b: 1}: 2", "line 2 (a): a key is a word, not a list or a group."),
        ("[" * 3000, "lists or groups are nested far too deep; 50 levels are the most."),
        ("[" * 60 + "]" * 60, "line 1 (1): lists or groups are nested far too deep"),
        (
            "a: 1\na: 2",
            "line 2 (a): 'a' stands here a second time; the first is in line 1. Keep the one that is meant.",
        ),
    ],
)
def test_a_broken_text_is_told_with_its_line_and_the_likely_slip(text: str, told: str) -> None:
    assert told in "\n".join(refusal(text))


@pytest.mark.unit
def test_an_empty_file_is_told_which_keys_it_needs() -> None:
    assert refusal("", needs=("a", "b", "c")) == ["the file is empty. It needs the keys a, b and c."]
    assert refusal("", needs=("a",)) == ["the file is empty. It needs the key a."]


@pytest.mark.unit
def test_as_many_levels_as_are_allowed_are_read() -> None:
    text = "[" * MOST_LEVELS + "1" + "]" * MOST_LEVELS
    assert read_yaml(text, "x").problems == ()
    assert len(refusal(f"[{text}, {text}]")) == 2


@pytest.mark.unit
def test_a_place_is_told_by_its_keys_with_rows_counted_from_one_or_called_by_name() -> None:
    assert name_place(()) == ""
    assert name_place(("plan", "targets", 1, "change", "amount")) == "plan, target 2, change, amount"
    assert name_place((0, 1)) == "1 2"
    rows = {"measures": RowName("measure", ("ref", "part"))}
    content = {"measures": [{"ref": "1m4", "part": "turnover"}, {"ref": "2m1"}, {}, 5]}
    told = [name_place(("measures", index, "kind"), content, rows) for index in range(5)]
    assert told == [
        "measure 1m4-turnover, kind",
        "measure 2m1, kind",
        "measure number 3, kind",
        "measure number 4, kind",
        "measure number 5, kind",
    ]


@pytest.mark.unit
def test_what_is_not_in_the_file_has_the_line_of_the_group_it_belongs_to() -> None:
    document = read_yaml("a: 1\nb:\n  - c: 1\n  - d: 2\n", "x")
    assert document.where(("b", 1, "missing")) == "line 4 (b 2, missing)"
    assert document.where(("nowhere",)) == "line 1 (nowhere)"
    assert document.where(()) == "line 1"


def _no_ones(numbers: tuple[int, ...]) -> tuple[int, ...]:
    wrong = [(index, "no ones here.") for index, number in enumerate(numbers) if number == 1]
    if wrong:
        raise refused("there are ones.", wrong)
    return numbers


class Inner(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Key
    text: Text = "x"
    share: Annotated[float, Field(gt=0, le=1)] | None = None


class Whole(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    month: Annotated[str, AfterValidator(lambda text: reading(lambda: str(Month.parse(text))))] = "2026-03"
    of_what: str = Field(alias="of", default="")
    on: bool = False
    rows: tuple[Inner, ...] = ()
    numbers: Annotated[tuple[int, ...], AfterValidator(_no_ones)] = ()
    inner: Inner | None = None


@pytest.mark.unit
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- 1", "line 1: a group of keys with their values belongs here, not a list."),
        ("just words", "line 1: a group of keys with their values belongs here, not 'just words'."),
        (
            "monht: 2026-03",
            "line 1 (monht): there is no key 'monht' here. Did you mean 'month'? Allowed: month, of, on,",
        ),
        (
            "qqqqqqqq: 1",
            "line 1 (qqqqqqqq): there is no key 'qqqqqqqq' here. Allowed: month, of, on, rows, numbers, inner.",
        ),
        (
            "rows:\n  - key: a\n    txt: b",
            "line 3 (row 1, txt): there is no key 'txt' here. Did you mean 'text'? Allowed: key, text, share.",
        ),
        (
            "inner: {key: a, kee: b}",
            "line 1 (inner, kee): there is no key 'kee' here. Did you mean 'key'? Allowed: key, text, share.",
        ),
        ("rows:\n  - text: b", "line 2 (row 1): 'key' is missing."),
        ("rows:\n  - key: A b", "line 2 (row 1, key): 'A b' has the wrong form. Allowed: small letters, digits"),
        ("inner: {key: a, text: ''}", "line 1 (inner, text): this can't be left empty."),
        ("inner: {key: a, share: 0}", "line 1 (inner, share): a number above 0 belongs here, not 0."),
        ("inner: {key: a, share: 5}", "line 1 (inner, share): a number up to 1 belongs here, not 5."),
        (
            "inner: {key: a, share: 5%}",
            "line 1 (inner, share): a number belongs here, not '5%'. Write a percentage as a fraction: 0.05.",
        ),
        (
            "inner: {key: a, share: '1,710'}",
            "line 1 (inner, share): a number belongs here, not '1,710'. Write it without quotes and commas: 1710.",
        ),
        ("of: 6", "line 1 (of): a text belongs here, not 6. Put it in quotes."),
        ("of:", "line 1 (of): a text belongs here, not nothing."),
        ("of: true", "line 1 (of): a text belongs here, not true. Put it in quotes."),
        ("of: {a: 1}", "line 1 (of): a text belongs here, not a group of keys."),
        ("on: perhaps", "line 1 (on): true or false belongs here, not 'perhaps'."),
        (f"on: {'x' * 99}", f"line 1 (on): true or false belongs here, not '{'x' * 60}...'."),
        ("rows: 5", "line 1 (rows): a list belongs here, not 5."),
        ("numbers: [2, a, 1.5]", "line 1 (number 2): a whole number belongs here, not 'a'."),
        ("numbers: [2, 1, 1]", "line 1 (number 3): no ones here."),
        ("month: 2026-13", "line 1 (month): Month 13 of 2026 does not exist"),
        ("month: 2026-03-31", "line 1 (month): '2026-03-31' is not a month."),
    ],
)
def test_what_a_model_refuses_is_told_with_what_stands_there_and_what_may(text: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        read_model(Whole, read_yaml(text, "x"))
    assert any(str(problem).startswith(told) for problem in caught.value.problems), str(caught.value)


@pytest.mark.unit
def test_duplicates_and_wrong_values_are_told_together_by_line() -> None:
    text = "rows:\n  - key: A\n    key: b\n  - 7\nmonth: soon\nmonth: later\non: 5\n"
    with pytest.raises(InputError) as caught:
        read_model(Whole, read_yaml(text, "x"))
    assert [problem.place for problem in caught.value.problems] == [
        "line 2 (row 1, key)",
        "line 3 (row 1, key)",
        "line 4 (row 2)",
        "line 5 (month)",
        "line 6 (month)",
        "line 7 (on)",
    ]


@pytest.mark.unit
def test_a_sound_text_becomes_the_model() -> None:
    whole = read_model(Whole, read_yaml("month: 2026-04\nof: it\nrows: [{key: a-1}]\n", "x"))
    assert whole == Whole(month="2026-04", of="it", rows=(Inner(key="a-1"),))


@pytest.mark.unit
def test_values_from_a_form_are_refused_in_the_same_words_without_lines() -> None:
    with pytest.raises(InputError) as caught:
        make_model(Whole, {"rows": [{"kee": "a"}], "on": object()}, "the form")
    assert str(caught.value).splitlines() == [
        "the form: 3 problems, nothing was saved",
        "  - on: true or false belongs here, not something else.",
        "  - row 1: 'key' is missing.",
        "  - row 1, kee: there is no key 'kee' here. Did you mean 'key'? Allowed: key, text, share.",
    ]


def read_or_refused(text: str) -> str:
    try:
        read = read_yaml(text, "a file")
    except InputError as error:
        return str(error)
    return repr((read.content, sorted(read.lines.items(), key=repr), read.problems))


@pytest.mark.law
def test_the_quick_parser_reads_what_the_thorough_one_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is typed into a plan or a catalogue: the same values, lines and messages."""
    with_names = Path(yaml_text.__file__).parent.glob("evidence/publications/*.yaml")
    whole = [one.read_text(encoding="utf-8") for one in sorted([*shipped("parameters").glob("*.yaml"), *with_names])]
    texts, drawn = [text.split("\n") for text in whole], random.Random(0)
    typed, quick_nodes, quick = "abc09 \n\t:-'\"[]{}#,|>%@`!?.~=\\é\u2028&*", yaml_text._quick_nodes, []
    for _ in range(1_500):
        lines = drawn.choice(texts)
        start = drawn.randrange(len(lines))
        text = "\n".join(lines[start : start + drawn.randrange(1, 15)])
        for _ in range(drawn.randrange(3)):
            place, gone = drawn.randrange(len(text) + 1), drawn.randrange(4)
            text = text[:place] + drawn.choice(typed) + text[place + gone :]
        quick.append(quick_nodes(text) is not None)
        said = read_or_refused(text)
        monkeypatch.setattr(yaml_text, "_quick_nodes", lambda _: None)
        assert said == read_or_refused(text), text
        monkeypatch.undo()
    assert 300 < sum(quick) < 1_400, "both are tried"


@pytest.mark.unit
@pytest.mark.parametrize("text", ['["a":]', "|#", "! ", "---", "a: \u2028b", "a:\tb"])
def test_what_the_quick_parser_takes_otherwise_is_left_to_the_thorough_one(text: str) -> None:
    assert yaml_text._quick_nodes(text) is None


@pytest.mark.unit
def test_deep_nesting_ends_neither_parser() -> None:
    for text in ("[" * 100_000, "- " * 100_000 + "a", "{a: " * 100_000):
        with pytest.raises(InputError):
            read_yaml(text, "a file")
